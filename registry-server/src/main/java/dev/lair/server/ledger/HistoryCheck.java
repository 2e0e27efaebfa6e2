package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TileNodes;

/**
 * Whether a checkpoint that another node published is of the history that this node knows. A database that failed over to
 * a replica that was behind goes on with other leaves, while this node still holds a checkpoint over those that were lost;
 * extending both would be a fork.
 */
final class HistoryCheck {

    private final LedgerStore store;
    private final LogTiles tiles;

    HistoryCheck(LedgerStore store, LogTiles tiles) {
        this.store = store;
        this.tiles = tiles;
    }

    /**
     * Proves that the tree of {@code shown} begins the one of {@code now}: some 24 nodes, most of them cached.
     *
     * @param shown was stored when it was read, before this call
     * @return false while this node is behind it, so that nothing can be said
     * @throws Corrupt when the two are of different histories, or the storage has fewer leaves than {@code shown}
     */
    boolean begins(Checkpoint shown, Committed now) {
        long size = shown.logLength();
        if (size > now.treeSize()) {
            requireStored(size);
            return false;
        }
        if (!isBegunBy(size, shown.logRoot(), now)) {
            throw new Corrupt("the checkpoint of " + size
                    + " leaves that another node published is of another history than the " + now.treeSize()
                    + " leaves that this node knows. " + HighWater.ADVICE);
        }
        return true;
    }

    /**
     * Whether a tree of this size and root begins the one of {@code now}, which is as large or larger.
     *
     * @throws Corrupt when what is stored of {@code now} is not complete
     */
    boolean isBegunBy(long size, RootHash root, Committed now) {
        try {
            // Verified against both roots: what the storage answers, or a cache kept, cannot make it pass.
            ConsistencyProof.build(new TileNodes(tiles, now.treeSize()), size, now.treeSize())
                    .verify(root, now.state().logRoot());
            return true;
        } catch (ProofRejected e) {
            return false;
        } catch (MalformedTileException | IllegalStateException e) {
            throw new Corrupt(
                    "tiles and records of " + now.treeSize() + " leaves are not complete: " + e.getMessage(), e);
        }
    }

    private void requireStored(long size) {
        long stored = store.state().treeSize();
        if (stored < size) {
            throw new Corrupt("a checkpoint of " + size + " leaves was published, but only " + stored
                    + " are stored now. " + HighWater.ADVICE);
        }
    }
}
