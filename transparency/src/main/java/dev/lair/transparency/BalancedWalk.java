package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that lead from a perfect subtree to the root of a tree in warg's packing (warg protocol, section 3): up to
 * the balanced root above the start, then across the other balanced roots.
 *
 * @param siblings siblings on the way up, lowest first
 * @param rightRoots balanced roots to the right, rightmost first: they fold to one hash, which is joined on the right
 * @param leftRoots balanced roots to the left, rightmost first: each is joined on the left
 */
record BalancedWalk(List<PerfectSubtree> siblings, List<PerfectSubtree> rightRoots, List<PerfectSubtree> leftRoots) {

    /** The walk from a subtree that a tree of this size has. */
    static BalancedWalk of(PerfectSubtree start, long treeSize) {
        List<PerfectSubtree> balanced = PerfectSubtree.ofTree(treeSize);
        List<PerfectSubtree> siblings = new ArrayList<>();
        PerfectSubtree top = start;
        while (top.parent().existsAt(treeSize)) {
            siblings.add(top.sibling());
            top = top.parent();
        }
        int at = balanced.indexOf(top);
        return new BalancedWalk(
                siblings,
                balanced.subList(at + 1, balanced.size()).reversed(),
                balanced.subList(0, at).reversed());
    }

    /** All nodes of the walk. */
    List<PerfectSubtree> needed() {
        List<PerfectSubtree> all = new ArrayList<>(siblings);
        all.addAll(rightRoots);
        all.addAll(leftRoots);
        return all;
    }
}
