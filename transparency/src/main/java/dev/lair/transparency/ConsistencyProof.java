package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows that a larger tree starts with all leaves of a smaller one (RFC 9162, section 2.1.4). Between equal sizes the
 * proof is empty and the roots must be equal; from size 0 there is nothing to prove and nothing is accepted.
 *
 * @param oldSize number of leaves of the smaller tree, at least 1
 * @param newSize number of leaves of the larger tree
 * @param hashes the nodes of RFC 9162's PROOF, in its order
 */
public record ConsistencyProof(long oldSize, long newSize, List<NodeHash> hashes) {

    public ConsistencyProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * The proof between two sizes, by the recursion of RFC 9162, section 2.1.4.1.
     *
     * @throws IndexOutOfBoundsException unless {@code 1 <= oldSize <= newSize}
     */
    public static ConsistencyProof build(NodeReader nodes, long oldSize, long newSize) {
        if (oldSize < 1 || oldSize > newSize) {
            throw new IndexOutOfBoundsException("no consistency proof from " + oldSize + " to " + newSize + " leaves");
        }
        List<NodeHash> hashes = new ArrayList<>();
        long start = 0;
        long end = newSize;
        while (oldSize != end) {
            long middle = start + Long.highestOneBit(end - start - 1);
            if (oldSize <= middle) {
                hashes.add(PerfectSubtree.rangeRoot(nodes, middle, end));
                end = middle;
            } else {
                hashes.add(PerfectSubtree.rangeRoot(nodes, start, middle));
                start = middle;
            }
        }
        if (start != 0) {
            hashes.add(PerfectSubtree.rangeRoot(nodes, start, end));
        }
        return new ConsistencyProof(oldSize, newSize, hashes.reversed());
    }

    /** Checks the proof between the trees with these roots (RFC 9162, section 2.1.4.2). */
    public void verify(RootHash oldRoot, RootHash newRoot) throws ProofRejected {
        if (oldSize < 1 || oldSize > newSize) {
            throw new ProofRejected("no consistency can be shown from " + oldSize + " to " + newSize + " leaves");
        }
        if (oldSize == newSize) {
            verifySameSize(oldRoot, newRoot);
            return;
        }
        // Step 1: an empty proof shows nothing.
        if (hashes.isEmpty()) {
            throw new ProofRejected("the consistency proof is empty");
        }
        // Step 2: a smaller tree that is perfect is itself the first node.
        boolean perfect = Long.bitCount(oldSize) == 1;
        NodeHash first = perfect ? NodeHash.ofBytes(oldRoot.raw()) : hashes.getFirst();
        List<NodeHash> rest = perfect ? hashes : hashes.subList(1, hashes.size());
        // Steps 3 and 4: start at the last perfect subtree of the smaller tree.
        int skipped = Long.numberOfTrailingZeros(~(oldSize - 1));
        long fn = (oldSize - 1) >> skipped;
        long sn = (newSize - 1) >> skipped;
        // Step 5: both roots grow from that node.
        NodeHash fr = first;
        NodeHash sr = first;
        for (NodeHash c : rest) {
            // Step 6a: the root is reached, so this hash is one too many.
            if (sn == 0) {
                throw new ProofRejected("the consistency proof has more hashes than the tree has levels");
            }
            if ((fn & 1) == 1 || fn == sn) {
                // Step 6b: a left sibling belongs to both trees.
                fr = MerkleHash.node(c, fr);
                sr = MerkleHash.node(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                // Step 6b, otherwise: a right sibling is in the larger tree only.
                sr = MerkleHash.node(sr, c);
            }
            // Step 6c: one level up.
            fn >>= 1;
            sn >>= 1;
        }
        // Step 7: both roots are the expected ones, and no level is missing.
        if (sn != 0) {
            throw new ProofRejected("the consistency proof ends below the root of a tree of " + newSize + " leaves");
        }
        requireRoot("old log root", oldRoot, fr.asRoot());
        requireRoot("new log root", newRoot, sr.asRoot());
    }

    private void verifySameSize(RootHash oldRoot, RootHash newRoot) throws ProofRejected {
        if (!hashes.isEmpty()) {
            throw new ProofRejected("a consistency proof between equal sizes has no hashes, got " + hashes.size());
        }
        requireRoot("log root", newRoot, oldRoot);
    }

    private static void requireRoot(String what, RootHash expected, RootHash found) throws ProofRejected {
        if (!found.equals(expected)) {
            throw ProofRejected.rootMismatch(what, expected, found);
        }
    }
}
