package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * A range of an object as a stream. Where the connection breaks, or ends early without an error as HTTP connections do,
 * the rest is asked for again: {@value Limits#RESUMES} times for one stream. The connection is given back at the end of
 * the range, so a reader that forgets to close a stream it has read holds nothing. For one thread.
 */
final class RangeStream extends InputStream {

    /** Asks for the rest of the range. */
    @FunctionalInterface
    interface Rest {
        /** The bytes from {@code position} to the range's end; empty when the object is gone. */
        @Nullable
        ResponseInputStream<?> from(long position);
    }

    private final String name;
    private final Rest rest;
    private final Runnable release;
    private final long end;
    private long position;
    private @Nullable ResponseInputStream<?> connection;
    private int resumesLeft = Limits.RESUMES;
    private boolean closed;

    /**
     * Takes over an open connection.
     *
     * @param name for messages
     * @param release runs once, when no connection is needed any more
     */
    RangeStream(String name, ResponseInputStream<?> first, long offset, long length, Rest rest, Runnable release) {
        this.name = name;
        this.connection = first;
        this.position = offset;
        this.end = offset + length;
        this.rest = rest;
        this.release = release;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        if (closed) {
            throw new IOException(name + ": the stream is closed");
        }
        int wanted = (int) Math.min(length, end - position);
        int count = readOrResume(bytes, offset, wanted);
        position += count;
        if (position == end) {
            close();
        }
        return count;
    }

    private int readOrResume(byte[] bytes, int offset, int wanted) throws IOException {
        IOException failure = null;
        while (true) {
            if (failure != null) {
                drop();
                if (resumesLeft == 0) {
                    throw failure;
                }
                resumesLeft--;
            }
            try {
                int count = connection().read(bytes, offset, wanted);
                if (count > 0) {
                    return count;
                }
                failure = new IOException(name + " ended after " + position + " of " + end + " bytes");
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    private ResponseInputStream<?> connection() throws IOException {
        ResponseInputStream<?> open = connection;
        if (open == null) {
            try {
                open = rest.from(position);
            } catch (StorageException e) {
                resumesLeft = 0;
                throw new IOException(name + " broke off after " + position + " bytes", e);
            }
            if (open == null) {
                resumesLeft = 0;
                throw new IOException(name + " was deleted or replaced while it was read");
            }
            connection = open;
        }
        return open;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = Math.max(0, Math.min(count, end - position));
        if (skipped > Limits.SKIP_BYTES) {
            drop();
            position += skipped;
        } else {
            byte[] dropped = new byte[(int) skipped];
            long target = position + skipped;
            while (position < target) {
                if (read(dropped, 0, (int) (target - position)) < 0) {
                    throw new IOException(name + ": the stream is closed");
                }
            }
        }
        if (position == end) {
            close();
        }
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }

    /** Gives the connection up; the rest of the answer is not waited for. */
    private void drop() {
        ResponseInputStream<?> open = connection;
        connection = null;
        if (open != null) {
            open.abort();
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ResponseInputStream<?> open = connection;
            if (open != null && position == end) {
                // Read to its end, so the connection can serve the next request.
                connection = null;
                open.close();
            } else {
                drop();
            }
        } finally {
            release.run();
        }
    }
}
