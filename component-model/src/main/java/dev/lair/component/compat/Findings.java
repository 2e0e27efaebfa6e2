package dev.lair.component.compat;

import java.util.ArrayList;
import java.util.List;

/** Collects differences, up to a limit. Breaking ones are always kept while there is room for the first of them. */
final class Findings {
    private final List<Difference> all = new ArrayList<>();
    private boolean anyBreaking;

    void add(Difference difference) {
        boolean breaking = !difference.breaks().isEmpty();
        // The first breaking difference decides the verdict, so it is kept however many stand before it.
        if (all.size() < CompareLimits.DIFFERENCES || (breaking && !anyBreaking)) {
            all.add(difference);
            anyBreaking |= breaking;
        }
    }

    List<Difference> all() {
        return List.copyOf(all);
    }
}
