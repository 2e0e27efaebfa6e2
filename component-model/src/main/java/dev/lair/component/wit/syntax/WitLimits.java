package dev.lair.component.wit.syntax;

/** Limits of WIT text. Each is far above what people write and keeps the work on hostile text small. */
final class WitLimits {
    /** Characters of one text. The largest WASI text has a fortieth of that. */
    static final int SOURCE_CHARS = 4_000_000;

    /** Types inside types; the figure of other WIT tools. Each level costs stack here and in every later pass. */
    static final int TYPE_DEPTH = 100;

    /** Packages inside packages; the figure of other WIT tools. */
    static final int PACKAGE_DEPTH = 100;

    private WitLimits() {}
}
