package dev.lair.server.gate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A valid component of a hundred megabytes that is never whole in memory: a core module that is nearly as large as one may
 * be, with much data and so much code that it is checked in several passes, and a custom section. The seed tells one from the
 * other.
 */
final class LargeComponent {

    private static final int DATA_BYTES = 58_000_000;
    private static final int CUSTOM_BYTES = 40_000_000;
    private static final int FUNCTIONS = 4000;

    /** {@code i32.const 0, drop}, so often in each function. */
    private static final int PAIRS = 333;

    private LargeComponent() {}

    /** Its bytes from the beginning. */
    static InputStream bytes(int seed) {
        List<InputStream> parts = new ArrayList<>();
        parts.add(part(new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0}));
        byte[] head = moduleHead();
        parts.add(part(section(1, head.length + DATA_BYTES)));
        parts.add(part(head));
        parts.add(new Pattern(DATA_BYTES, seed * 31));
        parts.add(part(section(0, 2 + CUSTOM_BYTES)));
        parts.add(part(new byte[] {1, 'x'}));
        parts.add(new Pattern(CUSTOM_BYTES, seed));
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    private static InputStream part(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    /** A module up to the bytes of its one passive data segment. */
    private static byte[] moduleHead() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        // One type, () -> ().
        out.writeBytes(new byte[] {1, 4, 1, 0x60, 0, 0});
        ByteArrayOutputStream functions = new ByteArrayOutputStream();
        unsigned(functions, FUNCTIONS);
        functions.writeBytes(new byte[FUNCTIONS]);
        write(out, 3, functions);
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        unsigned(code, FUNCTIONS);
        for (int i = 0; i < FUNCTIONS; i++) {
            unsigned(code, 2 + 3 * PAIRS);
            code.write(0);
            for (int j = 0; j < PAIRS; j++) {
                code.writeBytes(new byte[] {0x41, 0, 0x1a});
            }
            code.write(0x0b);
        }
        write(out, 10, code);
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        segment.write(1);
        segment.write(1);
        unsigned(segment, DATA_BYTES);
        out.writeBytes(section(11, segment.size() + DATA_BYTES));
        out.writeBytes(segment.toByteArray());
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int id, ByteArrayOutputStream body) {
        out.writeBytes(section(id, body.size()));
        out.writeBytes(body.toByteArray());
    }

    private static byte[] section(int id, int sizeBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(id);
        unsigned(out, sizeBytes);
        return out.toByteArray();
    }

    /** Unsigned LEB128. */
    private static void unsigned(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** Bytes that a seed and their place tell. */
    private static final class Pattern extends InputStream {

        private final int length;
        private final int seed;
        private int position;

        Pattern(int length, int seed) {
            this.length = length;
            this.seed = seed;
        }

        @Override
        public int read() {
            return position < length ? value(position++) & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            if (position == length) {
                return -1;
            }
            int given = Math.min(count, length - position);
            for (int i = 0; i < given; i++) {
                buffer[offset + i] = (byte) value(position++);
            }
            return given;
        }

        private int value(int at) {
            return (at >>> 3) * 31 + seed;
        }
    }
}
