package dev.lair.signing.note;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that should be a signed note, a signature line, or a message of the witness protocol are not; the message names
 * the place and the rule. Nothing was verified yet.
 */
public final class MalformedNoteException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedNoteException(String message) {
        this(message, null);
    }

    MalformedNoteException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
