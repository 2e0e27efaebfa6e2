package dev.lair.storage;

import dev.lair.signing.SignedCheckpoint;

/**
 * What readers see from one moment on: a checkpoint of the ledger and its notes.
 *
 * @param checkpoint in the warg protocol's form
 * @param notes in C2SP's form, over the same tree
 */
public record Publication(SignedCheckpoint checkpoint, PublishedNotes notes) {

    /** Number of leaves that the checkpoint covers. */
    public long treeSize() {
        return checkpoint.contents().checkpoint().logLength();
    }
}
