package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the published records say, as rows that can be searched and paged: derived from the ledger in leaf order by
 * {@link CatalogWriting}. Lists are paged by numbers: {@code below} is {@link Long#MAX_VALUE} for the first page, and the last
 * number of a page for the next.
 */
public final class CatalogRows {

    /**
     * How far the ledger was read.
     *
     * @param leaves that were read
     * @param lastRecord record id of the last of them; empty before the first
     * @param releases releases among them
     * @param changes changes among them
     */
    public record State(long leaves, String lastRecord, long releases, long changes) {}

    /**
     * A package.
     *
     * @param newestRelease number of its newest release; no two packages have the same
     * @param latestVersion the highest that is neither yanked nor a pre-release, else the highest that is not yanked; empty
     *     when all are
     * @param kind of that, or of its newest release; so is the description
     * @param newestAt when the newest release was made
     */
    public record PackageRow(
            String name,
            String namespace,
            long newestRelease,
            long releases,
            String latestVersion,
            String newestVersion,
            String kind,
            String description,
            Instant newestAt) {}

    /**
     * A release.
     *
     * @param number from 0, without gaps, in the order of the ledger
     * @param sizeBytes -1 when its content is lost
     * @param kind {@code unknown} when its content is lost
     * @param releasedAt as its author says
     * @param yankedAt leaf of the record that yanked it; -1 when none did
     */
    public record ReleaseRow(
            long number,
            String packageName,
            String version,
            Digest digest,
            long sizeBytes,
            String kind,
            String recordId,
            long leafIndex,
            String keyId,
            Instant releasedAt,
            long yankedAt,
            boolean deprecated,
            String description) {

        public boolean isYanked() {
            return yankedAt >= 0;
        }
    }

    /** What a release does with an interface. */
    public enum Role {
        EXPORTS,
        IMPORTS,
        DEFINES
    }

    /**
     * A release that has to do with an interface.
     *
     * @param number dense for each interface and track, from 0
     * @param named the interface with its version, as the release names it
     */
    public record UseRow(
            long number, Role role, String named, String packageName, String version, long leafIndex, boolean yanked) {}

    /**
     * A package that a release refers to.
     *
     * @param target {@code ns:name}
     * @param version empty when none is named
     * @param how any of {@code used}, {@code imported}, {@code exported}
     */
    public record DependencyRow(String target, String version, List<String> how) {}

    /**
     * A release that refers to a package.
     *
     * @param number of the release
     * @param place among what it refers to
     * @param wanted version that it names; empty when it names none
     */
    public record DependantRow(
            long number,
            long place,
            String packageName,
            String version,
            boolean yanked,
            String wanted,
            List<String> how) {}

    /** What happened. */
    public enum ChangeKind {
        RELEASE,
        YANK
    }

    /** One change. */
    public record ChangeRow(
            long number, ChangeKind kind, String packageName, String version, Digest digest, long leafIndex) {}

    private static final String PACKAGE =
            "SELECT p.name, p.namespace, p.newest_release, p.releases, p.latest_version, n.version AS newest_version,"
                    + " coalesce(l.kind, n.kind) AS kind, coalesce(l.description, n.description) AS description,"
                    + " n.released_at FROM catalog_package p"
                    + " JOIN catalog_release n ON n.number = p.newest_release"
                    + " LEFT JOIN catalog_release l ON l.package = p.name AND l.version = p.latest_version";

    private static final String RELEASE = "SELECT number, package, version, digest, size_bytes, kind, record_id,"
            + " leaf_index, key_id, released_at, yanked_at, deprecated, description FROM catalog_release";

    private static final String USE =
            "SELECT u.number, u.role, u.named, r.package, r.version, r.leaf_index, r.yanked_at"
                    + " FROM catalog_use u JOIN catalog_release r ON r.number = u.release";

    private final Sql sql;

    CatalogRows(Sql sql) {
        this.sql = sql;
    }

    /** What is written in the same transaction. */
    public CatalogWriting writing() {
        return new CatalogWriting(sql, this);
    }

    /** How far the ledger was read. */
    public State state() {
        return sql.first(
                        "SELECT leaves, last_record, releases, changes FROM catalog_state WHERE id = 1",
                        row -> new State(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4)))
                .orElse(new State(0, "", 0, 0));
    }

    /** The package of a name. */
    public Optional<PackageRow> find(String name) {
        return sql.first(PACKAGE + " WHERE p.name = ?", CatalogRows::packageRow, name);
    }

    /** Packages by their newest release, newest first. */
    public List<PackageRow> newest(long below, int limit) {
        return sql.all(
                PACKAGE + " WHERE p.newest_release < ? ORDER BY p.newest_release DESC LIMIT ?",
                CatalogRows::packageRow,
                below,
                limit);
    }

    /** The same of a namespace. */
    public List<PackageRow> newestOf(String namespace, long below, int limit) {
        return sql.all(
                PACKAGE + " WHERE p.namespace = ? AND p.newest_release < ? ORDER BY p.newest_release DESC LIMIT ?",
                CatalogRows::packageRow,
                namespace,
                below,
                limit);
    }

    /** One release. */
    public Optional<ReleaseRow> release(String name, String version) {
        return sql.first(RELEASE + " WHERE package = ? AND version = ?", CatalogRows::releaseRow, name, version);
    }

    /** Releases of a package, newest first. */
    public List<ReleaseRow> releases(String name, long below, int limit) {
        return sql.all(
                RELEASE + " WHERE package = ? AND number < ? ORDER BY number DESC LIMIT ?",
                CatalogRows::releaseRow,
                name,
                below,
                limit);
    }

    /** Releases of all packages, newest first. */
    public List<ReleaseRow> newestReleases(long below, int limit) {
        return sql.all(
                RELEASE + " WHERE number < ? ORDER BY number DESC LIMIT ?", CatalogRows::releaseRow, below, limit);
    }

    /** Interfaces that a release exports, imports or defines, in order of role and name. */
    public List<UseRow> usesOf(String name, String version) {
        return sql.all(
                USE + " WHERE u.release = (SELECT number FROM catalog_release WHERE package = ? AND version = ?)"
                        + " ORDER BY u.role, u.named",
                CatalogRows::useRow,
                name,
                version);
    }

    /** The same by interface and track. */
    public List<InterfaceRow> itemsOf(String name, String version) {
        return sql.all(
                "SELECT interface, track, count(*) FROM catalog_use"
                        + " WHERE release = (SELECT number FROM catalog_release WHERE package = ? AND version = ?)"
                        + " GROUP BY interface, track ORDER BY interface, track",
                row -> new InterfaceRow(row.getString(1), row.getString(2), row.getLong(3)),
                name,
                version);
    }

    /** How many lines an interface has on a track. */
    public long uses(String item, String track) {
        return sql.count(
                "SELECT coalesce(max(number), -1) + 1 FROM catalog_use WHERE interface = ? AND track = ?", item, track);
    }

    /** How many of them are of records below a leaf. */
    public long usesBelow(String item, String track, long leaf) {
        return sql.count(
                "SELECT count(*) FROM catalog_use u JOIN catalog_release r ON r.number = u.release"
                        + " WHERE u.interface = ? AND u.track = ? AND r.leaf_index < ?",
                item,
                track,
                leaf);
    }

    /** How many changes are of records below a leaf. */
    public long changesBelow(long leaf) {
        return sql.count("SELECT count(*) FROM catalog_change WHERE leaf_index < ?", leaf);
    }

    /** Lines {@code [from, until)} of an interface on a track, newest first. */
    public List<UseRow> uses(String item, String track, long from, long until) {
        return sql.all(
                USE + " WHERE u.interface = ? AND u.track = ? AND u.number >= ? AND u.number < ?"
                        + " ORDER BY u.number DESC",
                CatalogRows::useRow,
                item,
                track,
                from,
                until);
    }

    /** Those of one role, newest first. */
    public List<UseRow> users(String item, String track, Role role, long below, int limit) {
        return sql.all(
                USE + " WHERE u.interface = ? AND u.track = ? AND u.role = ? AND u.number < ?"
                        + " ORDER BY u.number DESC LIMIT ?",
                CatalogRows::useRow,
                item,
                track,
                role,
                below,
                limit);
    }

    /** Tracks of an interface. */
    public List<String> tracks(String item) {
        return sql.all(
                "SELECT DISTINCT track FROM catalog_use WHERE interface = ? ORDER BY track",
                row -> row.getString(1),
                item);
    }

    /** An interface on a track that somebody names. */
    public record InterfaceRow(String item, String track, long uses) {}

    /** Interfaces behind one, in their order. */
    public List<InterfaceRow> interfaces(String afterItem, String afterTrack, int limit) {
        return sql.all(
                "SELECT interface, track, count(*) AS uses FROM catalog_use"
                        + " WHERE interface > ? OR (interface = ? AND track > ?)"
                        + " GROUP BY interface, track ORDER BY interface, track LIMIT ?",
                row -> new InterfaceRow(row.getString(1), row.getString(2), row.getLong(3)),
                afterItem,
                afterItem,
                afterTrack,
                limit);
    }

    /** What a release refers to, in its own order. */
    public List<DependencyRow> dependencies(long release) {
        return sql.all(
                "SELECT target, version, how FROM catalog_dependency WHERE release = ? ORDER BY place",
                row -> new DependencyRow(row.getString("target"), row.getString("version"), Sql.words(row, "how")),
                release);
    }

    /** What all releases of a package refer to, by the number of the release. */
    public Map<Long, List<DependencyRow>> dependenciesOf(String name) {
        Map<Long, List<DependencyRow>> found = new HashMap<>();
        sql.all(
                "SELECT d.release, d.target, d.version, d.how FROM catalog_release r"
                        + " JOIN catalog_dependency d ON d.release = r.number WHERE r.package = ?"
                        + " ORDER BY d.release, d.place",
                row -> found.computeIfAbsent(row.getLong("release"), release -> new ArrayList<>())
                        .add(new DependencyRow(
                                row.getString("target"), row.getString("version"), Sql.words(row, "how"))),
                name);
        return found;
    }

    /**
     * Releases that refer to a package, newest first; one that names two versions of it is there twice. The first page is
     * behind release {@link Long#MAX_VALUE}.
     */
    public List<DependantRow> dependants(String target, long afterRelease, long afterPlace, int limit) {
        return sql.all(
                "SELECT d.release, d.place, r.package, r.version, r.yanked_at, d.version AS wanted, d.how"
                        + " FROM catalog_dependency d JOIN catalog_release r ON r.number = d.release"
                        + " WHERE d.target = ? AND (d.release < ? OR (d.release = ? AND d.place > ?))"
                        + " ORDER BY d.release DESC, d.place LIMIT ?",
                row -> new DependantRow(
                        row.getLong("release"),
                        row.getLong("place"),
                        row.getString("package"),
                        row.getString("version"),
                        row.getLong("yanked_at") >= 0,
                        row.getString("wanted"),
                        Sql.words(row, "how")),
                target,
                afterRelease,
                afterRelease,
                afterPlace,
                limit);
    }

    /** How many packages have a release that refers to a package. */
    public long dependantPackages(String target) {
        return sql.count(
                "SELECT count(DISTINCT r.package) FROM catalog_dependency d JOIN catalog_release r ON r.number = d.release"
                        + " WHERE d.target = ?",
                target);
    }

    /** Changes {@code [from, until)}, the oldest first. */
    public List<ChangeRow> changes(long from, long until) {
        return sql.all(
                "SELECT number, kind, package, version, digest, leaf_index FROM catalog_change"
                        + " WHERE number >= ? AND number < ? ORDER BY number",
                row -> new ChangeRow(
                        row.getLong("number"),
                        Sql.word(row, "kind", ChangeKind.class),
                        row.getString("package"),
                        row.getString("version"),
                        Sql.digest(row, "digest"),
                        row.getLong("leaf_index")),
                from,
                until);
    }

    private static PackageRow packageRow(ResultSet row) throws SQLException {
        return new PackageRow(
                row.getString("name"),
                row.getString("namespace"),
                row.getLong("newest_release"),
                row.getLong("releases"),
                row.getString("latest_version"),
                row.getString("newest_version"),
                row.getString("kind"),
                row.getString("description"),
                Sql.time(row, "released_at"));
    }

    private static ReleaseRow releaseRow(ResultSet row) throws SQLException {
        return new ReleaseRow(
                row.getLong("number"),
                row.getString("package"),
                row.getString("version"),
                Sql.digest(row, "digest"),
                row.getLong("size_bytes"),
                row.getString("kind"),
                row.getString("record_id"),
                row.getLong("leaf_index"),
                row.getString("key_id"),
                Sql.time(row, "released_at"),
                row.getLong("yanked_at"),
                Sql.flag(row, "deprecated"),
                row.getString("description"));
    }

    private static UseRow useRow(ResultSet row) throws SQLException {
        return new UseRow(
                row.getLong("number"),
                Sql.word(row, "role", Role.class),
                row.getString("named"),
                row.getString("package"),
                row.getString("version"),
                row.getLong("leaf_index"),
                row.getLong("yanked_at") >= 0);
    }
}
