package dev.lair.storage.postgres;

import dev.lair.storage.SnapshotNotFoundException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/**
 * Reads the chunks of one snapshot through a cursor, on a session of its own: what the cursor saw when it was opened
 * stays readable when the snapshot is replaced or deleted, and when the pools are closed.
 */
final class SnapshotStream extends InputStream {

    /** A snapshot without bytes has no chunk but is there. */
    private static final String CHUNKS = "SELECT s.size_bytes, c.bytes FROM map_snapshot s"
            + " LEFT JOIN map_snapshot_chunk c ON c.snapshot = s.id WHERE s.tree_size = ? ORDER BY c.n";

    private final Connection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private byte[] chunk;
    private int at;
    private long left;

    private SnapshotStream(Connection connection, PreparedStatement statement, ResultSet rows) throws SQLException {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.left = rows.getLong(1);
        this.chunk = bytes(rows);
    }

    private static byte[] bytes(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes(2);
        return bytes == null ? new byte[0] : bytes;
    }

    /** Opens the snapshot of {@code treeSize}. */
    static SnapshotStream open(Database database, long treeSize) throws SQLException, IOException {
        Connection connection = database.stream();
        SnapshotStream opened = null;
        try {
            // The driver uses a cursor only inside a transaction.
            connection.setAutoCommit(false);
            PreparedStatement statement = connection.prepareStatement(CHUNKS);
            statement.setFetchSize(Limits.CHUNKS_FETCHED);
            statement.setLong(1, treeSize);
            ResultSet rows = statement.executeQuery();
            if (!rows.next()) {
                throw new SnapshotNotFoundException(treeSize);
            }
            opened = new SnapshotStream(connection, statement, rows);
            return opened;
        } finally {
            if (opened == null) {
                connection.close();
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (at == chunk.length && !nextChunk()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, buffer, offset, count);
        at += count;
        left -= count;
        return count;
    }

    private boolean nextChunk() throws IOException {
        try {
            if (!rows.next()) {
                if (left != 0) {
                    throw new EOFException("the snapshot ends " + left + " bytes too early");
                }
                return false;
            }
            chunk = bytes(rows);
            at = 0;
            return chunk.length > 0;
        } catch (SQLException e) {
            throw new IOException("the snapshot cannot be read on: " + e.getMessage(), e);
        }
    }

    @Override
    public int available() {
        return chunk.length - at;
    }

    @Override
    public void close() throws IOException {
        try {
            rows.close();
            statement.close();
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the snapshot could not be closed", e);
        }
    }
}
