package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MalformedSnapshotException;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileNodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the map back after a start: newest usable snapshot, then replay of the log rows behind it, which are the map's
 * write-ahead list (ledger storage, layout d). Nothing is signed before what was rebuilt agrees with what was committed
 * and with the last checkpoint.
 */
final class LedgerRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerRecovery.class);
    private static final int PAGE = 4096;

    private final LedgerStore store;
    private final SnapshotStore snapshots;
    private final LogTiles tiles;
    private final HighWater highWater;
    private final String origin;
    private final int retained;
    private final long spanRecords;

    LedgerRecovery(Storage storage, LogTiles tiles, HighWater highWater, String origin, LedgerSettings settings) {
        this.store = storage.ledger();
        this.snapshots = storage.snapshots();
        this.tiles = tiles;
        this.highWater = highWater;
        this.origin = origin;
        this.retained = settings.retainedCheckpoints();
        this.spanRecords = settings.retainedRecords();
    }

    /** What a start finds: the committed state, its map, and the maps of the checkpoints that are still served. */
    record Recovered(Committed committed, MapHistory history) {}

    Recovered recover() {
        // Checkpoints before the state: another node may publish between the two reads, and then only this order leaves
        // every checkpoint covered by the state.
        SignedCheckpoint latest = store.latestCheckpoint().orElse(null);
        List<SignedCheckpoint> newestFirst = store.latestCheckpoints(retained);
        LedgerState state = store.state();
        // Oldest first, so that replay meets them in order.
        Deque<SignedCheckpoint> checkpoints = new ArrayDeque<>();
        newestFirst.stream()
                .filter(checkpoint -> size(checkpoint) <= state.treeSize())
                .filter(checkpoint -> state.treeSize() - size(checkpoint) <= spanRecords)
                .forEach(checkpoints::addFirst);
        requireFrontier(state);
        requireCovers(state, latest);
        highWater.require(
                origin, state.treeSize(), () -> store.state().treeSize(), size -> storedRoot(state.treeSize(), size));

        long oldest = checkpoints.isEmpty() ? state.treeSize() : size(checkpoints.getFirst());
        MapSnapshot base = newestSnapshot(oldest);
        MapHistory history = new MapHistory(store, retained, spanRecords);
        SparseMap map = replay(base, state.treeSize(), checkpoints, history);
        if (!map.root().equals(state.mapRoot())) {
            throw new Corrupt("after replay of records " + base.logSize() + " to " + state.treeSize()
                    + " the map root is " + map.root() + ", but " + state.mapRoot() + " was committed");
        }
        LOG.info(
                "ledger recovered ledger.tree_size={} ledger.replayed_records={} map.packages={}",
                state.treeSize(),
                state.treeSize() - base.logSize(),
                map.size());
        return new Recovered(new Committed(state, map), history);
    }

    private SparseMap replay(MapSnapshot base, long treeSize, Deque<SignedCheckpoint> checkpoints, MapHistory history) {
        SparseMap map = base.map();
        keepIfCheckpoint(base.logSize(), map, checkpoints, history);
        for (long from = base.logSize(); from < treeSize; from += PAGE) {
            long index = from;
            for (LogLeaf leaf : store.leaves(from, Math.min(from + PAGE, treeSize))) {
                map = map.with(leaf.logId(), leaf.recordId());
                index++;
                keepIfCheckpoint(index, map, checkpoints, history);
            }
        }
        return map;
    }

    private static void keepIfCheckpoint(
            long treeSize, SparseMap map, Deque<SignedCheckpoint> checkpoints, MapHistory history) {
        SignedCheckpoint next = checkpoints.peekFirst();
        if (next == null || size(next) != treeSize) {
            return;
        }
        checkpoints.removeFirst();
        RootHash signed = next.contents().checkpoint().mapRoot();
        if (!map.root().equals(signed)) {
            throw new Corrupt("the checkpoint of " + treeSize + " leaves was signed over map root " + signed
                    + ", but its records lead to " + map.root());
        }
        history.add(treeSize, map);
    }

    /** The stored right edge must be that of the stored tiles and records. */
    private void requireFrontier(LedgerState state) {
        RootHash fromTiles = storedRoot(state.treeSize(), state.treeSize());
        if (!fromTiles.equals(state.logRoot())) {
            throw new Corrupt("tiles and records of " + state.treeSize() + " leaves lead to root " + fromTiles
                    + ", but " + state.logRoot() + " was committed");
        }
    }

    /** Root of the first {@code size} leaves, out of the stored tiles and records of {@code treeSize} leaves. */
    private RootHash storedRoot(long treeSize, long size) {
        try {
            return Frontier.read(new TileNodes(tiles, treeSize), size).root();
        } catch (MalformedTileException | IllegalStateException e) {
            throw new Corrupt("tiles and records of " + treeSize + " leaves are not complete: " + e.getMessage(), e);
        }
    }

    /** The last signed checkpoint must be a prefix of the log, or we would sign a fork of what others have seen. */
    private void requireCovers(LedgerState state, @Nullable SignedCheckpoint latest) {
        if (latest == null) {
            return;
        }
        Checkpoint checkpoint = latest.contents().checkpoint();
        if (checkpoint.logLength() > state.treeSize()) {
            throw new Corrupt("a checkpoint of " + checkpoint.logLength() + " leaves was signed, but only "
                    + state.treeSize() + " are stored");
        }
        RootHash root = storedRoot(state.treeSize(), checkpoint.logLength());
        if (!root.equals(checkpoint.logRoot())) {
            throw new Corrupt("the checkpoint of " + checkpoint.logLength() + " leaves has root " + checkpoint.logRoot()
                    + ", the stored log has " + root);
        }
    }

    /**
     * The newest readable snapshot that is not younger than the oldest checkpoint to serve. A damaged one is passed over:
     * it is derived data and an older one, or none, leads to the same map.
     */
    private MapSnapshot newestSnapshot(long atMost) {
        for (long size : snapshots.sizes().headSet(atMost, true).descendingSet()) {
            try (InputStream in = snapshots.open(size)) {
                MapSnapshot snapshot = MapSnapshot.readFrom(in);
                if (snapshot.logSize() == size) {
                    return snapshot;
                }
                LOG.warn("map snapshot passed over snapshot.size={} reason=\"its header names another size\"", size);
            } catch (IOException | MalformedSnapshotException e) {
                LOG.warn("map snapshot passed over snapshot.size={} reason=\"{}\"", size, e.getMessage());
            }
        }
        return new MapSnapshot(0, SparseMap.empty());
    }

    private static long size(SignedCheckpoint checkpoint) {
        return checkpoint.contents().checkpoint().logLength();
    }

    /** Snapshots that no start needs any more: all older than the newest at or below {@code oldest}. */
    static List<Long> superseded(SnapshotStore snapshots, long oldest) {
        Long needed = snapshots.sizes().floor(oldest);
        return needed == null ? List.of() : List.copyOf(snapshots.sizes().headSet(needed, false));
    }
}
