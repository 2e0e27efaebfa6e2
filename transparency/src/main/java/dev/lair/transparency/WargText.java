package dev.lair.transparency;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The two primitives of warg's hashed encodings: unsigned LEB128 and the length-prefixed string, {@code lstr(s) =
 * leb128(byte length) + UTF-8 bytes} (warg protocol, section 1).
 */
public final class WargText {

    private WargText() {}

    /** Unsigned LEB128 of a non-negative number, shortest form. */
    public static byte[] leb128(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("LEB128 here is unsigned, got " + value);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    /** {@code leb128(byte length) + UTF-8 bytes}. */
    public static byte[] lengthPrefixed(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return concat(leb128(utf8.length), utf8);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
