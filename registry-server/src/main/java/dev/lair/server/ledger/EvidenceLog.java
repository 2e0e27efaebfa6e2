package dev.lair.server.ledger;

import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.FullTile;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.TileBuilder;
import dev.lair.transparency.TileNodes;
import java.util.List;

/**
 * The second, small log: one entry for each checkpoint of the main log, so that witnesses who cosign this log vouch for
 * the map root too (transparency log, section 4, point 6). Owned by the publisher thread; several nodes may append to the
 * stored log, and then the one whose view was old reads again.
 */
final class EvidenceLog {

    private final EvidenceStore store;
    private final LogTiles tiles;
    private final LogKeys keys;
    private final String mainOrigin;
    private Frontier frontier = Frontier.empty();
    private TileBuilder builder = TileBuilder.resume(EvidenceLog::noNode, 0);
    private long statedSize = -1;

    EvidenceLog(EvidenceStore store, LogTiles tiles, LogIdentity identity) {
        this.store = store;
        this.tiles = tiles;
        this.keys = identity.evidence();
        this.mainOrigin = identity.log().origin();
        reread();
    }

    private static NodeHash noNode(int level, long index) {
        throw new IllegalStateException("an empty log has no node " + index + " at level " + level);
    }

    private void reread() {
        frontier = store.state();
        builder = TileBuilder.resume(new TileNodes(tiles, frontier.treeSize()), frontier.treeSize());
        statedSize = lastStated();
    }

    private long lastStated() {
        for (long until = frontier.treeSize(); until > 0; until -= Limits.EVIDENCE_PAGE) {
            List<byte[]> page = store.entries(Math.max(0, until - Limits.EVIDENCE_PAGE), until);
            for (byte[] entry : page.reversed()) {
                if (CheckpointEvidence.isMarked(entry)) {
                    return CheckpointEvidence.parse(entry).treeSize();
                }
            }
        }
        return -1;
    }

    /**
     * Appends an entry about this checkpoint, unless this or a larger one is stated already, and signs the evidence log as
     * it then is.
     */
    Witnesses.Head state(Checkpoint checkpoint, long epochSeconds) {
        while (checkpoint.logLength() > statedSize) {
            byte[] bytes = CheckpointEvidence.of(mainOrigin, checkpoint).entry();
            TileBuilder next = builder.copy();
            Frontier after = frontier.append(MerkleHash.leaf(bytes), next);
            List<FullTile> full = next.takeFilled().stream()
                    .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                    .toList();
            try {
                store.append(frontier, new EvidenceBatch(List.of(bytes), full, after));
                frontier = after;
                builder = next;
                statedSize = checkpoint.logLength();
            } catch (StaleEvidenceException e) {
                reread();
            }
        }
        return keys.head(frontier.treeSize(), frontier.root(), epochSeconds, tiles);
    }
}
