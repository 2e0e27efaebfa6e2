package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The map's snapshots out of the records alone, for an operator who does not trust or no longer has those that are stored.
 * A start needs none of them: it takes longer without.
 */
public final class SnapshotRebuild {

    private SnapshotRebuild() {}

    /**
     * What a rebuild did.
     *
     * @param leaves it went through
     * @param packages logs in the newest map, the operator's among them
     * @param written sizes of the snapshots that were written, ascending
     * @param sizeBytes of all that were written
     * @param removed snapshots of sizes that the log never had
     */
    public record Rebuilt(long leaves, long packages, List<Long> written, long sizeBytes, int removed) {
        public Rebuilt {
            written = List.copyOf(written);
        }
    }

    /** The tree that the leaves make. */
    private static final class Fold implements Consumer<LogLeaf> {
        private Frontier frontier = Frontier.empty();

        @Override
        public void accept(LogLeaf leaf) {
            frontier = frontier.append(leaf.hash());
        }
    }

    /**
     * Writes each stored snapshot again, and those that a start would look for. May run beside nodes that go on: they
     * write at sizes that are not stored yet, and one that they delete meanwhile and that comes back is deleted with the
     * next. A crash leaves some snapshots new and others as they were.
     *
     * @throws Corrupt when the records do not lead to the committed roots of log and map; nothing was changed then
     */
    public static Rebuilt rebuild(Storage storage, LedgerSettings settings) {
        LedgerStore store = storage.ledger();
        SnapshotStore snapshots = storage.snapshots();
        // Sizes before the state: a node writes a snapshot of what is committed, so none of these can be younger.
        NavigableSet<Long> stored = snapshots.sizes();
        LedgerState state = store.state();
        Collection<Long> strays = List.copyOf(stored.tailSet(state.treeSize(), false));
        TreeSet<Long> wanted = new TreeSet<>(stored.headSet(state.treeSize(), true));
        wanted.addAll(lookedFor(store, state.treeSize(), settings.snapshotRecords()));

        // All are derived before the first is written: what damaged records lead to replaces nothing. They share what
        // did not change between them.
        List<MapSnapshot> derived = new ArrayList<>();
        Fold log = new Fold();
        SparseMap map = new MapReplay(store, log)
                .forward(
                        SparseMap.empty(),
                        0,
                        state.treeSize(),
                        wanted,
                        (size, reached) -> derived.add(new MapSnapshot(size, reached)));
        // The map alone would not tell of a damaged record that a later one of its log superseded.
        RootHash logRoot = log.frontier.root();
        if (!logRoot.equals(state.logRoot())) {
            throw new Corrupt("the records of " + state.treeSize() + " leaves lead to log root " + logRoot + ", but "
                    + state.logRoot() + " was committed");
        }
        if (!map.root().equals(state.mapRoot())) {
            throw new Corrupt("the records of " + state.treeSize() + " leaves lead to map root " + map.root() + ", but "
                    + state.mapRoot() + " was committed");
        }

        strays.forEach(snapshots::delete);
        long sizeBytes = 0;
        for (MapSnapshot snapshot : derived) {
            snapshots.save(snapshot.logSize(), snapshot::writeTo);
            sizeBytes += snapshot.sizeBytes();
        }
        return new Rebuilt(state.treeSize(), map.size(), List.copyOf(wanted), sizeBytes, strays.size());
    }

    /** Sizes of checkpoints, as the keeper of snapshots takes them, about an interval apart; newest intervals only. */
    private static List<Long> lookedFor(LedgerStore store, long treeSize, long everyRecords) {
        long newest = treeSize - treeSize % everyRecords;
        TreeSet<Long> sizes = new TreeSet<>();
        for (long back = 0; back <= Limits.REBUILT_INTERVALS && newest - back * everyRecords > 0; back++) {
            store.checkpointsFrom(newest - back * everyRecords, 1).stream()
                    .map(signed -> signed.contents().checkpoint().logLength())
                    .filter(size -> size <= treeSize)
                    .forEach(sizes::add);
        }
        return List.copyOf(sizes);
    }
}
