package dev.lair.storage;

import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads a content once, hashes it on the way and stops at a limit. Every {@link ContentStore} reads uploads through
 * this, so that no backend can keep bytes that it did not check.
 */
public final class IncomingContent {

    private final Digest expected;
    private final InputStream in;
    private final long maxBytes;
    private final MessageDigest sha256;
    private long sizeBytes;

    public IncomingContent(Digest expected, InputStream in, long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a limit is 0 or more bytes, not " + maxBytes);
        }
        this.expected = expected;
        this.in = in;
        this.maxBytes = maxBytes;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Reads the next bytes into {@code buffer} and answers how many; -1 at the end.
     *
     * @throws IOException when the source failed
     * @throws ContentTooLargeException when the source has more than the limit
     */
    public int read(byte[] buffer) throws IOException, ContentTooLargeException {
        int count = in.read(buffer);
        if (count > 0) {
            sizeBytes += count;
            if (sizeBytes > maxBytes) {
                throw new ContentTooLargeException(expected, maxBytes);
            }
            sha256.update(buffer, 0, count);
        }
        return count;
    }

    /**
     * Compares what was read with the expected digest and answers its length in bytes. To be asked once, at the end.
     *
     * @throws DigestMismatchException when they differ
     */
    public long verify() throws DigestMismatchException {
        Digest found = Digest.ofBytes(sha256.digest());
        if (!found.equals(expected)) {
            throw new DigestMismatchException(expected, found, sizeBytes);
        }
        return sizeBytes;
    }
}
