package dev.lair.signing;

/** Every size that this package refuses to go beyond, and why; those of notes are in the package {@code note}. */
final class Limits {

    /** Content of one record: the reference's OpenAPI allows 1,048,576 base64 characters. */
    static final int RECORD_CONTENT_BYTES = 1_048_576 / 4 * 3;

    /** An envelope adds a key id (73 bytes), a signature (at most 109) and the content's own tag and length. */
    static final int ENVELOPE_BYTES = RECORD_CONTENT_BYTES + 256;

    /** A private key's text has 55 characters, and a line feed may follow. */
    static final int KEY_FILE_BYTES = 56;

    /** A sealed ML-DSA-44 key under the longest name has some 2,300 bytes; more is not worth reading. */
    static final int KEY_STORE_FILE_BYTES = 4096;

    /** A shorter passphrase is guessed whatever Argon2 costs. */
    static final int PASSPHRASE_MIN_CHARS = 12;

    /** Below (with two passes) a guess becomes cheap on graphics cards: the lowest figure OWASP gives for Argon2id. */
    static final int ARGON2_MIN_MEMORY_KIB = 19 * 1024;

    /** Above, a planted header would take the heap of the process that opens the store. */
    static final int ARGON2_MAX_MEMORY_KIB = 1024 * 1024;

    static final int ARGON2_MIN_ITERATIONS = 2;

    /** Above, a planted header would keep the process busy for minutes. */
    static final int ARGON2_MAX_ITERATIONS = 16;

    /** More lanes than cores that anybody gives to opening a store. */
    static final int ARGON2_MAX_PARALLELISM = 16;

    private Limits() {}
}
