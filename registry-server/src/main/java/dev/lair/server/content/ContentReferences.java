package dev.lair.server.content;

import dev.lair.transparency.Digest;

/** Somebody who still needs content that no record in the ledger names. The collector asks all of them. */
public interface ContentReferences {

    /** Whether {@code content} must be kept. */
    boolean references(Digest content);
}
