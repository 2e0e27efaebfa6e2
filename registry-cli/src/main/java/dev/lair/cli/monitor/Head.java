package dev.lair.cli.monitor;

import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.RootHash;

/** The newest signed checkpoint of a log, after the policy was checked. */
record Head(SignedNote note, CheckpointText checkpoint) {

    /** Reads back the text of a note that was checked before. */
    static Head ofKept(String note) {
        SignedNote parsed = SignedNote.parse(note);
        return new Head(parsed, CheckpointText.parse(parsed.text()));
    }

    long size() {
        return checkpoint.treeSize();
    }

    RootHash root() {
        return checkpoint.root();
    }

    String origin() {
        return checkpoint.origin();
    }
}
