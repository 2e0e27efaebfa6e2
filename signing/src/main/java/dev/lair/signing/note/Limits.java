package dev.lair.signing.note;

/** Every size that the notes refuse to go beyond, and why. Readers of files and bodies stop at the public ones. */
public final class Limits {

    /** Name of a key in UTF-8: cosignatures of type 0x06 write its length in one byte. */
    static final int KEY_NAME_BYTES = 255;

    /** Name of a log in UTF-8, where a cosignature of type 0x06 writes its length in one byte. */
    static final int ORIGIN_BYTES = 255;

    /** Signatures of one note: the format asks for 16 or more, each may cost a verification (some 0.13 ms). */
    static final int NOTE_SIGNATURES = 100;

    /** A whole note: 100 signatures of 5 kB each in base64 take 670 kB. */
    public static final int NOTE_BYTES = 1 << 20;

    /** An add-checkpoint request: a note, 63 hashes of 45 characters and the line in front. */
    public static final int ADD_CHECKPOINT_BYTES = NOTE_BYTES + 4096;

    /** Logs, witnesses and groups of a policy, each: the format asks for 32 or more. */
    static final int POLICY_ENTRIES = 256;

    /** A policy file: 512 keys of type 0x06 take 1 MiB; room for addresses and comments. */
    public static final int POLICY_BYTES = 2 << 20;

    private Limits() {}
}
