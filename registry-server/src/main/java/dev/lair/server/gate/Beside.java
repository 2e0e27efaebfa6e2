package dev.lair.server.gate;

import dev.lair.registry.api.ReleaseVerdict;

/** How a release stands beside others of its track, worst first; told in the words of {@link ReleaseVerdict#compatibility}. */
enum Beside {
    BREAKING(ReleaseVerdict.BREAKING),
    NOT_COMPARED(ReleaseVerdict.NOT_COMPARED),
    COMPATIBLE(ReleaseVerdict.COMPATIBLE),
    UNCHANGED(ReleaseVerdict.UNCHANGED),
    /** There are no others. */
    FIRST(ReleaseVerdict.FIRST),
    /** Nothing is compared here. */
    OFF(ReleaseVerdict.OFF);

    private final String word;

    Beside(String word) {
        this.word = word;
    }

    /** As verdicts say it. */
    String word() {
        return word;
    }
}
