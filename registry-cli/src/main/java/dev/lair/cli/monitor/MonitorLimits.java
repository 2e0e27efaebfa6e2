package dev.lair.cli.monitor;

import java.time.Duration;

/**
 * How a monitor works, each figure with its reason.
 *
 * @param saveEvery records between two writes of the cursor: what a crash makes it check again
 * @param snapshotEvery records between two snapshots of the map: what a restart reads again, without checking signatures
 * @param heldEntries entries of package records whose outcome stays in memory, about 1 KiB each; logs beyond are fetched
 *     again when they grow
 * @param cachesLag how long an older checkpoint may come out of a cache on the way before it counts as what the registry
 *     says
 */
public record MonitorLimits(long saveEvery, long snapshotEvery, int heldEntries, Duration cachesLag) {

    /** Bundles that are on their way while one is checked: the network never waits, the memory is bounded. */
    static final int BUNDLES_AHEAD = 2;

    /** Logs in one fetch: keeps replies small while one page still holds many records. */
    static final int LOGS_PER_FETCH = 50;

    /** Names of packages that are kept in memory, about 200 bytes each. */
    static final int NAMES_HELD = 100_000;

    private static final int LEAST_ENTRIES = 10_000;
    private static final int MOST_ENTRIES = 4_000_000;
    private static final int ENTRY_BYTES = 1 << 10;

    /** What fits the memory of this process: a quarter of it for the logs, the map needs the rest. */
    public static MonitorLimits ofProcess() {
        long entries = Runtime.getRuntime().maxMemory() / 4 / ENTRY_BYTES;
        return new MonitorLimits(
                1 << 16, 1 << 14, Math.clamp(entries, LEAST_ENTRIES, MOST_ENTRIES), Duration.ofSeconds(15));
    }
}
