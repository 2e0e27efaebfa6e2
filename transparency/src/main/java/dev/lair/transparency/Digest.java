package dev.lair.transparency;

/** SHA-256 of content. */
public final class Digest extends Sha256Value {

    private Digest(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static Digest ofBytes(byte[] bytes) {
        return new Digest(bytes);
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static Digest parse(String text) {
        return new Digest(parseText(text));
    }

    /** Parses 64 hex digits without the prefix, as they stand in content paths. */
    public static Digest parseHexOnly(String hex) {
        return new Digest(parseHex(hex));
    }

    /** Hashes the concatenation of {@code parts}. */
    public static Digest of(byte[]... parts) {
        return new Digest(sha256(parts));
    }
}
