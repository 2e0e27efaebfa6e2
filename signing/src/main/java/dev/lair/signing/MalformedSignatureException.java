package dev.lair.signing;

/** A text that should be a signature is not one. The message gives the rule and never the value. */
public final class MalformedSignatureException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedSignatureException(String message) {
        super(message);
    }
}
