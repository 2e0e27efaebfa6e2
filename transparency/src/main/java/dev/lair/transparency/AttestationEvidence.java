package dev.lair.transparency;

import java.nio.charset.StandardCharsets;

/**
 * An entry of the evidence log: that the registry attested how a record was published. It names the attestation by the
 * digest of its bytes, so that witnesses who cosign the evidence log vouch for when it was there, and that it was not
 * replaced; what it says stands in the attestation.
 *
 * <pre>
 * lair.dev/attestation-evidence@v1 LF
 * ORIGIN LF                    of the main log
 * sha256:HEX LF                the record
 * sha256:HEX LF                the attestation's bytes
 * </pre>
 *
 * {@link #parse} and {@link #format} are inverses. <b>Order.</b> An entry stands behind a {@link CheckpointEvidence} whose
 * checkpoint covers the record. So whoever knows the record's place finds its attestations by reading backwards, no
 * further than to a checkpoint that does not cover it.
 *
 * @param origin the main log's name: not empty, no control characters
 * @param recordId the record that released what was attested
 * @param attestation digest of the attestation as it is served
 */
public record AttestationEvidence(String origin, RecordId recordId, Digest attestation) {

    private static final String WHAT = "statement of an attestation";
    private static final String HEADER = "lair.dev/attestation-evidence@v1";

    /** Checks what the components may be; {@link MalformedCheckpointException} otherwise. */
    public AttestationEvidence {
        TextLines.requireLine(WHAT, "its origin", origin);
    }

    /**
     * Whether the bytes of an entry claim to be of this format: the evidence log holds other entries too. {@link #parse}
     * may still refuse them.
     */
    public static boolean isMarked(byte[] entry) {
        return new String(entry, StandardCharsets.ISO_8859_1).startsWith(HEADER + "\n");
    }

    /** {@link #parse(String)} of the bytes of an entry. */
    public static AttestationEvidence parse(byte[] entry) {
        return parse(TextLines.utf8(WHAT, entry));
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws MalformedCheckpointException for any other text, naming the line and the rule
     */
    public static AttestationEvidence parse(String text) {
        TextLines lines = TextLines.of(WHAT, text);
        if (!lines.line(1).equals(HEADER)) {
            throw new MalformedCheckpointException(WHAT, "line 1", "must be " + HEADER);
        }
        if (lines.count() != 4) {
            throw new MalformedCheckpointException(
                    WHAT, "it", "must have the lines header, origin, record and attestation, and no others");
        }
        return new AttestationEvidence(
                lines.line(2),
                RecordId.ofBytes(lines.sha256(3, "the record id")),
                Digest.ofBytes(lines.sha256(4, "the digest of the attestation")));
    }

    /** The text, with a line feed after each line. */
    public String format() {
        return HEADER + "\n" + origin + "\n" + recordId + "\n" + attestation + "\n";
    }

    /** The bytes of the entry: {@link #format} in UTF-8. */
    public byte[] entry() {
        return format().getBytes(StandardCharsets.UTF_8);
    }
}
