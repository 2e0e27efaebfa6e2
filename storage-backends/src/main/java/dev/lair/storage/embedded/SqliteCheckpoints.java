package dev.lair.storage.embedded;

import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The rows of the table {@code checkpoint}, one per tree size; which are kept is the caller's rule. */
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

    private static SignedCheckpoint toCheckpoint(ResultSet row) throws SQLException {
        Checkpoint contents =
                new Checkpoint(RootHash.ofBytes(row.getBytes(2)), row.getLong(1), RootHash.ofBytes(row.getBytes(3)));
        return new SignedCheckpoint(
                new TimestampedCheckpoint(contents, row.getLong(4)),
                KeyId.parse(row.getString(5)),
                Signature.parse(row.getString(6)));
    }
}
