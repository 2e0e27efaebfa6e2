package dev.lair.component.binary;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the primitives of the binary format (core specification, chapter 5) from a part of a binary: it never leaves
 * the
 * part, knows its place in the whole and copies nothing but names.
 */
public final class ByteCursor {
    private static final String EOF = "unexpected end-of-file";

    /** Counts items over all parts of one binary, so that few bytes cannot become many objects. */
    private static final class Items {
        private long count;
    }

    private final ByteBuffer bytes;
    private final long base;
    private final Items items;

    /** Reads a buffer from its position to its limit; the first byte has the given offset in the outermost binary. */
    public ByteCursor(ByteBuffer bytes, long offset) {
        this(bytes, offset, new Items());
    }

    private ByteCursor(ByteBuffer bytes, long offset, Items items) {
        this.bytes = bytes.slice();
        this.base = offset;
        this.items = items;
    }

    /** Notes that items are about to be decoded. */
    void charge(int count) throws InvalidComponentException {
        items.count += count;
        if (items.count > ComponentLimits.DECODED_ITEMS) {
            throw invalid("more than " + ComponentLimits.DECODED_ITEMS + " definitions and parts of types");
        }
    }

    /** Offset of the next byte in the outermost binary. */
    public long offset() {
        return base + bytes.position();
    }

    public boolean hasRemaining() {
        return bytes.hasRemaining();
    }

    public int remaining() {
        return bytes.remaining();
    }

    public InvalidComponentException invalid(String rule) {
        return new InvalidComponentException(rule, offset());
    }

    /** The next byte, without passing over it. */
    public int peek() throws InvalidComponentException {
        need(1);
        return bytes.get(bytes.position()) & 0xff;
    }

    public int u8() throws InvalidComponentException {
        need(1);
        return bytes.get() & 0xff;
    }

    /** Unsigned LEB128 of 32 bits: at most five bytes, unused bits zero. */
    public long u32() throws InvalidComponentException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long at = offset();
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (shift == 28 && (b & 0xf0) != 0) {
                throw new InvalidComponentException("invalid u32: more than 32 bits", at);
            }
            if ((b & 0x80) == 0) {
                return value;
            }
        }
    }

    /** An index. Those beyond 31 bits exceed every index space and are refused here. */
    public int index() throws InvalidComponentException {
        long at = offset();
        long index = u32();
        if (index > Integer.MAX_VALUE) {
            throw new InvalidComponentException("index out of bounds: " + index, at);
        }
        return (int) index;
    }

    /** Unsigned LEB128 of 64 bits: at most ten bytes, unused bits zero. */
    public long u64() throws InvalidComponentException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long at = offset();
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (shift == 63 && (b & 0xfe) != 0) {
                throw new InvalidComponentException("invalid u64: more than 64 bits", at);
            }
            if ((b & 0x80) == 0) {
                return value;
            }
        }
    }

    /** Signed LEB128 of 33 bits: at most five bytes, unused bits equal to the sign. */
    public long s33() throws InvalidComponentException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long at = offset();
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (shift == 28 && (b & 0xf0) != 0 && (b & 0xf0) != 0x70) {
                throw new InvalidComponentException("invalid s33: more than 33 bits", at);
            }
            if ((b & 0x80) == 0) {
                return (b & 0x40) == 0 ? value : value | -1L << (shift + 7);
            }
        }
    }

    /** A count of items that follow, each of at least one byte. */
    public int count(int limit, String what) throws InvalidComponentException {
        long at = offset();
        long count = u32();
        if (count > limit) {
            throw new InvalidComponentException(what + " count of " + count + " exceeds the limit of " + limit, at);
        }
        if (count > remaining()) {
            throw new InvalidComponentException(EOF, at);
        }
        charge((int) count);
        return (int) count;
    }

    /** A byte that is 0 or 1. */
    public boolean flag(String what) throws InvalidComponentException {
        long at = offset();
        int b = u8();
        if (b > 1) {
            throw leadingByte(b, what, at);
        }
        return b == 1;
    }

    /** A size and that many bytes of UTF-8. */
    public String name() throws InvalidComponentException {
        long at = offset();
        long size = u32();
        if (size > ComponentLimits.NAME_BYTES) {
            throw new InvalidComponentException(
                    "string of " + size + " bytes exceeds the limit of " + ComponentLimits.NAME_BYTES, at);
        }
        need((int) size);
        long start = offset();
        ByteBuffer text = bytes.slice(bytes.position(), (int) size);
        bytes.position(bytes.position() + (int) size);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidComponentException("malformed UTF-8 encoding", start);
        }
    }

    /** A size and that many bytes as a cursor of their own; this one continues behind them. */
    public ByteCursor sized() throws InvalidComponentException {
        long at = offset();
        long size = u32();
        if (size > remaining()) {
            throw new InvalidComponentException(EOF, at);
        }
        ByteCursor part = new ByteCursor(bytes.slice(bytes.position(), (int) size), offset(), items);
        bytes.position(bytes.position() + (int) size);
        return part;
    }

    /** Passes over bytes. */
    public void skip(int count) throws InvalidComponentException {
        need(count);
        bytes.position(bytes.position() + count);
    }

    /** What is left, as a view; the cursor is at its end afterwards. */
    public ByteBuffer rest() {
        ByteBuffer rest = bytes.slice();
        bytes.position(bytes.limit());
        return rest;
    }

    /** Refuses bytes behind the last item of a section. */
    public void end() throws InvalidComponentException {
        if (hasRemaining()) {
            throw invalid("section size mismatch: unexpected data at the end of the section");
        }
    }

    static InvalidComponentException leadingByte(int b, String what, long at) {
        return new InvalidComponentException("invalid leading byte (0x" + Integer.toHexString(b) + ") for " + what, at);
    }

    private void need(int count) throws InvalidComponentException {
        if (remaining() < count) {
            throw invalid(EOF);
        }
    }
}
