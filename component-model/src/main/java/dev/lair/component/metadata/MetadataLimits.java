package dev.lair.component.metadata;

import dev.lair.component.binary.ComponentLimits;

/** All limits of reading metadata. What lies beyond is reported as malformed, or as the problem that ended the walk. */
final class MetadataLimits {
    /** Components inside each other, as the validator has it. */
    static final int NESTING = ComponentLimits.NESTING;

    /** Core modules and components in one binary, at all depths, as the validator has it. */
    static final int NESTED_BINARIES = ComponentLimits.NESTED_BINARIES;

    /** Sections of one binary, at all depths: two bytes make one, which costs forty while it is walked. */
    static final int SECTIONS = 100_000;

    /** Fields, and values of one field, of a producers section. Real ones have three fields and under ten values. */
    static final int PRODUCERS = 1_000;

    /** Bytes of a text such as a description: people read it, and pages show it. */
    static final int TEXT_BYTES = 100_000;

    /** Bytes of the documentation of a WIT package. All of WASI has about a quarter of a million. */
    static final int DOCS_BYTES = 8 << 20;

    /** Bytes of all texts of one binary together, as they are held in memory. */
    static final long ALL_TEXT_BYTES = 16 << 20;

    private MetadataLimits() {}
}
