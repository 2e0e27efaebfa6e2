package dev.lair.signing.note;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The characters that notes and the names of their keys are made of (c2sp.org/signed-note, "Format"). */
final class NoteText {

    private NoteText() {}

    /** The rule that {@code name} breaks as the name of a key; empty when it may be one. */
    static Optional<String> brokenName(String name) {
        if (name.isEmpty()) {
            return Optional.of("must not be empty");
        }
        if (name.codePoints().anyMatch(c -> c == '+' || isSpace(c) || c < ' ')) {
            return Optional.of("must have no space, no control character and no `+`");
        }
        return utf8OrNone(name).isEmpty() ? Optional.of("must be Unicode text") : Optional.empty();
    }

    /** White_Space of Unicode: all separators and six control characters. */
    private static boolean isSpace(int c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85;
    }

    /** Checks that every character may stand in a note: no control characters below U+0020 but the line feed. */
    static void requireNoControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' && text.charAt(i) != '\n') {
                throw new MalformedNoteException(
                        "a note must have no control characters but the line feed, it has byte " + (int) text.charAt(i)
                                + " as its character " + i);
            }
        }
    }

    /** The text of UTF-8 bytes; empty when they are not UTF-8. */
    static Optional<String> decode(byte[] utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The bytes of a text; empty when it has half of a character pair, which no bytes stand for. */
    static Optional<byte[]> utf8OrNone(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return Optional.of(bytes);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The 8 lower-case hex digits of a key id. */
    static String hex(int keyId) {
        return HexFormat.of().toHexDigits(keyId);
    }
}
