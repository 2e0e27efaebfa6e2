package dev.lair.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The right edge of a log: the roots of the perfect subtrees that make up a tree of {@code treeSize} leaves, largest
 * first, one per set bit of the size. It is all that is needed to append and to know the root (RFC 6962, section 2.1).
 *
 * <p>Immutable: an append answers the next frontier, so a batch that fails to commit leaves the old one in place.
 * An append costs one leaf and on average one node hash.
 */
public final class Frontier {

    private static final Frontier EMPTY = new Frontier(0, List.of());
    private static final NodeSink NOWHERE = (level, index, hash) -> {};

    private final long treeSize;
    private final List<NodeHash> nodes;

    private Frontier(long treeSize, List<NodeHash> nodes) {
        this.treeSize = treeSize;
        this.nodes = nodes;
    }

    /** The frontier of the log without leaves. */
    public static Frontier empty() {
        return EMPTY;
    }

    /**
     * The frontier of a tree of {@code treeSize} leaves with these roots, largest first.
     *
     * @throws IllegalArgumentException when the size is negative or the count is not the number of its set bits
     */
    public static Frontier of(long treeSize, List<NodeHash> nodes) {
        if (treeSize < 0 || nodes.size() != Long.bitCount(treeSize)) {
            throw new IllegalArgumentException("a tree of " + treeSize + " leaves has a frontier of "
                    + Long.bitCount(treeSize) + " nodes, not " + nodes.size());
        }
        return new Frontier(treeSize, List.copyOf(nodes));
    }

    /** Reads the frontier of the first {@code treeSize} leaves of a log. */
    public static Frontier read(NodeReader reader, long treeSize) {
        List<NodeHash> nodes = new ArrayList<>();
        for (PerfectSubtree subtree : PerfectSubtree.ofTree(treeSize)) {
            nodes.add(reader.node(subtree.level(), subtree.index()));
        }
        return of(treeSize, nodes);
    }

    /** Number of leaves. */
    public long treeSize() {
        return treeSize;
    }

    /** Roots of the perfect subtrees, largest first. */
    public List<NodeHash> nodes() {
        return nodes;
    }

    /** Root of the tree: SHA-256 of nothing when it is empty. */
    public RootHash root() {
        if (nodes.isEmpty()) {
            return MerkleHash.EMPTY_ROOT;
        }
        NodeHash root = nodes.getLast();
        for (int i = nodes.size() - 2; i >= 0; i--) {
            root = MerkleHash.node(nodes.get(i), root);
        }
        return root.asRoot();
    }

    /** The frontier after one more leaf. */
    public Frontier append(LeafHash leaf) {
        return append(leaf, NOWHERE);
    }

    /** The frontier after one more leaf; {@code sink} gets the leaf and every subtree that it completes. */
    public Frontier append(LeafHash leaf, NodeSink sink) {
        if (treeSize == Long.MAX_VALUE) {
            throw new IllegalStateException("a log has at most 2^63 - 1 leaves");
        }
        List<NodeHash> next = new ArrayList<>(nodes);
        NodeHash hash = leaf.asNode();
        int level = 0;
        sink.node(0, treeSize, hash);
        for (; (treeSize >> level & 1) == 1; level++) {
            hash = MerkleHash.node(next.removeLast(), hash);
            sink.node(level + 1, treeSize >> (level + 1), hash);
        }
        next.add(hash);
        return new Frontier(treeSize + 1, List.copyOf(next));
    }

    /** The nodes, 32 bytes each, largest first; the size is stored beside it. */
    public byte[] encode() {
        byte[] out = new byte[nodes.size() * Sha256Value.LENGTH];
        for (int i = 0; i < nodes.size(); i++) {
            System.arraycopy(nodes.get(i).raw(), 0, out, i * Sha256Value.LENGTH, Sha256Value.LENGTH);
        }
        return out;
    }

    /**
     * Inverse of {@link #encode}.
     *
     * @throws IllegalArgumentException when the length does not fit the size
     */
    public static Frontier decode(long treeSize, byte[] encoded) {
        if (treeSize < 0 || encoded.length != Long.bitCount(treeSize) * Sha256Value.LENGTH) {
            throw new IllegalArgumentException("the frontier of " + treeSize + " leaves has "
                    + Long.bitCount(treeSize) * Sha256Value.LENGTH + " bytes, not " + encoded.length);
        }
        List<NodeHash> nodes = new ArrayList<>();
        for (int at = 0; at < encoded.length; at += Sha256Value.LENGTH) {
            nodes.add(NodeHash.ofBytes(Arrays.copyOfRange(encoded, at, at + Sha256Value.LENGTH)));
        }
        return of(treeSize, nodes);
    }

    /** Two frontiers are equal when they have the same size and nodes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Frontier that && that.treeSize == treeSize && that.nodes.equals(nodes);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(treeSize) + nodes.hashCode();
    }

    @Override
    public String toString() {
        return "frontier of " + treeSize + " leaves with root " + root();
    }
}
