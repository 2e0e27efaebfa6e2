package dev.lair.storage.embedded;

import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The rows of the table {@code checkpoint}, one per tree size, and the one row of {@code publication} with the notes of
 * the newest; which are kept is the caller's rule.
 */
final class SqliteCheckpoints {

    private static final String CHECKPOINT =
            "SELECT size, root, map_root, epoch_seconds, key_id, signature FROM checkpoint ";

    private SqliteCheckpoints() {}

    static void save(Connection connection, SignedCheckpoint checkpoint) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO checkpoint (size, root, map_root, epoch_seconds, key_id, signature)"
                        + " VALUES (?, ?, ?, ?, ?, ?)")) {
            Checkpoint contents = checkpoint.contents().checkpoint();
            statement.setLong(1, contents.logLength());
            statement.setBytes(2, contents.logRoot().bytes());
            statement.setBytes(3, contents.mapRoot().bytes());
            statement.setLong(4, checkpoint.contents().epochSeconds());
            statement.setString(5, checkpoint.keyId().toString());
            statement.setString(6, checkpoint.signature().text());
            statement.executeUpdate();
        }
    }

    static List<SignedCheckpoint> from(Connection connection, long treeSize, int limit) throws SQLException {
        return Rows.all(
                connection,
                CHECKPOINT + "WHERE size >= ? ORDER BY size LIMIT ?",
                statement -> {
                    statement.setLong(1, treeSize);
                    statement.setInt(2, limit);
                },
                SqliteCheckpoints::toCheckpoint);
    }

    static List<SignedCheckpoint> latest(Connection connection, int limit) throws SQLException {
        return Rows.all(
                connection,
                CHECKPOINT + "ORDER BY size DESC LIMIT ?",
                statement -> statement.setInt(1, limit),
                SqliteCheckpoints::toCheckpoint);
    }

    static void saveNotes(Connection connection, Publication publication) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO publication (id, size, log_note, evidence_size, evidence_note)"
                        + " VALUES (1, ?, ?, ?, ?)")) {
            statement.setLong(1, publication.treeSize());
            statement.setString(2, publication.notes().log());
            statement.setLong(3, publication.notes().evidenceSize());
            statement.setString(4, publication.notes().evidence());
            statement.executeUpdate();
        }
    }

    /** Leaves of the evidence log that the served note covers, 0 when none is served. */
    static long publishedEvidence(Connection connection) throws SQLException {
        return Rows.all(
                        connection,
                        "SELECT evidence_size FROM publication WHERE id = 1",
                        Rows.Binder.NOTHING,
                        row -> row.getLong(1))
                .stream()
                .findFirst()
                .orElse(0L);
    }

    /** Notes of another size than the newest checkpoint's are left from before a version that makes none. */
    static Optional<Publication> latestPublication(Connection connection) throws SQLException {
        return Rows.all(
                        connection,
                        "SELECT c.size, c.root, c.map_root, c.epoch_seconds, c.key_id, c.signature,"
                                + " p.log_note, p.evidence_size, p.evidence_note"
                                + " FROM publication p JOIN checkpoint c ON c.size = p.size"
                                + " WHERE p.id = 1 AND p.size = (SELECT max(size) FROM checkpoint)",
                        Rows.Binder.NOTHING,
                        row -> new Publication(
                                toCheckpoint(row),
                                new PublishedNotes(row.getString(7), row.getLong(8), row.getString(9))))
                .stream()
                .findFirst();
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
