package dev.lair.server.gate;

import dev.lair.registry.api.ReleaseVerdict.Neighbour;

/** Where a neighbour stands on the version track. */
enum Side {
    BELOW(Neighbour.BELOW),
    ABOVE(Neighbour.ABOVE);

    private final String word;

    Side(String word) {
        this.word = word;
    }

    /** As verdicts say it. */
    String word() {
        return word;
    }
}
