package dev.lair.transparency;

/** Names one signed record: the hash of its content bytes under its domain prefix (warg protocol, section 1). */
public final class RecordId extends Sha256Value {

    private RecordId(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static RecordId ofBytes(byte[] bytes) {
        return new RecordId(bytes);
    }

    /**
     * The inverse of {@link #hex}.
     *
     * @throws MalformedDigestException when it is not 64 lower-case hex digits
     */
    public static RecordId ofHex(String hex) {
        return new RecordId(parseHex(hex));
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static RecordId parse(String text) {
        return new RecordId(parseText(text));
    }
}
