package dev.lair.server.ledger;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.SnapshotNotFoundException;
import dev.lair.storage.SnapshotStore;
import dev.lair.transparency.MalformedSnapshotException;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored snapshots as points to replay from. They are derived data: one that is damaged, or that shows another map
 * than was signed at its size, is passed over, and an older one, or none, leads to the same map.
 */
final class MapSnapshots {

    private static final Logger LOG = LoggerFactory.getLogger(MapSnapshots.class);

    private final SnapshotStore store;
    private final LedgerStore ledger;
    private final SnapshotAhead ahead;

    MapSnapshots(SnapshotStore store, LedgerStore ledger) {
        this(store, ledger, SnapshotAhead.NONE);
    }

    /** @param ahead what was read of the stored snapshots before */
    MapSnapshots(SnapshotStore store, LedgerStore ledger, SnapshotAhead ahead) {
        this.store = store;
        this.ledger = ledger;
        this.ahead = ahead;
    }

    /** The size of the newest snapshot that may be there for this size, 0 without one. */
    long sizeAtOrBelow(long treeSize) {
        Long size = store.sizes().floor(treeSize);
        return size == null ? 0 : size;
    }

    /**
     * The newest usable snapshot of at most {@code treeSize} leaves; the empty map when there is none.
     *
     * @param like another version of the map, with which it shares what is equal
     */
    MapSnapshot newestAtOrBelow(long treeSize, SparseMap like) {
        for (long size : store.sizes().headSet(treeSize, true).descendingSet()) {
            try {
                MapSnapshot snapshot = read(size, like);
                Optional<String> fault = fault(snapshot, size);
                if (fault.isEmpty()) {
                    return snapshot;
                }
                LOG.warn("map snapshot passed over snapshot.size={} reason=\"{}\"", size, fault.get());
            } catch (IOException | MalformedSnapshotException | SnapshotNotFoundException e) {
                // Not found any more: another node deleted it between the two looks.
                LOG.warn("map snapshot passed over snapshot.size={} reason=\"{}\"", size, e.getMessage());
            }
        }
        return new MapSnapshot(0, SparseMap.empty());
    }

    private MapSnapshot read(long size, SparseMap like) throws IOException, MalformedSnapshotException {
        Optional<MapSnapshot> known = ahead.take(size);
        if (known.isPresent()) {
            return known.get();
        }
        try (InputStream in = store.open(size)) {
            return MapSnapshot.readFrom(in, like);
        }
    }

    private Optional<String> fault(MapSnapshot snapshot, long size) {
        if (snapshot.logSize() != size) {
            return Optional.of("its header names another size, " + snapshot.logSize());
        }
        // Snapshots are taken of maps that a checkpoint was signed over, so it can be asked.
        Optional<RootHash> signed = ledger.checkpoint(size)
                .map(SignedCheckpoint::contents)
                .map(contents -> contents.checkpoint().mapRoot());
        return signed.isPresent() && !signed.get().equals(snapshot.map().root())
                ? Optional.of("its map root is " + snapshot.map().root() + ", signed was " + signed.get())
                : Optional.empty();
    }

    /** Snapshots that nobody needs any more: all older than the newest at or below {@code oldest}. */
    static List<Long> superseded(SnapshotStore snapshots, long oldest) {
        Long needed = snapshots.sizes().floor(oldest);
        return needed == null ? List.of() : List.copyOf(snapshots.sizes().headSet(needed, false));
    }
}
