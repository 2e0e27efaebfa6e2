package dev.lair.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary as text: hex digits, blanks ignored, `;` starts a comment. The expectation stands in a line of its own:
 * `expect: ` and a message for invalid binaries, or kind and verdict for valid ones.
 */
record HexFile(String name, ByteBuffer bytes, String expected) {
    private static final String EXPECT = "expect: ";

    static HexFile read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            StringBuilder hex = new StringBuilder();
            @Nullable String expected = null;
            for (String line : lines) {
                if (line.startsWith(EXPECT)) {
                    expected = line.substring(EXPECT.length());
                } else {
                    hex.append(line.replaceAll(";.*", "").replaceAll("\\s", ""));
                }
            }
            if (expected == null) {
                throw new IllegalArgumentException("no line `expect: ` in " + file);
            }
            return new HexFile(
                    String.valueOf(file.getFileName()),
                    ByteBuffer.wrap(HexFormat.of().parseHex(hex)).asReadOnlyBuffer(),
                    expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
