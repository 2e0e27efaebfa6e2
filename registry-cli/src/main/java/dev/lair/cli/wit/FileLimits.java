package dev.lair.cli.wit;

/** Limits of local files. They keep a wrong path, such as a disk image, from taking the machine's memory. */
final class FileLimits {
    /** Bytes of one binary: what a registry takes unless it is configured otherwise. */
    static final long BINARY_BYTES = 100L << 20;

    /** Bytes of one WIT text: four times the characters that the parser takes, all of the largest UTF-8 form. */
    static final long TEXT_BYTES = 16L << 20;

    /** Bytes of all WIT texts of one package and its dependencies; those of WASI together have 1 MB. */
    static final long ALL_TEXT_BYTES = 64L << 20;

    /** Entries of one folder; WASI has thirty files in its largest. */
    static final int FOLDER_ENTRIES = 10_000;

    private FileLimits() {}
}
