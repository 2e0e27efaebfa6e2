package dev.lair.transparency;

import java.nio.charset.StandardCharsets;

/**
 * An entry of the evidence log: that the registry signed a checkpoint of its main log, with the map root that belongs to
 * it (transparency log, section 4, point 6). It ties the map, which C2SP's checkpoint does not know, to what witnesses
 * cosign.
 *
 * <pre>
 * lair.dev/checkpoint-evidence@v1 LF
 * ORIGIN LF                  of the main log
 * SIZE LF                    decimal, no leading zeros
 * BASE64(log root) LF
 * BASE64(map root) LF
 * </pre>
 *
 * {@link #parse} and {@link #format} are inverses.
 *
 * @param origin the main log's name: not empty, no control characters
 * @param treeSize number of leaves of the main log, not negative
 * @param logRoot root of the main log at that size
 * @param mapRoot root of the map from log id to head record id at that size
 */
public record CheckpointEvidence(String origin, long treeSize, RootHash logRoot, RootHash mapRoot) {

    private static final String WHAT = "checkpoint evidence";
    private static final String HEADER = "lair.dev/checkpoint-evidence@v1";

    /** Checks what the components may be; {@link MalformedCheckpointException} otherwise. */
    public CheckpointEvidence {
        TextLines.requireLine(WHAT, "its origin", origin);
        if (treeSize < 0) {
            throw new MalformedCheckpointException(WHAT, "its tree size", "must not be negative, got " + treeSize);
        }
    }

    /** The evidence of a checkpoint of the log named {@code origin}. */
    public static CheckpointEvidence of(String origin, Checkpoint checkpoint) {
        return new CheckpointEvidence(origin, checkpoint.logLength(), checkpoint.logRoot(), checkpoint.mapRoot());
    }

    /** What the evidence is about, in warg's form. */
    public Checkpoint checkpoint() {
        return new Checkpoint(logRoot, treeSize, mapRoot);
    }

    /**
     * Whether the bytes of an entry claim to be of this format: the evidence log holds other entries too. {@link #parse}
     * may still refuse them.
     */
    public static boolean isMarked(byte[] entry) {
        return new String(entry, StandardCharsets.ISO_8859_1).startsWith(HEADER + "\n");
    }

    /** {@link #parse(String)} of the bytes of an entry. */
    public static CheckpointEvidence parse(byte[] entry) {
        return parse(TextLines.utf8(WHAT, entry));
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws MalformedCheckpointException for any other text, naming the line and the rule
     */
    public static CheckpointEvidence parse(String text) {
        TextLines lines = TextLines.of(WHAT, text);
        if (!lines.line(1).equals(HEADER)) {
            throw new MalformedCheckpointException(WHAT, "line 1", "must be " + HEADER);
        }
        if (lines.count() != 5) {
            throw new MalformedCheckpointException(
                    WHAT, "it", "must have the lines header, origin, size, log root and map root, and no others");
        }
        return new CheckpointEvidence(lines.line(2), lines.size(3), lines.root(4), lines.root(5));
    }

    /** The text, with a line feed after each line. */
    public String format() {
        return HEADER + "\n" + origin + "\n" + treeSize + "\n" + logRoot.base64() + "\n" + mapRoot.base64() + "\n";
    }

    /** The bytes of the entry: {@link #format} in UTF-8. */
    public byte[] entry() {
        return format().getBytes(StandardCharsets.UTF_8);
    }
}
