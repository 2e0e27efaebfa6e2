package dev.lair.server.ledger;

import dev.lair.storage.LedgerStore;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.SparseMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The map as it was at each of the last checkpoints, up to a number of them and of records back. Versions share
 * structure: one costs what changed, about 750 bytes a record at a million packages. A checkpoint that another node
 * published is built when it is asked for, from the nearest older one and the log rows between.
 */
final class MapHistory {

    private static final int PAGE = 4096;

    private final ConcurrentSkipListMap<Long, SparseMap> bySize = new ConcurrentSkipListMap<>();
    private final LedgerStore store;
    private final int retained;
    private final long spanRecords;

    /** Keeps the last {@code retained} checkpoints, but none that is more than {@code spanRecords} behind the newest. */
    MapHistory(LedgerStore store, int retained, long spanRecords) {
        this.store = store;
        this.retained = retained;
        this.spanRecords = spanRecords;
    }

    void add(long treeSize, SparseMap map) {
        bySize.put(treeSize, map);
        while (bySize.size() > retained || bySize.lastKey() - bySize.firstKey() > spanRecords) {
            bySize.pollFirstEntry();
        }
    }

    /** The map at the published checkpoint of this size; empty when it is older than what is retained. */
    Optional<SparseMap> at(long treeSize) {
        SparseMap known = bySize.get(treeSize);
        if (known != null) {
            return Optional.of(known);
        }
        // Nothing was ever published when this node started: every map follows from the empty one.
        Map.Entry<Long, SparseMap> base =
                bySize.isEmpty() ? Map.entry(0L, SparseMap.empty()) : bySize.floorEntry(treeSize);
        if (base == null || store.checkpoint(treeSize).isEmpty()) {
            return Optional.empty();
        }
        SparseMap built = replay(store, base.getValue(), base.getKey(), treeSize);
        add(treeSize, built);
        return Optional.of(built);
    }

    /** {@code map} as it is after the leaves {@code [fromIndex, untilIndex)}. */
    static SparseMap replay(LedgerStore store, SparseMap map, long fromIndex, long untilIndex) {
        SparseMap replayed = map;
        for (long from = fromIndex; from < untilIndex; from += PAGE) {
            for (LogLeaf leaf : store.leaves(from, Math.min(from + PAGE, untilIndex))) {
                replayed = replayed.with(leaf.logId(), leaf.recordId());
            }
        }
        return replayed;
    }

    /** The size of the oldest checkpoint that is still backed by a map. */
    long oldest() {
        return bySize.isEmpty() ? 0 : bySize.firstKey();
    }
}
