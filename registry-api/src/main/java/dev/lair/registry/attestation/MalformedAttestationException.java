package dev.lair.registry.attestation;

import org.jspecify.annotations.Nullable;

/** Bytes that should be an envelope, a statement or our attestation are none; the message gives the place and the rule. */
public final class MalformedAttestationException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedAttestationException(String what, String rule) {
        this(what, rule, null);
    }

    MalformedAttestationException(String what, String rule, @Nullable Throwable cause) {
        super("not " + what + ": " + rule, cause);
    }
}
