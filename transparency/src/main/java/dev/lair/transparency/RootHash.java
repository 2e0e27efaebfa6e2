package dev.lair.transparency;

/** Root of a Merkle tree: of the log at a size, or of the map at a version. */
public final class RootHash extends Sha256Value {

    private RootHash(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static RootHash ofBytes(byte[] bytes) {
        return new RootHash(bytes);
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static RootHash parse(String text) {
        return new RootHash(parseText(text));
    }

    /** Parses 44 characters of canonical base64; {@link MalformedDigestException} for any other text. */
    public static RootHash parseBase64(String text) {
        return new RootHash(parseBase64Text(text));
    }
}
