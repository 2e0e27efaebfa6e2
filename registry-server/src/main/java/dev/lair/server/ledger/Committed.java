package dev.lair.server.ledger;

import dev.lair.storage.LedgerState;
import dev.lair.transparency.SparseMap;

/** What is durable: the log's right edge, and the map that the same leaves lead to. */
record Committed(LedgerState state, SparseMap map) {

    long treeSize() {
        return state.treeSize();
    }
}
