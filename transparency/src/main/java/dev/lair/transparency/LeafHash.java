package dev.lair.transparency;

/** Hash of one leaf of a tree: level 0. */
public final class LeafHash extends Sha256Value {

    private LeafHash(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static LeafHash ofBytes(byte[] bytes) {
        return new LeafHash(bytes);
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static LeafHash parse(String text) {
        return new LeafHash(parseText(text));
    }

    /** The same hash seen as a node of the tree. */
    public NodeHash asNode() {
        return NodeHash.ofBytes(raw());
    }
}
