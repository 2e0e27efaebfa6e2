package dev.lair.signing;

/**
 * A text or file that should be a key, or a key id, is not one. The message gives the rule and never the value: people
 * paste secrets into the wrong field.
 */
public final class MalformedKeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedKeyException(String message) {
        super(message);
    }
}
