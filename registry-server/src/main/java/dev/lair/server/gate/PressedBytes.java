package dev.lair.server.gate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bytes of an answer as they are held, compressed when they are long, and sent without ever being whole in memory again. */
final class PressedBytes {

    /** A quarter of a megabyte goes into the beginning of each compression. */
    private static final int PLAIN_BYTES = 4096;

    private final byte[] held;
    private final boolean isPressed;

    private PressedBytes(byte[] held, boolean isPressed) {
        this.held = held;
        this.isPressed = isPressed;
    }

    static PressedBytes of(byte[] bytes) {
        if (bytes.length <= PLAIN_BYTES) {
            return new PressedBytes(bytes, false);
        }
        ByteArrayOutputStream pressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(pressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory cannot be written", e);
        }
        return new PressedBytes(pressed.toByteArray(), true);
    }

    /** Bytes that are held. */
    int sizeBytes() {
        return held.length;
    }

    /** Sends what was put in. */
    void writeTo(OutputStream out) throws IOException {
        if (!isPressed) {
            out.write(held);
            return;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(held))) {
            in.transferTo(out);
        }
    }
}
