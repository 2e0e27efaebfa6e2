package dev.lair.component.binary;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the primitives of the binary format, the inverse of {@link ByteCursor}; integers take as few bytes as
 * they can.
 */
public final class ByteSink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    /** Bytes written so far. */
    public int sizeBytes() {
        return out.size();
    }

    public ByteSink u8(int b) {
        out.write(b);
        return this;
    }

    /** Unsigned LEB128, of up to 64 bits. */
    public ByteSink unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** Signed LEB128. */
    public ByteSink signed(long value) {
        long rest = value;
        while (rest < -0x40 || rest > 0x3f) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>= 7;
        }
        out.write((int) (rest & 0x7f));
        return this;
    }

    /** A size and that many bytes of UTF-8. */
    public ByteSink name(String text) {
        return sized(text.getBytes(StandardCharsets.UTF_8));
    }

    public ByteSink bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The bytes between position and limit; the position stays. */
    public ByteSink bytes(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return bytes(copy);
    }

    /** A size and the bytes. */
    public ByteSink sized(byte[] bytes) {
        return unsigned(bytes.length).bytes(bytes);
    }

    /** A section: its number, its size and what the content writes. */
    public ByteSink section(int id, Consumer<ByteSink> content) {
        ByteSink body = new ByteSink();
        content.accept(body);
        return u8(id).sized(body.toByteArray());
    }

    /** A count and the items. */
    public <T> ByteSink each(List<T> items, Consumer<T> item) {
        unsigned(items.size());
        items.forEach(item);
        return this;
    }
}
