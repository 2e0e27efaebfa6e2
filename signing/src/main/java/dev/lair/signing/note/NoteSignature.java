package dev.lair.signing.note;

import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One signature of a note, not yet verified (c2sp.org/signed-note, "Signatures"):
 *
 * <pre>
 * — NAME BASE64(key id ‖ body) LF       em dash U+2014; key id in 4 bytes; body of at least 1 byte
 * </pre>
 *
 * Several such lines are also what a witness answers ({@link #parseLines}). {@link #parseLines} and {@link #formatLines}
 * are inverses.
 */
public final class NoteSignature {

    private static final String START = "\u2014 ";

    private final String name;
    private final int keyId;
    private final byte[] body;

    /**
     * A signature as a key made it; the array is copied.
     *
     * @param body what follows the key id: for cosignatures the time and the signature
     * @throws MalformedNoteException when the name cannot be one or the body is empty
     */
    public NoteSignature(String name, int keyId, byte[] body) {
        NoteText.brokenName(name).ifPresent(rule -> {
            throw new MalformedNoteException("the name of a note's signature " + rule);
        });
        if (body.length == 0) {
            throw new MalformedNoteException("a note's signature has at least one byte after the key id");
        }
        this.name = name;
        this.keyId = keyId;
        this.body = body.clone();
    }

    /** The name that the signer goes by. */
    public String name() {
        return name;
    }

    /** The signer's key id, the 4 bytes as a big-endian number. */
    public int keyId() {
        return keyId;
    }

    /** A copy of what follows the key id. */
    public byte[] body() {
        return body.clone();
    }

    /**
     * Parses one or more lines, each ending with a line feed, as a witness answers them.
     *
     * @throws MalformedNoteException for any other text, naming the line and the rule
     */
    public static List<NoteSignature> parseLines(String text) {
        if (text.length() > Limits.NOTE_BYTES) {
            throw new MalformedNoteException("signature lines have at most " + Limits.NOTE_BYTES + " bytes");
        }
        if (!text.endsWith("\n")) {
            throw new MalformedNoteException("signature lines must end with a line feed");
        }
        String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
        if (lines.length > Limits.NOTE_SIGNATURES) {
            throw new MalformedNoteException(
                    "a note has at most " + Limits.NOTE_SIGNATURES + " signatures, this has " + lines.length);
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : lines) {
            signatures.add(parseLine(line, "signature line " + (signatures.size() + 1)));
        }
        return List.copyOf(signatures);
    }

    private static NoteSignature parseLine(String line, String place) {
        int space = line.indexOf(' ', START.length());
        if (!line.startsWith(START) || space < 0) {
            throw new MalformedNoteException(
                    place + " must be an em dash, the key's name and base64, with one space" + " between each");
        }
        String name = line.substring(START.length(), space);
        NoteText.brokenName(name).ifPresent(rule -> {
            throw new MalformedNoteException(place + ": the name " + rule);
        });
        byte[] bytes;
        try {
            bytes = StrictBase64.decode(line.substring(space + 1));
        } catch (MalformedBase64Exception e) {
            throw new MalformedNoteException(place + ": what follows the name is " + e.getMessage());
        }
        if (bytes.length <= Integer.BYTES) {
            throw new MalformedNoteException(place + " must hold a key id of 4 bytes and at least one byte more, not "
                    + bytes.length + " bytes");
        }
        return new NoteSignature(
                name, ByteBuffer.wrap(bytes).getInt(), Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length));
    }

    /** The lines of these signatures, in order. */
    public static String formatLines(List<NoteSignature> signatures) {
        StringBuilder text = new StringBuilder();
        signatures.forEach(signature -> text.append(signature.line()));
        return text.toString();
    }

    /** This signature's line, with its line feed. */
    public String line() {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(keyId)
                .put(body)
                .array();
        return START + name + " " + StrictBase64.encode(bytes) + "\n";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteSignature that
                && keyId == that.keyId
                && name.equals(that.name)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + keyId) + Arrays.hashCode(body);
    }

    /** Name and key id. */
    @Override
    public String toString() {
        return "NoteSignature[" + name + " " + NoteText.hex(keyId) + "]";
    }
}
