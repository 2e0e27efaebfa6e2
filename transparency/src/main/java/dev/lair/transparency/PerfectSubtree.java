package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;

/**
 * Coordinates of one perfect subtree: the leaves {@code [index << level, (index + 1) << level)}.
 *
 * <p>warg numbers the same subtrees in order (an in-order walk of an endless tree): leaf i is node 2i, and a subtree is
 * {@code index·2^(level+1) + 2^level − 1}, so its level is the number of trailing one bits (transparency log, section
 * 4).
 */
record PerfectSubtree(int level, long index) {

    /**
     * The perfect subtrees that make up a tree of {@code treeSize} leaves, largest (leftmost) first: one per set bit.
     * Its root folds them from the right. warg calls them balanced roots.
     */
    static List<PerfectSubtree> ofTree(long treeSize) {
        List<PerfectSubtree> subtrees = new ArrayList<>(Long.bitCount(treeSize));
        for (int level = 62; level >= 0; level--) {
            if ((treeSize >> level & 1) == 1) {
                subtrees.add(new PerfectSubtree(level, (treeSize >> level) - 1));
            }
        }
        return subtrees;
    }

    /**
     * Root of the leaves {@code [start, end)}, which need not be a perfect subtree; {@code start} is a multiple of the
     * largest power of two in {@code end - start}, as in every split of RFC 6962.
     */
    static NodeHash rangeRoot(NodeReader nodes, long start, long end) {
        List<PerfectSubtree> subtrees = ofTree(end - start);
        NodeHash root = null;
        for (PerfectSubtree subtree : subtrees.reversed()) {
            NodeHash left = nodes.node(subtree.level, (start >> subtree.level) + subtree.index);
            root = root == null ? left : MerkleHash.node(left, root);
        }
        if (root == null) {
            throw new IllegalArgumentException("no leaves in [" + start + ", " + end + ")");
        }
        return root;
    }

    /** Its number in warg's packing. */
    long nodeNumber() {
        return (index << (level + 1)) + (1L << level) - 1;
    }

    PerfectSubtree parent() {
        return new PerfectSubtree(level + 1, index >> 1);
    }

    PerfectSubtree sibling() {
        return new PerfectSubtree(level, index ^ 1);
    }

    boolean isRightChild() {
        return (index & 1) == 1;
    }

    /** Whether a tree of this size has all leaves of this subtree. */
    boolean existsAt(long treeSize) {
        return level <= 62 && index < treeSize >> level;
    }
}
