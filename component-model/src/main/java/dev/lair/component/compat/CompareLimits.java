package dev.lair.component.compat;

/** All limits of comparing. */
final class CompareLimits {
    /** Types with other names that are looked into, inside each other: as deep as the validator lets types be. */
    static final int TYPE_DEPTH = 100;

    /** Pairs of types looked into. What lies beyond counts as different; all of WASI takes a few thousand. */
    static final int TYPE_STEPS = 1_000_000;

    /** Differences that are kept, each with its texts: nobody reads more, and the first already decides. */
    static final int DIFFERENCES = 10_000;

    private CompareLimits() {}
}
