package dev.lair.storage;

import dev.lair.transparency.Digest;

/** A content has more bytes than the caller allows. Reading stopped at the limit and nothing was kept. */
public final class ContentTooLargeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long maxBytes;

    public ContentTooLargeException(Digest expected, long maxBytes) {
        super("content " + expected + " is larger than the limit of " + maxBytes + " bytes");
        this.maxBytes = maxBytes;
    }

    /** The limit that was passed. */
    public long maxBytes() {
        return maxBytes;
    }
}
