package dev.lair.signing;

/**
 * A {@link Signer} could not sign: its device, service or key is unreachable or refused. Nothing was signed as far as
 * the signer knows; signing the same message again is safe. The message never contains key material.
 */
public final class SigningFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** States what failed and what to do next. */
    public SigningFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
