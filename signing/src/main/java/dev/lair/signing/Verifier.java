package dev.lair.signing;

/**
 * Checks signatures. Pure: no trust decision, no key lookup, no I/O; whether the key may sign at all is for the log's
 * state machine to say. Safe for use by many threads at once.
 */
@FunctionalInterface
public interface Verifier {

    /**
     * Whether {@code signature} over {@code message} (domain prefix included, unhashed) was made with the private half
     * of {@code key}. Never throws for a bad signature; the arrays are not kept or changed.
     */
    boolean verify(PublicKey key, byte[] message, Signature signature);
}
