package dev.lair.storage.postgres;

import dev.lair.storage.Arguments;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.SnapshotWriter;
import dev.lair.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Map snapshots in chunks of {@value Limits#CHUNK_BYTES} bytes. A save is one transaction, however large: a crash leaves
 * nothing of it. All bytes also go through the server's log and its backups, so a bucket is the better place where there
 * is one.
 */
final class SnapshotTables implements SnapshotStore {

    private final Database database;

    SnapshotTables(Database database) {
        this.database = database;
    }

    @Override
    public void save(long treeSize, SnapshotWriter writer) {
        Arguments.requireNotNegative(treeSize);
        try {
            database.write(connection -> {
                long id = Rows.first(
                                connection,
                                "SELECT nextval('map_snapshot_id')",
                                Rows.Binder.NOTHING,
                                row -> row.getLong(1))
                        .orElseThrow();
                long sizeBytes = SnapshotChunks.write(connection, id, writer);
                // Writers of one size come one after the other, from here to the end of the transaction only.
                Rows.change(connection, "LOCK TABLE map_snapshot IN SHARE ROW EXCLUSIVE MODE", Rows.Binder.NOTHING);
                remove(connection, treeSize);
                return Rows.change(
                        connection,
                        "INSERT INTO map_snapshot (tree_size, id, size_bytes) VALUES (?, ?, ?)",
                        statement -> {
                            statement.setLong(1, treeSize);
                            statement.setLong(2, id);
                            statement.setLong(3, sizeBytes);
                        });
            });
        } catch (SnapshotChunks.WriterFailedException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " could not be written", e.failure());
        }
    }

    private static int remove(Connection connection, long treeSize) throws SQLException {
        return Rows.change(
                connection,
                "WITH gone AS (DELETE FROM map_snapshot WHERE tree_size = ? RETURNING id)"
                        + " DELETE FROM map_snapshot_chunk USING gone WHERE snapshot = gone.id",
                statement -> statement.setLong(1, treeSize));
    }

    @Override
    public NavigableSet<Long> sizes() {
        return new TreeSet<>(
                Rows.all(database, "SELECT tree_size FROM map_snapshot", Rows.Binder.NOTHING, row -> row.getLong(1)));
    }

    @Override
    public InputStream open(long treeSize) {
        try {
            return SnapshotStream.open(database, treeSize);
        } catch (SQLException | IOException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " cannot be read", e);
        }
    }

    @Override
    public void delete(long treeSize) {
        database.write(connection -> remove(connection, treeSize));
    }
}
