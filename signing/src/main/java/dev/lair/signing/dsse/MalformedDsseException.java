package dev.lair.signing.dsse;

/** What should be a DSSE envelope cannot be one; the message gives the part and the rule. */
public final class MalformedDsseException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedDsseException(String message) {
        super("not a DSSE envelope: " + message);
    }
}
