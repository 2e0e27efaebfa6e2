package dev.lair.component.wit.encode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes being written, with the primitives of Binary.md: LEB128 numbers, names, sections. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes put(int value) {
        out.write(value);
        return this;
    }

    Bytes put(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Bytes put(Bytes bytes) {
        return put(bytes.toArray());
    }

    /** Unsigned LEB128, as short as it goes. */
    Bytes unsigned(long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return put((int) rest);
    }

    /** Signed LEB128 of a value that is not negative: a type index where primitive types have negative codes. */
    Bytes typeIndex(int index) {
        int rest = index;
        while (rest > 0x3F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return put(rest);
    }

    Bytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return unsigned(utf8.length).put(utf8);
    }

    Bytes section(int id, Bytes content) {
        byte[] bytes = content.toArray();
        return put(id).unsigned(bytes.length).put(bytes);
    }

    Bytes custom(String name, byte[] content) {
        return section(0, new Bytes().text(name).put(content));
    }

    int size() {
        return out.size();
    }

    byte[] toArray() {
        return out.toByteArray();
    }
}
