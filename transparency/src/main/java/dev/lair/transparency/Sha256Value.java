package dev.lair.transparency;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 value with a meaning: the subtype says of what. Two values are equal only when their meaning is the same
 * too, so that a content digest never passes for a tree hash.
 *
 * <p>Text form ({@link #toString}, {@code parse}): {@code sha256:} and 64 lower-case hex digits. The reference parser
 * accepts other lengths; we do not (warg protocol, section 1). Nothing but SHA-256 exists in protocol version 0.
 */
public abstract sealed class Sha256Value implements Comparable<Sha256Value>
        permits Digest, LogId, RecordId, LeafHash, NodeHash, RootHash {

    /** Length of every value in bytes. */
    public static final int LENGTH = 32;

    /** Length of the text form in characters (and in UTF-8 bytes). */
    public static final int TEXT_LENGTH = 71;

    static final String PREFIX = "sha256:";
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    /** Takes a copy of {@code bytes}, which must be 32 long. */
    Sha256Value(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a SHA-256 value has 32 bytes, not " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    /** A copy of the 32 bytes. */
    public final byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes themselves, for hashing inside this package; never handed out. */
    final byte[] raw() {
        return bytes;
    }

    /** 64 lower-case hex digits. */
    public final String hex() {
        return HEX.formatHex(bytes);
    }

    /** The 32 bytes in base64, as C2SP's texts write hashes. */
    public final String base64() {
        return StrictBase64.encode(bytes);
    }

    @Override
    public final String toString() {
        return PREFIX + hex();
    }

    /** Unsigned byte order. */
    @Override
    public final int compareTo(Sha256Value other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof Sha256Value that
                && that.getClass() == getClass()
                && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public final int hashCode() {
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }

    /**
     * The bytes of a text form.
     *
     * @throws MalformedDigestException when it is not {@code sha256:} and 64 lower-case hex digits
     */
    static byte[] parseText(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new MalformedDigestException(text, "it must start with `sha256:`");
        }
        if (text.length() != TEXT_LENGTH) {
            throw new MalformedDigestException(text, "64 hex digits must follow `sha256:`");
        }
        return parseHexDigits(text, PREFIX.length());
    }

    /** The bytes of a {@link #base64} text. */
    static byte[] parseBase64Text(String text) {
        byte[] bytes;
        try {
            bytes = StrictBase64.decode(text);
        } catch (MalformedBase64Exception e) {
            throw new MalformedDigestException(text, "it is " + e.getMessage());
        }
        if (bytes.length != LENGTH) {
            throw new MalformedDigestException(text, "its base64 must hold 32 bytes, not " + bytes.length);
        }
        return bytes;
    }

    /** The bytes of 64 lower-case hex digits without prefix. */
    static byte[] parseHex(String hex) {
        if (hex.length() != 2 * LENGTH) {
            throw new MalformedDigestException(hex, "64 hex digits are needed");
        }
        return parseHexDigits(hex, 0);
    }

    private static byte[] parseHexDigits(String text, int from) {
        byte[] out = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            out[i] = (byte) (digit(text, from + 2 * i) << 4 | digit(text, from + 2 * i + 1));
        }
        return out;
    }

    private static int digit(String text, int at) {
        char c = text.charAt(at);
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        throw new MalformedDigestException(text, "character " + at + " is not a lower-case hex digit");
    }

    /** SHA-256 of the concatenation of {@code parts}. */
    static byte[] sha256(byte[]... parts) {
        MessageDigest sha = newSha256();
        for (byte[] part : parts) {
            sha.update(part);
        }
        return sha.digest();
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
