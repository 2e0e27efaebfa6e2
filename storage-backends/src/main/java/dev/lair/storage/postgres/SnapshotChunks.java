package dev.lair.storage.postgres;

import dev.lair.storage.SnapshotWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;

/** Cuts the bytes of a snapshot into rows as they come. */
final class SnapshotChunks extends OutputStream {

    private final PreparedStatement insert;
    private final byte[] chunk = new byte[Limits.CHUNK_BYTES];
    private int filled;
    private int count;
    private long sizeBytes;

    private SnapshotChunks(PreparedStatement insert) {
        this.insert = insert;
    }

    /** The maker of the bytes failed, not the database. */
    static final class WriterFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final IOException failure;

        WriterFailedException(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    /** A row could not be inserted: on its way through the maker of the bytes. */
    private static final class RowFailedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final SQLException failure;

        RowFailedException(SQLException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** Inserts all that {@code writer} writes and answers how many bytes. */
    static long write(Connection connection, long snapshot, SnapshotWriter writer) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO map_snapshot_chunk (snapshot, n, bytes) VALUES (?, ?, ?)")) {
            insert.setLong(1, snapshot);
            SnapshotChunks chunks = new SnapshotChunks(insert);
            writer.write(chunks);
            chunks.insertChunk();
            return chunks.sizeBytes;
        } catch (RowFailedException e) {
            throw e.failure;
        } catch (IOException e) {
            throw new WriterFailedException(e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int count = Math.min(end - at, chunk.length - filled);
            System.arraycopy(bytes, at, chunk, filled, count);
            filled += count;
            at += count;
            if (filled == chunk.length) {
                insertChunk();
            }
        }
    }

    private void insertChunk() throws RowFailedException {
        if (filled == 0) {
            return;
        }
        try {
            insert.setInt(2, count);
            insert.setBytes(3, filled == chunk.length ? chunk : Arrays.copyOf(chunk, filled));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new RowFailedException(e);
        }
        count++;
        sizeBytes += filled;
        filled = 0;
    }
}
