package dev.lair.storage;

import dev.lair.transparency.Frontier;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;

/**
 * Where a ledger stands after a batch: enough to append the next leaf and to state a checkpoint.
 *
 * @param frontier right edge of the log, which knows its size and root
 * @param mapRoot root of the map from log id to head record after the same leaves
 */
public record LedgerState(Frontier frontier, RootHash mapRoot) {

    /** The state of a new ledger. */
    public static final LedgerState EMPTY =
            new LedgerState(Frontier.empty(), SparseMap.empty().root());

    /** Number of committed leaves. */
    public long treeSize() {
        return frontier.treeSize();
    }

    /** Root of the log. */
    public RootHash logRoot() {
        return frontier.root();
    }

    /** Size and roots. */
    @Override
    public String toString() {
        return "size " + treeSize() + " with log root " + logRoot() + " and map root " + mapRoot;
    }
}
