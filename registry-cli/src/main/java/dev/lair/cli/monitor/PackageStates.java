package dev.lair.cli.monitor;

import dev.lair.registry.log.PackageLog;
import dev.lair.transparency.LogId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the package logs amount to that grew last, as many as fit: beyond a number of entries the log that rested longest
 * goes. What is gone can be had again from {@link LogHistory}.
 */
final class PackageStates {

    /** A log, and how many entries its records have, which is what it costs to hold. */
    private record Held(PackageLog.State state, int entries) {}

    private final Map<LogId, Held> held = new LinkedHashMap<>(16, 0.75f, true);
    private final int mostEntries;
    private long entries;

    PackageStates(int mostEntries) {
        this.mostEntries = mostEntries;
    }

    /** What the log amounts to; null when it is not held. */
    PackageLog.@Nullable State get(LogId log) {
        Held known = held.get(log);
        return known == null ? null : known.state();
    }

    /** Holds what a log amounts to after {@code more} further entries. */
    void put(LogId log, PackageLog.State state, int more) {
        Held before = held.get(log);
        held.put(log, new Held(state, more + (before == null ? 0 : before.entries())));
        entries += more;
        Iterator<Held> eldest = held.values().iterator();
        // The one that was just put is the last: it stays even if it is too large alone.
        while (entries > mostEntries && held.size() > 1) {
            entries -= eldest.next().entries();
            eldest.remove();
        }
    }
}
