package dev.lair.signing;

import org.jspecify.annotations.Nullable;

/** Bytes that should be a stored record envelope are not one; the message gives the field and the rule. */
public final class MalformedEnvelopeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedEnvelopeException(String message) {
        this(message, null);
    }

    MalformedEnvelopeException(String message, @Nullable Throwable cause) {
        super("not a record envelope: " + message, cause);
    }
}
