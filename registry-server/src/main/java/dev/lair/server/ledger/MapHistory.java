package dev.lair.server.ledger;

import dev.lair.transparency.SparseMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The map as it was at each of the last checkpoints. Versions share structure: one costs what changed, about 750 bytes a
 * record at a million packages. Written by the sequencer, read by anyone.
 */
final class MapHistory {

    private final ConcurrentSkipListMap<Long, SparseMap> bySize = new ConcurrentSkipListMap<>();
    private final int retained;

    MapHistory(int retained) {
        this.retained = retained;
    }

    void add(long treeSize, SparseMap map) {
        bySize.put(treeSize, map);
        while (bySize.size() > retained) {
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
