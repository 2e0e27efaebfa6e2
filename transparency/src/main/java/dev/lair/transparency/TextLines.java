package dev.lair.transparency;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** Lines of a text in which each line ends with a line feed, and the values that stand on them; line 1 is the first. */
final class TextLines {

    private final String what;
    private final List<String> lines;

    private TextLines(String what, List<String> lines) {
        this.what = what;
        this.lines = lines;
    }

    /** The lines of {@code text}; {@code what} is how errors call it. */
    static TextLines of(String what, String text) {
        if (!text.endsWith("\n")) {
            throw new MalformedCheckpointException(what, "its last line", "must end with a line feed");
        }
        return new TextLines(what, List.of(text.substring(0, text.length() - 1).split("\n", -1)));
    }

    /** The text of UTF-8 bytes. */
    static String utf8(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedCheckpointException(what, "it", "must be UTF-8");
        }
    }

    int count() {
        return lines.size();
    }

    List<String> from(int line) {
        return lines.subList(line - 1, lines.size());
    }

    String line(int line) {
        return lines.get(line - 1);
    }

    /** {@link DecimalText} of a tree size. */
    long size(int line) {
        OptionalLong size = DecimalText.parse(line(line));
        if (size.isEmpty()) {
            throw new MalformedCheckpointException(
                    what, "line " + line, "must be the tree size: decimal digits without leading zeros, below 2^63");
        }
        return size.getAsLong();
    }

    RootHash root(int line) {
        try {
            return RootHash.parseBase64(line(line));
        } catch (MalformedDigestException e) {
            throw new MalformedCheckpointException(
                    what, "line " + line, "must be the root hash: 32 bytes in canonical base64");
        }
    }

    /** The 32 bytes of a SHA-256 value in its text form; {@code value} is how errors call it. */
    byte[] sha256(int line, String value) {
        try {
            return Sha256Value.parseText(line(line));
        } catch (MalformedDigestException e) {
            throw new MalformedCheckpointException(
                    what, "line " + line, "must be " + value + ": sha256: and 64 lower-case hex digits");
        }
    }

    /** Checks that {@code value} can stand on a line of a signed note: not empty, encodable, no control characters. */
    static void requireLine(String what, String name, String value) {
        if (value.isEmpty()) {
            throw new MalformedCheckpointException(what, name, "must not be empty");
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ') {
                throw new MalformedCheckpointException(what, name, "must have no control characters");
            }
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new MalformedCheckpointException(what, name, "must be Unicode text; it has half of a character pair");
        }
    }
}
