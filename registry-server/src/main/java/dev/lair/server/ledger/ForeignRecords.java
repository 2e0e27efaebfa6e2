package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapLeaf;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What other nodes appended behind what is known here, and what it leads to.
 *
 * @param leaves theirs, in order
 * @param now the state that they committed, with the map that their leaves lead to
 * @param tiles the right edge of its tree
 */
record ForeignRecords(List<LogLeaf> leaves, Committed now, TileBuilder tiles) {

    ForeignRecords {
        leaves = List.copyOf(leaves);
    }

    /**
     * Appends what is stored to what is known here. The result must be what was committed.
     *
     * @param from what is known here, with the right edge {@code edge}, which is not changed
     * @param stored what was committed
     * @throws Corrupt when a database lost what we saw, or tells another story: that is a fork and ends this node
     */
    static ForeignRecords replay(LedgerStore store, Committed from, TileBuilder edge, LedgerState stored) {
        if (stored.treeSize() < from.treeSize()) {
            throw new Corrupt("the storage went back from " + from.treeSize() + " to " + stored.treeSize()
                    + " leaves: a restored backup or an asynchronous failover");
        }
        Frontier frontier = from.state().frontier();
        SparseMap map = from.map();
        TileBuilder tiles = edge.copy();
        List<LogLeaf> leaves = new ArrayList<>();
        for (long index = from.treeSize(); index < stored.treeSize(); index += Limits.LEAF_PAGE) {
            for (LogLeaf leaf : store.leaves(index, Math.min(index + Limits.LEAF_PAGE, stored.treeSize()))) {
                frontier = frontier.append(leaf.hash(), tiles);
                map = MapReplay.with(map, MapLeaf.of(leaf.logId(), leaf.recordId()));
                leaves.add(leaf);
            }
            // The full tiles among them are stored already.
            tiles.takeFilled();
        }
        LedgerState replayed = new LedgerState(frontier, map.root());
        if (!replayed.equals(stored)) {
            throw new Corrupt("the storage has another history than this node: it holds " + stored
                    + ", the records behind what is known here lead to " + replayed);
        }
        return new ForeignRecords(leaves, new Committed(stored, map), tiles);
    }
}
