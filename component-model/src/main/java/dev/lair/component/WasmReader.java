package dev.lair.component;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A cursor over a part of a binary that never leaves it and knows its place in the whole. Nothing is copied. */
final class WasmReader {
    private static final String EOF = "unexpected end-of-file";

    private final ByteBuffer bytes;
    private final long base;

    /** Reads a buffer from its position to its limit; the caller's position does not move. */
    WasmReader(ByteBuffer bytes) {
        this(bytes.slice(), 0);
    }

    private WasmReader(ByteBuffer bytes, long base) {
        this.bytes = bytes;
        this.base = base;
    }

    /** Offset of the next byte in the outermost binary. */
    long offset() {
        return base + bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    boolean hasRemaining() {
        return bytes.hasRemaining();
    }

    InvalidWasmException invalid(String rule) {
        return new InvalidWasmException(rule, offset());
    }

    int u8() throws InvalidWasmException {
        need(1);
        return bytes.get() & 0xff;
    }

    /** Four bytes, least significant first. */
    int i32le() throws InvalidWasmException {
        need(4);
        int value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (bytes.get() & 0xff) << shift;
        }
        return value;
    }

    /** Unsigned LEB128 of 32 bits: at most five bytes, unused bits zero. */
    long u32() throws InvalidWasmException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long at = offset();
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (shift == 28 && (b & 0xf0) != 0) {
                throw new InvalidWasmException(
                        (b & 0x80) != 0
                                ? "invalid var_u32: integer representation too long"
                                : "invalid var_u32: integer too large",
                        at);
            }
            if ((b & 0x80) == 0) {
                return value;
            }
        }
    }

    /** Signed LEB128 of 33 bits: at most five bytes, unused bits equal to the sign. */
    long s33() throws InvalidWasmException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long at = offset();
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (shift == 28 && (b & 0xf0) != 0 && (b & 0xf0) != 0x70) {
                throw new InvalidWasmException("invalid var_s33", at);
            }
            if ((b & 0x80) == 0) {
                return (b & 0x40) == 0 ? value : value | -1L << (shift + 7);
            }
        }
    }

    /** A number of bytes that follow; they are all there. */
    int size() throws InvalidWasmException {
        long at = offset();
        long size = u32();
        if (size > remaining()) {
            throw new InvalidWasmException(EOF, at);
        }
        return (int) size;
    }

    /** A number of items that follow, each of at least one byte. */
    int count() throws InvalidWasmException {
        return size();
    }

    /** A number of items within a limit. */
    int count(int limit, String what) throws InvalidWasmException {
        long at = offset();
        long count = u32();
        if (count > limit) {
            throw new InvalidWasmException(what + " count of " + count + " exceeds the limit of " + limit, at);
        }
        return (int) count;
    }

    /** Passes over a LEB128 integer of at most this many bytes, whatever its sign. */
    void skipLeb(int maxBytes) throws InvalidWasmException {
        for (int i = 0; i < maxBytes; i++) {
            if ((u8() & 0x80) == 0) {
                return;
            }
        }
        throw invalid("integer representation too long");
    }

    void skip(int count) throws InvalidWasmException {
        need(count);
        bytes.position(bytes.position() + count);
    }

    /** The next bytes as a reader of their own; this one continues behind them. */
    WasmReader part(int sizeBytes) throws InvalidWasmException {
        need(sizeBytes);
        WasmReader part = new WasmReader(bytes.slice(bytes.position(), sizeBytes), offset());
        skip(sizeBytes);
        return part;
    }

    /** The same bytes again, from where this reader stands. */
    WasmReader again() {
        return new WasmReader(bytes.slice(), offset());
    }

    /** A size and that many bytes of UTF-8. */
    String name() throws InvalidWasmException {
        long at = offset();
        int size = size();
        if (size > Limits.NAME_BYTES) {
            throw new InvalidWasmException("string size out of bounds", at);
        }
        long start = offset();
        ByteBuffer text = bytes.slice(bytes.position(), size);
        skip(size);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidWasmException("malformed UTF-8 encoding", start);
        }
    }

    /** Copies what is left. */
    byte[] toByteArray() {
        byte[] copy = new byte[remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }

    /** Copies the next bytes to the start of an array and passes over them. */
    void copyTo(byte[] target, int sizeBytes) throws InvalidWasmException {
        need(sizeBytes);
        bytes.get(target, 0, sizeBytes);
    }

    private void need(int count) throws InvalidWasmException {
        if (remaining() < count) {
            throw invalid(EOF);
        }
    }
}
