package dev.lair.signing.note;

import dev.lair.transparency.DecimalText;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * The body of a witness's answer 409: the size of the checkpoint that it cosigned last, 0 for none
 * (c2sp.org/tlog-witness). Decimal, no leading zeros, one line feed. {@link #parse} and {@link #format} are inverses.
 *
 * @param treeSize not negative
 */
public record WitnessedSize(long treeSize) {

    /** The media type that tells this body from another reason for 409. */
    public static final String CONTENT_TYPE = "text/x.tlog.size";

    /** Checks the size; {@link MalformedNoteException} when it is negative. */
    public WitnessedSize {
        if (treeSize < 0) {
            throw new MalformedNoteException("no witness cosigned the size " + treeSize);
        }
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws MalformedNoteException for any other bytes
     */
    public static WitnessedSize parse(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        OptionalLong size =
                text.endsWith("\n") ? DecimalText.parse(text.substring(0, text.length() - 1)) : OptionalLong.empty();
        return new WitnessedSize(size.orElseThrow(() -> new MalformedNoteException(
                "the body of a witness's 409 must be a tree size in decimal and a line feed")));
    }

    /** The body. */
    public String format() {
        return treeSize + "\n";
    }
}
