package dev.lair.transparency;

/** Names one package log, or the operator log, inside the registry's ledger (warg protocol, section 1). */
public final class LogId extends Sha256Value {

    private LogId(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static LogId ofBytes(byte[] bytes) {
        return new LogId(bytes);
    }

    /**
     * The inverse of {@link #hex}.
     *
     * @throws MalformedDigestException when it is not 64 lower-case hex digits
     */
    public static LogId ofHex(String hex) {
        return new LogId(parseHex(hex));
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static LogId parse(String text) {
        return new LogId(parseText(text));
    }
}
