package dev.lair.component.wit.resolve;

/** Limits of resolving. */
final class ResolveLimits {
    /**
     * Packages, or interfaces, each depending on the next. Each costs a few stack frames; real chains have a dozen.
     */
    static final int CHAIN = 1_000;

    /**
     * What one resolution adds beyond its texts: items with their parts that {@code include} copies, and imports that
     * worlds need without saying so. Without a bound a short text could ask for any amount of memory.
     */
    static final int ADDED_PARTS = 1_000_000;

    private ResolveLimits() {}
}
