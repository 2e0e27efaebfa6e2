package dev.lair.transparency;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows what the map says about one log id: that its head is a certain record, or that the map does not know it
 * (warg protocol, section 3). The same siblings serve both; the verifier starts from the head's leaf or from the empty
 * leaf.
 *
 * <p>The list may be shorter than 256: siblings missing at the leaf side are empty subtrees. {@code null} stands for the
 * empty subtree too, and so does its hash written out. These three spellings of one sibling all verify; nothing else
 * about a proof can change without changing the root.
 *
 * @param siblings from the leaf side to the root, at most 256
 */
public record MapProof(List<@Nullable NodeHash> siblings) {

    public MapProof {
        if (siblings.size() > Limits.MAP_DEPTH) {
            throw new IllegalArgumentException("a map proof has at most 256 siblings, not " + siblings.size());
        }
        siblings = Collections.unmodifiableList(new ArrayList<>(siblings));
    }

    /** Root of the map in which this log has this head. */
    public RootHash rootFor(LogId logId, RecordId head) {
        NodeHasher hasher = new NodeHasher();
        return rootFrom(hasher, MapHash.path(logId), MapHash.leaf(hasher, head));
    }

    /** Root of the map that does not have this log. */
    public RootHash rootForAbsent(LogId logId) {
        return rootFrom(new NodeHasher(), MapHash.path(logId), MapHash.emptyAt(Limits.MAP_DEPTH));
    }

    /** Checks that the map with this root has {@code head} as newest record of this log. */
    public void verifyPresence(LogId logId, RecordId head, RootHash mapRoot) throws ProofRejected {
        requireRoot(mapRoot, rootFor(logId, head));
    }

    /** Checks that the map with this root does not have this log. */
    public void verifyAbsence(LogId logId, RootHash mapRoot) throws ProofRejected {
        requireRoot(mapRoot, rootForAbsent(logId));
    }

    /** The root that 256 levels of hashing lead to from a leaf. */
    RootHash rootFrom(NodeHasher hasher, byte[] path, byte[] leafHash) {
        byte[] hash = MapHash.climb(hasher, path, leafHash, Limits.MAP_DEPTH, siblings.size());
        for (int i = 0; i < siblings.size(); i++) {
            int depth = siblings.size() - 1 - i;
            NodeHash sibling = siblings.get(i);
            hash = MapHash.parent(
                    hasher, path, depth, hash, sibling == null ? MapHash.emptyAt(depth + 1) : sibling.raw());
        }
        return RootHash.ofBytes(hash);
    }

    private static void requireRoot(RootHash expected, RootHash found) throws ProofRejected {
        if (!found.equals(expected)) {
            throw ProofRejected.rootMismatch("map root", expected, found);
        }
    }
}
