package dev.lair.signing.note;

/**
 * A well-formed note is not to be trusted: nothing of its text may be used. The message says which signature is wrong or
 * missing.
 */
public final class NoteRejected extends Exception {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** A signature under the name and id of a known key does not verify: damage, forgery or a foreign key. */
        BAD_SIGNATURE,
        /** No signature is by a key that would be enough. */
        NO_TRUSTED_SIGNATURE,
        /** The text is signed, but it is no checkpoint. */
        NOT_A_CHECKPOINT
    }

    private final Reason reason;

    NoteRejected(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
