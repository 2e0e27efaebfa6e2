package dev.lair.storage.postgres;

import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.CheckpointRule;
import dev.lair.storage.LedgerState;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints, one row per tree size for ever, and the one row with the notes of the newest. That row's lock puts the
 * publications of all nodes in an order; each is checked against the one before it, inside its transaction.
 */
final class PublicationTables {

    private static final String CHECKPOINT =
            "SELECT c.size, c.root, c.map_root, c.epoch_seconds, c.key_id, c.signature FROM checkpoint c ";

    /** Without notes when they are those of another checkpoint. */
    private static final String NEWEST = """
            SELECT c.size, c.root, c.map_root, c.epoch_seconds, c.key_id, c.signature,
                   p.log_note, p.evidence_size, p.evidence_note
            FROM checkpoint c LEFT JOIN publication p ON p.size = c.size ORDER BY c.size DESC LIMIT 1
            """;

    private static final String PUBLISH = """
            INSERT INTO checkpoint (size, root, map_root, epoch_seconds, key_id, signature) VALUES (?, ?, ?, ?, ?, ?)
              ON CONFLICT (size) DO UPDATE SET root = excluded.root, map_root = excluded.map_root,
                epoch_seconds = excluded.epoch_seconds, key_id = excluded.key_id, signature = excluded.signature;
            UPDATE publication SET size = ?, log_note = ?, evidence_size = ?, evidence_note = ? WHERE id = 1
            """;

    private record Newest(
            SignedCheckpoint checkpoint, @Nullable PublishedNotes notes) {}

    private final Database database;
    private final StateRow<LedgerState> ledger;
    private final StateRow<Frontier> evidence;
    private final StateRow<Optional<Newest>> newest;
    private final Gathering<Long, Optional<SignedCheckpoint>> checkpoints;

    PublicationTables(Database database, StateRow<LedgerState> ledger, StateRow<Frontier> evidence) {
        this.database = database;
        this.ledger = ledger;
        this.evidence = evidence;
        this.newest = new StateRow<>(database, PublicationTables::readNewest);
        this.checkpoints = database.gatheredReads(this::allCheckpoints);
    }

    private static Optional<Newest> readNewest(Connection connection, String lock) throws SQLException {
        if (!lock.isEmpty()) {
            // First the lock, then what it guards: a statement that waits for a lock has chosen the rows of other
            // tables before.
            Rows.all(connection, "SELECT id FROM publication WHERE id = 1" + lock, Rows.Binder.NOTHING, row -> 1);
        }
        return Rows.first(connection, NEWEST, Rows.Binder.NOTHING, row -> {
            String log = row.getString(7);
            String note = row.getString(9);
            PublishedNotes notes = log == null || note == null ? null : new PublishedNotes(log, row.getLong(8), note);
            return new Newest(toCheckpoint(row), notes);
        });
    }

    void publish(Publication publication) {
        newest.write(connection -> {
            Newest before = newest.lock(connection).orElse(null);
            CheckpointRule.require(
                    publication,
                    ledger.peek(connection),
                    evidence.peek(connection).treeSize(),
                    before == null ? null : before.checkpoint(),
                    before == null || before.notes() == null
                            ? 0
                            : before.notes().evidenceSize());
            return save(connection, publication);
        });
    }

    private static int save(Connection connection, Publication publication) throws SQLException {
        SignedCheckpoint checkpoint = publication.checkpoint();
        Checkpoint contents = checkpoint.contents().checkpoint();
        PublishedNotes notes = publication.notes();
        return Rows.change(connection, PUBLISH, statement -> {
            statement.setLong(1, contents.logLength());
            statement.setBytes(2, contents.logRoot().bytes());
            statement.setBytes(3, contents.mapRoot().bytes());
            statement.setLong(4, checkpoint.contents().epochSeconds());
            statement.setString(5, checkpoint.keyId().toString());
            statement.setString(6, checkpoint.signature().text());
            statement.setLong(7, contents.logLength());
            statement.setString(8, notes.log());
            statement.setLong(9, notes.evidenceSize());
            statement.setString(10, notes.evidence());
        });
    }

    Optional<Publication> latest() {
        return newest.read().flatMap(found -> {
            PublishedNotes notes = found.notes();
            return notes == null ? Optional.empty() : Optional.of(new Publication(found.checkpoint(), notes));
        });
    }

    Optional<SignedCheckpoint> checkpoint(long treeSize) {
        return checkpoints.ask(treeSize);
    }

    private List<Optional<SignedCheckpoint>> allCheckpoints(List<Long> sizes) {
        Map<Long, SignedCheckpoint> found = Rows.byKey(
                Rows.all(
                        database,
                        CHECKPOINT + "WHERE c.size = ANY (?)",
                        statement -> Column.ofLongs(statement, 1, sizes, size -> size),
                        PublicationTables::toCheckpoint),
                checkpoint -> checkpoint.contents().checkpoint().logLength());
        return sizes.stream().map(size -> Optional.ofNullable(found.get(size))).toList();
    }

    List<SignedCheckpoint> from(long treeSize, int limit) {
        return Rows.all(
                database,
                CHECKPOINT + "WHERE c.size >= ? ORDER BY c.size LIMIT ?",
                statement -> {
                    statement.setLong(1, treeSize);
                    statement.setInt(2, limit);
                },
                PublicationTables::toCheckpoint);
    }

    List<SignedCheckpoint> latest(int limit) {
        return Rows.all(
                database,
                CHECKPOINT + "ORDER BY c.size DESC LIMIT ?",
                statement -> statement.setInt(1, limit),
                PublicationTables::toCheckpoint);
    }

    private static SignedCheckpoint toCheckpoint(ResultSet row) throws SQLException {
        Checkpoint contents =
                new Checkpoint(RootHash.ofBytes(row.getBytes(2)), row.getLong(1), RootHash.ofBytes(row.getBytes(3)));
        return new SignedCheckpoint(
                new TimestampedCheckpoint(contents, row.getLong(4)),
                KeyId.parse(row.getString(5)),
                Signature.parse(row.getString(6)));
    }
}
