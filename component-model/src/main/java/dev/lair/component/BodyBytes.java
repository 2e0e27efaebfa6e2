package dev.lair.component;

/**
 * The bytes of one function body, read without a check at each: the array has {@link #SLACK} more, and {@link #isBeyond}
 * tells after each instruction whether it went too far.
 */
final class BodyBytes {
    /** How far one instruction without a list may read behind the end of a body before that is noticed. */
    static final int SLACK = 32;

    private byte[] bytes = {};
    private int at;
    private int end;
    private boolean malformed;

    void set(byte[] array, int from, int to) {
        bytes = array;
        at = from;
        end = to;
        malformed = false;
    }

    boolean hasNext() {
        return at < end;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** Whether what was read is no well-formed part of the body. */
    boolean isBeyond() {
        return malformed || at > end;
    }

    byte peek() {
        return bytes[at];
    }

    byte next() {
        return bytes[at++];
    }

    void skip(int count) {
        at += count;
    }

    private int malformed() {
        malformed = true;
        return 0;
    }

    /** A type index of two or three bytes. */
    int typeIndex() {
        int value = 0;
        for (int shift = 0; shift < 21; shift += 7) {
            int next = bytes[at++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (next & 0x40) == 0 ? value : malformed();
            }
        }
        return malformed();
    }

    /** Unsigned LEB128 of 32 bits, of which values from 2^31 on are not needed here. */
    int u32() {
        byte first = bytes[at++];
        if (first >= 0) {
            return first;
        }
        int value = first & 0x7f;
        for (int shift = 7; shift < 28; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        byte last = bytes[at++];
        if (last < 0 || last > 0x0f) {
            return malformed();
        }
        value |= last << 28;
        return value < 0 ? large() : value;
    }

    /** Offsets of memory accesses may be that large; indexes and counts are not. */
    private int large() {
        return Integer.MAX_VALUE;
    }

    /** Passes over a signed LEB128 whose unused bits equal its sign. */
    void signed(int mostBytes, int bits) {
        for (int i = 1; i < mostBytes; i++) {
            if (bytes[at++] >= 0) {
                return;
            }
        }
        byte last = bytes[at++];
        int used = bits - 7 * (mostBytes - 1); // 4 of 32 bits, 1 of 64
        int rest = (last << 25) >> (25 + used - 1); // the sign bit and all above it, of seven
        if (last < 0 || (rest != 0 && rest != -1)) {
            malformed = true;
        }
    }
}
