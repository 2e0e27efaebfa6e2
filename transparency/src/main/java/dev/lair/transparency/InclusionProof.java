package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows that a leaf stands at an index of the tree with a given size and root (RFC 9162, section 2.1.3; C2SP's packing:
 * right-edge subtrees folded to one hash).
 *
 * @param leafIndex 0-based position of the leaf
 * @param treeSize number of leaves of the tree
 * @param hashes siblings from the leaf to the root
 */
public record InclusionProof(long leafIndex, long treeSize, List<NodeHash> hashes) {

    public InclusionProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * The proof for a leaf, by the recursion of RFC 9162, section 2.1.3.1.
     *
     * @throws IndexOutOfBoundsException when the tree has no such leaf
     */
    public static InclusionProof build(NodeReader nodes, long leafIndex, long treeSize) {
        if (leafIndex < 0 || leafIndex >= treeSize) {
            throw new IndexOutOfBoundsException("no leaf " + leafIndex + " in a tree of " + treeSize + " leaves");
        }
        List<NodeHash> hashes = new ArrayList<>();
        long start = 0;
        long end = treeSize;
        while (end - start > 1) {
            long middle = start + Long.highestOneBit(end - start - 1);
            if (leafIndex < middle) {
                hashes.add(PerfectSubtree.rangeRoot(nodes, middle, end));
                end = middle;
            } else {
                hashes.add(PerfectSubtree.rangeRoot(nodes, start, middle));
                start = middle;
            }
        }
        return new InclusionProof(leafIndex, treeSize, hashes.reversed());
    }

    /**
     * Checks that {@code leaf} stands at this index of the tree with this root (RFC 9162, section 2.1.3.2). The size is
     * part of what is claimed: the caller compares it with the size that the root was signed for.
     */
    public void verify(LeafHash leaf, RootHash root) throws ProofRejected {
        // Step 1: the index lies in the tree.
        if (leafIndex < 0 || leafIndex >= treeSize) {
            throw new ProofRejected("leaf " + leafIndex + " is not in a tree of " + treeSize + " leaves");
        }
        // Steps 2 and 3: start at the leaf; fn and sn are the leaf's and the last leaf's position at this level.
        long fn = leafIndex;
        long sn = treeSize - 1;
        NodeHash r = leaf.asNode();
        for (NodeHash p : hashes) {
            // Step 4a: the root is reached, so this hash is one too many.
            if (sn == 0) {
                throw new ProofRejected("the inclusion proof has more hashes than the tree has levels");
            }
            if ((fn & 1) == 1 || fn == sn) {
                // Step 4b: a left sibling; a lone right edge has none at the levels that are skipped here.
                r = MerkleHash.node(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                // Step 4b, otherwise: a right sibling.
                r = MerkleHash.node(r, p);
            }
            // Step 4c: one level up.
            fn >>= 1;
            sn >>= 1;
        }
        // Step 5: at the root, and it is the expected one.
        if (sn != 0) {
            throw new ProofRejected("the inclusion proof ends below the root of a tree of " + treeSize + " leaves");
        }
        if (!r.asRoot().equals(root)) {
            throw ProofRejected.rootMismatch("log root", root, r.asRoot());
        }
    }
}
