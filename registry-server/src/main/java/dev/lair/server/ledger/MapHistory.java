package dev.lair.server.ledger;

import dev.lair.transparency.SparseMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The map as it was at each of the last checkpoints, up to a number of them and of records back. Versions share structure: one costs what changed, about 750 bytes a
 * record at a million packages. Written by the sequencer, read by anyone.
 */
final class MapHistory {

    private final ConcurrentSkipListMap<Long, SparseMap> bySize = new ConcurrentSkipListMap<>();
    private final int retained;
    private final long spanRecords;

    /** Keeps the last {@code retained} checkpoints, but none that is more than {@code spanRecords} behind the newest. */
    MapHistory(int retained, long spanRecords) {
        this.retained = retained;
        this.spanRecords = spanRecords;
    }

    void add(long treeSize, SparseMap map) {
        bySize.put(treeSize, map);
        while (bySize.size() > retained || treeSize - bySize.firstKey() > spanRecords) {
            bySize.pollFirstEntry();
        }
    }

    Optional<SparseMap> at(long treeSize) {
        return Optional.ofNullable(bySize.get(treeSize));
    }

    /** The size of the oldest checkpoint that is still backed by a map. */
    long oldest() {
        return bySize.isEmpty() ? 0 : bySize.firstKey();
    }
}
