package dev.lair.transparency;

/** Hash of a perfect subtree, or of any inner node, of a Merkle tree. */
public final class NodeHash extends Sha256Value {

    private NodeHash(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static NodeHash ofBytes(byte[] bytes) {
        return new NodeHash(bytes);
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static NodeHash parse(String text) {
        return new NodeHash(parseText(text));
    }

    /** Parses 44 characters of canonical base64; {@link MalformedDigestException} for any other text. */
    public static NodeHash parseBase64(String text) {
        return new NodeHash(parseBase64Text(text));
    }

    /** The same hash seen as the root of a whole tree. */
    public RootHash asRoot() {
        return RootHash.ofBytes(raw());
    }
}
