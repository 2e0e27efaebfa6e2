package dev.lair.component.inspect;

/** All limits of inspecting; what they cut off is named among the gaps. */
final class InspectLimits {
    /** Imports, and exports, that are listed. Real components have under a hundred, real core modules under a thousand. */
    static final int EXTERNS = 10_000;

    private InspectLimits() {}
}
