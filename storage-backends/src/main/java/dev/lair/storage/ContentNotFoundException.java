package dev.lair.storage;

import dev.lair.transparency.Digest;

/** The store does not have this content (any more). */
public final class ContentNotFoundException extends Exception {

    private static final long serialVersionUID = 1L;

    public ContentNotFoundException(Digest digest) {
        super("content " + digest + " is not in the store");
    }
}
