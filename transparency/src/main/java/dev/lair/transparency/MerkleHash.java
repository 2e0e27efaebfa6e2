package dev.lair.transparency;

/** The hash rules of RFC 6962, section 2.1: a leaf is {@code H(00 ‖ data)}, a node is {@code H(01 ‖ left ‖ right)}. */
public final class MerkleHash {

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    /** Root of the tree without leaves: SHA-256 of nothing. */
    public static final RootHash EMPTY_ROOT = RootHash.ofBytes(Sha256Value.sha256());

    private MerkleHash() {}

    /** Hash of a leaf with this data. */
    public static LeafHash leaf(byte[] data) {
        return LeafHash.ofBytes(Sha256Value.sha256(LEAF, data));
    }

    /** Hash of the node above two subtrees. */
    public static NodeHash node(NodeHash left, NodeHash right) {
        return NodeHash.ofBytes(Sha256Value.sha256(NODE, left.raw(), right.raw()));
    }
}
