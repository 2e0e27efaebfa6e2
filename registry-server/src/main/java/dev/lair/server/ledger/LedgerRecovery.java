package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.ReplacedEntries;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileNodes;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the map back after a start: newest usable snapshot, then replay of the log rows behind it, which are the map's
 * write-ahead list (ledger storage, layout d). Nothing is signed before what was rebuilt agrees with what was committed
 * and with every retained checkpoint on the way, from that of the snapshot to the last one. Maps of older checkpoints are left to
 * {@link MapHistory}: they take a second or two, and nobody may ever ask for them.
 */
final class LedgerRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerRecovery.class);

    private final LedgerStore store;
    private final SnapshotAhead ahead;
    private final MapSnapshots snapshots;
    private final LogTiles tiles;
    private final HighWater highWater;
    private final String origin;
    private final LedgerSettings settings;

    LedgerRecovery(
            Storage storage,
            LogTiles tiles,
            HighWater highWater,
            String origin,
            LedgerSettings settings,
            SnapshotAhead ahead) {
        this.store = storage.ledger();
        this.ahead = ahead;
        this.snapshots = new MapSnapshots(storage.snapshots(), store, ahead);
        this.tiles = tiles;
        this.highWater = highWater;
        this.origin = origin;
        this.settings = settings;
    }

    /**
     * What a start finds: the committed state, its map, the maps of checkpoints that were met on the way to it, and what
     * was replaced on that way and is still to be checked.
     */
    record Recovered(Committed committed, MapHistory history, ReplacedEntries replaced) {}

    Recovered recover() {
        // Checkpoints before the state: another node may publish between the two reads, and then only this order leaves
        // every checkpoint covered by the state.
        SignedCheckpoint latest = store.latestCheckpoint().orElse(null);
        NavigableMap<Long, RootHash> signed =
                MapReplay.signedRoots(store.latestCheckpoints(settings.retainedCheckpoints()));
        LedgerState state = store.state();
        requireFrontier(state);
        requireCovers(state, latest);
        highWater.require(
                origin, state.treeSize(), () -> store.state().treeSize(), size -> storedRoot(state.treeSize(), size));

        MapSnapshot base = snapshots.newestAtOrBelow(state.treeSize(), SparseMap.empty());
        ahead.drop();
        MapHistory history = new MapHistory(store, snapshots, settings);
        if (signed.containsKey(base.logSize())) {
            history.add(base.logSize(), base.map());
        }
        ReplacedEntries replaced = new ReplacedEntries();
        SparseMap map = new MapReplay(store, replaced)
                .forward(base.map(), base.logSize(), state.treeSize(), signed, history::add);
        if (!map.root().equals(state.mapRoot())) {
            throw new Corrupt("after replay of records " + base.logSize() + " to " + state.treeSize()
                    + " the map root is " + map.root() + ", but " + state.mapRoot() + " was committed");
        }
        LOG.info(
                "ledger recovered ledger.tree_size={} ledger.replayed_records={} map.packages={}",
                state.treeSize(),
                state.treeSize() - base.logSize(),
                map.size());
        return new Recovered(new Committed(state, map), history, replaced);
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
}
