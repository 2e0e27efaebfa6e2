package dev.lair.storage.registry;

import dev.lair.storage.registry.CatalogRows.ChangeKind;
import dev.lair.storage.registry.CatalogRows.DependencyRow;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.State;
import dev.lair.transparency.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes the catalog. What was read from the ledger, the rows that follow from it and how far it was read are one transaction:
 * a crash leaves all of a step or nothing, and two nodes that take the same step write it once.
 */
public final class CatalogWriting {

    /** What a record says. */
    public sealed interface News permits NewRelease, NewYank {}

    /**
     * A release that a record says.
     *
     * @param sizeBytes -1 when its content is lost
     */
    public record NewRelease(
            String packageName,
            String namespace,
            String version,
            Digest digest,
            long sizeBytes,
            String kind,
            String recordId,
            long leafIndex,
            String keyId,
            Instant releasedAt,
            String description,
            List<NewUse> uses,
            List<DependencyRow> dependencies)
            implements News {}

    /**
     * An interface that a release has to do with.
     *
     * @param item {@code ns:pkg/iface}
     * @param named with its version
     */
    public record NewUse(String item, String track, Role role, String named) {}

    /** A yank that a record says. */
    public record NewYank(String packageName, String version, long leafIndex) implements News {}

    /** Says which version one takes who names none. */
    @FunctionalInterface
    public interface Latest {

        /** Of versions that are not yanked; empty when there is none. */
        String of(List<String> versions);
    }

    private final Sql sql;
    private final CatalogRows rows;

    CatalogWriting(Sql sql, CatalogRows rows) {
        this.sql = sql;
        this.rows = rows;
    }

    /** Notes that the ledger was read up to here; false when somebody else went on from {@code before} meanwhile. */
    public boolean advance(State before, long leaves, String lastRecord) {
        return sql.change(
                        "UPDATE catalog_state SET leaves = ?, last_record = ? WHERE id = 1 AND leaves = ? AND last_record = ?",
                        leaves,
                        lastRecord,
                        before.leaves(),
                        before.lastRecord())
                == 1;
    }

    /** Adds a release, with its change. */
    public void release(NewRelease release, Latest latest) {
        State state = rows.state();
        long number = state.releases();
        sql.change(
                "INSERT INTO catalog_release (number, package, version, digest, size_bytes, kind, record_id, leaf_index,"
                        + " key_id, released_at, yanked_at, deprecated, description)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, -1, 0, ?)",
                number,
                release.packageName(),
                release.version(),
                release.digest(),
                release.sizeBytes(),
                release.kind(),
                release.recordId(),
                release.leafIndex(),
                release.keyId(),
                release.releasedAt(),
                release.description());
        for (NewUse use : release.uses()) {
            sql.change(
                    "INSERT INTO catalog_use (interface, track, number, role, named, release) VALUES (?, ?, ?, ?, ?, ?)",
                    use.item(),
                    use.track(),
                    rows.uses(use.item(), use.track()),
                    use.role(),
                    use.named(),
                    number);
        }
        int place = 0;
        for (DependencyRow dependency : release.dependencies()) {
            sql.change(
                    "INSERT INTO catalog_dependency (release, place, target, version, how) VALUES (?, ?, ?, ?, ?)",
                    number,
                    place++,
                    dependency.target(),
                    dependency.version(),
                    Sql.joined(dependency.how()));
        }
        packageOf(release, number, latest);
        change(
                state.changes(),
                ChangeKind.RELEASE,
                release.packageName(),
                release.version(),
                release.digest(),
                release.leafIndex());
        sql.change("UPDATE catalog_state SET releases = ? WHERE id = 1", number + 1);
    }

    private void packageOf(NewRelease release, long number, Latest latest) {
        Optional<String> known = sql.first(
                "SELECT latest_version FROM catalog_package WHERE name = ?",
                row -> row.getString(1),
                release.packageName());
        if (known.isEmpty()) {
            sql.change(
                    "INSERT INTO catalog_package (name, namespace, first_release, newest_release, releases, latest_version)"
                            + " VALUES (?, ?, ?, ?, 1, ?)",
                    release.packageName(),
                    release.namespace(),
                    number,
                    number,
                    release.version());
            return;
        }
        // The latest of all is the later of the latest so far and this one: others need not be read.
        List<String> candidates =
                known.get().isEmpty() ? List.of(release.version()) : List.of(known.get(), release.version());
        sql.change(
                "UPDATE catalog_package SET newest_release = ?, releases = releases + 1, latest_version = ?"
                        + " WHERE name = ?",
                number,
                latest.of(candidates),
                release.packageName());
    }

    /** Notes a yank, with its change. Of what is not there nothing is noted. */
    public void yank(NewYank yank, Latest latest) {
        Optional<Digest> digest = sql.first(
                "SELECT digest FROM catalog_release WHERE package = ? AND version = ? AND yanked_at = -1",
                row -> Sql.digest(row, "digest"),
                yank.packageName(),
                yank.version());
        if (digest.isEmpty()) {
            return;
        }
        sql.change(
                "UPDATE catalog_release SET yanked_at = ? WHERE package = ? AND version = ?",
                yank.leafIndex(),
                yank.packageName(),
                yank.version());
        List<String> left = sql.all(
                "SELECT version FROM catalog_release WHERE package = ? AND yanked_at = -1",
                row -> row.getString(1),
                yank.packageName());
        sql.change("UPDATE catalog_package SET latest_version = ? WHERE name = ?", latest.of(left), yank.packageName());
        change(
                rows.state().changes(),
                ChangeKind.YANK,
                yank.packageName(),
                yank.version(),
                digest.get(),
                yank.leafIndex());
    }

    private void change(
            long number, ChangeKind kind, String packageName, String version, Digest digest, long leafIndex) {
        sql.change(
                "INSERT INTO catalog_change (number, kind, package, version, digest, leaf_index)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                number,
                kind,
                packageName,
                version,
                digest,
                leafIndex);
        sql.change("UPDATE catalog_state SET changes = ? WHERE id = 1", number + 1);
    }

    /** Forgets everything, to be read from the ledger again. */
    public void clear() {
        for (String table : RegistryCopy.DERIVED) {
            if (!table.equals("catalog_state")) {
                sql.change("DELETE FROM " + table);
            }
        }
        sql.change("UPDATE catalog_state SET leaves = 0, last_record = '', releases = 0, changes = 0 WHERE id = 1");
    }
}
