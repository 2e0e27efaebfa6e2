package dev.lair.signing.note;

/**
 * A text that should be a key of signed notes is not one. The message gives the rule and never the value: people paste
 * secrets into the wrong field.
 */
public final class MalformedNoteKeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedNoteKeyException(String message) {
        super(message);
    }
}
