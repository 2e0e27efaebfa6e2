package dev.lair.signing.dsse;

/** Every size that this package refuses to go beyond, and why. */
final class Limits {

    /** A provenance statement that lists its build's dependencies has some ten kilobytes, a large one a hundred. */
    static final int PAYLOAD_BYTES = 256 * 1024;

    /** Media types have up to 127 characters for each of their two parts; URIs of statements are shorter. */
    static final int PAYLOAD_TYPE_BYTES = 255;

    /** Ours has 71 characters; others write fingerprints and addresses of keys. */
    static final int KEY_ID_CHARS = 255;

    /** ECDSA has up to 72 bytes in DER, RSA of 8,192 bits has 1,024; one of ML-DSA would be a change of this format. */
    static final int SIGNATURE_BYTES = 1024;

    private Limits() {}
}
