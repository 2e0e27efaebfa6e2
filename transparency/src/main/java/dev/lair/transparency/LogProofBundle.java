package dev.lair.transparency;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Proofs over one log size in warg's packing (warg protocol, section 3; transparency log, section 4): statements, and
 * one sorted list of the node hashes that they need. Wire form: {@link LogProofBundleCodec}.
 *
 * <ul>
 *   <li>Inclusion of a leaf needs the siblings on its way to the balanced root above it (see {@link PerfectSubtree}), then
 *       the balanced roots to its right, then those to its left.
 *   <li>Consistency from an older length is the inclusion of each balanced root of the old tree in the new one, and
 *       those roots' own hashes.
 * </ul>
 *
 * <p>A verifier takes a bundle only when it states what was asked and nothing else, and when each of its hashes was
 * needed. So every byte counts: a changed bundle is malformed, states something else, or leads to another root.
 */
public final class LogProofBundle {

    private final long logLength;
    private final List<Long> consistentLengths;
    private final List<Long> includedNodes;
    /** By node number, ascending. */
    private final NavigableMap<Long, NodeHash> hashes;

    LogProofBundle(
            long logLength,
            List<Long> consistentLengths,
            List<Long> includedNodes,
            NavigableMap<Long, NodeHash> hashes) {
        this.logLength = logLength;
        this.consistentLengths = List.copyOf(consistentLengths);
        this.includedNodes = List.copyOf(includedNodes);
        this.hashes = hashes;
    }

    /**
     * Proves that the leaves at these indexes are in the log of {@code treeSize} leaves, in the given order.
     *
     * @throws IllegalArgumentException when no leaf is given or the log is longer than warg can name
     * @throws IndexOutOfBoundsException when the log has no such leaf
     */
    public static LogProofBundle inclusion(NodeReader nodes, long treeSize, List<Long> leafIndexes) {
        requireNameable(treeSize);
        if (leafIndexes.isEmpty()) {
            throw new IllegalArgumentException("an inclusion bundle needs at least one leaf");
        }
        TreeMap<Long, NodeHash> hashes = new TreeMap<>();
        List<Long> included = new ArrayList<>();
        for (long leafIndex : leafIndexes) {
            if (leafIndex < 0 || leafIndex >= treeSize) {
                throw new IndexOutOfBoundsException("no leaf " + leafIndex + " in a log of " + treeSize + " leaves");
            }
            PerfectSubtree leaf = new PerfectSubtree(0, leafIndex);
            included.add(leaf.nodeNumber());
            collect(nodes, BalancedWalk.of(leaf, treeSize).needed(), hashes);
        }
        return new LogProofBundle(treeSize, List.of(), included, hashes);
    }

    /**
     * Proves that the log of {@code from} leaves is the beginning of the log of {@code to} leaves.
     *
     * @throws IllegalArgumentException when the log is longer than warg can name
     * @throws IndexOutOfBoundsException unless {@code 1 <= from <= to}
     */
    public static LogProofBundle consistency(NodeReader nodes, long from, long to) {
        requireNameable(to);
        if (from < 1 || from > to) {
            throw new IndexOutOfBoundsException("no consistency proof from " + from + " to " + to + " leaves");
        }
        TreeMap<Long, NodeHash> hashes = new TreeMap<>();
        for (PerfectSubtree oldRoot : PerfectSubtree.ofTree(from)) {
            collect(nodes, List.of(oldRoot), hashes);
            collect(nodes, BalancedWalk.of(oldRoot, to).needed(), hashes);
        }
        return new LogProofBundle(to, List.of(from), List.of(), hashes);
    }

    private static void requireNameable(long treeSize) {
        if (treeSize > Limits.MAX_WARG_LOG_LENGTH) {
            throw new IllegalArgumentException("warg bundles number the nodes of at most 2^31 leaves, not " + treeSize);
        }
    }

    private static void collect(NodeReader nodes, List<PerfectSubtree> needed, NavigableMap<Long, NodeHash> hashes) {
        for (PerfectSubtree subtree : needed) {
            hashes.computeIfAbsent(subtree.nodeNumber(), number -> nodes.node(subtree.level(), subtree.index()));
        }
    }

    /** Parses the canonical wire form; any other bytes are refused. */
    public static LogProofBundle parse(byte[] bytes) throws ProofRejected {
        return LogProofBundleCodec.parse(bytes);
    }

    /** The canonical wire form, byte-equal to the reference's. */
    public byte[] encode() {
        return LogProofBundleCodec.format(this);
    }

    /**
     * Checks that the log with this size and root has exactly these leaves among its leaves. The bundle must speak of
     * them all, in any order, and of nothing else.
     *
     * @param leaves hash by leaf index, at least one
     */
    public void verifyInclusion(long treeSize, RootHash root, Map<Long, LeafHash> leaves) throws ProofRejected {
        require(logLength == treeSize, "the bundle is about " + logLength + " leaves, not " + treeSize);
        require(consistentLengths.isEmpty(), "an inclusion bundle states no consistency");
        require(!leaves.isEmpty(), "no leaf was asked for");
        require(
                includedNodes.size() == leaves.size()
                        && Set.copyOf(includedNodes).equals(nodeNumbers(leaves.keySet())),
                "the bundle is about other leaves than those asked for");
        Evaluation evaluation = new Evaluation(treeSize);
        for (Map.Entry<Long, LeafHash> leaf : leaves.entrySet()) {
            PerfectSubtree subtree = new PerfectSubtree(0, leaf.getKey());
            requireRoot(
                    "log root", root, evaluation.root(subtree, leaf.getValue().asNode()));
        }
        evaluation.requireAllUsed();
    }

    private static Set<Long> nodeNumbers(Set<Long> leafIndexes) throws ProofRejected {
        Set<Long> numbers = new HashSet<>();
        for (long index : leafIndexes) {
            require(index >= 0 && index < Limits.MAX_WARG_LOG_LENGTH, "warg can not name leaf " + index);
            numbers.add(2 * index);
        }
        return numbers;
    }

    /** Checks that the log with size {@code to} and its root starts with the log with size {@code from} and its root. */
    public void verifyConsistency(long from, RootHash fromRoot, long to, RootHash toRoot) throws ProofRejected {
        require(from >= 1 && from <= to, "no consistency can be shown from " + from + " to " + to + " leaves");
        require(logLength == to, "the bundle is about " + logLength + " leaves, not " + to);
        require(includedNodes.isEmpty(), "a consistency bundle states no inclusion");
        require(
                consistentLengths.equals(List.of(from)),
                "the bundle shows consistency from " + consistentLengths + ", not from " + from);
        Evaluation evaluation = new Evaluation(to);
        NodeHash oldRoot = null;
        for (PerfectSubtree subtree : PerfectSubtree.ofTree(from).reversed()) {
            NodeHash hash = evaluation.take(subtree);
            requireRoot("new log root", toRoot, evaluation.root(subtree, hash));
            oldRoot = oldRoot == null ? hash : MerkleHash.node(hash, oldRoot);
        }
        if (oldRoot == null) {
            throw new IllegalStateException("a log of 1 leaf or more has a balanced root");
        }
        requireRoot("old log root", fromRoot, oldRoot.asRoot());
        evaluation.requireAllUsed();
    }

    long logLength() {
        return logLength;
    }

    List<Long> consistentLengths() {
        return consistentLengths;
    }

    List<Long> includedNodes() {
        return includedNodes;
    }

    NavigableMap<Long, NodeHash> hashes() {
        return hashes;
    }

    /** Folds walks to roots and remembers which hashes they took. */
    private final class Evaluation {

        private final long treeSize;
        private final Set<Long> used = new HashSet<>();

        Evaluation(long treeSize) {
            this.treeSize = treeSize;
        }

        NodeHash take(PerfectSubtree subtree) throws ProofRejected {
            long number = subtree.nodeNumber();
            NodeHash hash = hashes.get(number);
            if (hash == null) {
                throw new ProofRejected("the bundle lacks the hash of node " + number);
            }
            used.add(number);
            return hash;
        }

        /** Root of the tree, given the hash of one of its perfect subtrees. */
        RootHash root(PerfectSubtree start, NodeHash startHash) throws ProofRejected {
            require(start.existsAt(treeSize), "a log of " + treeSize + " leaves has no node " + start.nodeNumber());
            BalancedWalk walk = BalancedWalk.of(start, treeSize);
            NodeHash hash = startHash;
            for (PerfectSubtree sibling : walk.siblings()) {
                NodeHash other = take(sibling);
                hash = sibling.isRightChild() ? MerkleHash.node(hash, other) : MerkleHash.node(other, hash);
            }
            NodeHash right = null;
            for (PerfectSubtree root : walk.rightRoots()) {
                right = right == null ? take(root) : MerkleHash.node(take(root), right);
            }
            hash = right == null ? hash : MerkleHash.node(hash, right);
            for (PerfectSubtree root : walk.leftRoots()) {
                hash = MerkleHash.node(take(root), hash);
            }
            return hash.asRoot();
        }

        void requireAllUsed() throws ProofRejected {
            require(
                    used.size() == hashes.size(),
                    "the bundle has " + (hashes.size() - used.size()) + " hashes that nothing needs");
        }
    }

    private static void require(boolean holds, String rule) throws ProofRejected {
        if (!holds) {
            throw new ProofRejected(rule);
        }
    }

    private static void requireRoot(String what, RootHash expected, RootHash found) throws ProofRejected {
        if (!found.equals(expected)) {
            throw ProofRejected.rootMismatch(what, expected, found);
        }
    }
}
