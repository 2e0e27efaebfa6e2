package dev.lair.transparency;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text of a C2SP checkpoint, which signed notes carry (c2sp.org/tlog-checkpoint; transparency log, section 1):
 *
 * <pre>
 * ORIGIN LF
 * SIZE LF                decimal, no leading zeros
 * BASE64(root) LF        32 bytes
 * (EXTENSION LF)*        opaque; we write none
 * </pre>
 *
 * {@link #parse} and {@link #format} are inverses: what is accepted is what would be written. Who vouches for the text
 * is not said here (signing module), and neither is whether a tree of this size can have this root.
 *
 * @param origin the log's name: not empty, no control characters; fixed for the life of the log
 * @param treeSize number of leaves, not negative
 * @param root root of the tree of these leaves
 * @param extensionLines further lines, each not empty; not covered by ML-DSA cosignatures
 */
public record CheckpointText(String origin, long treeSize, RootHash root, List<String> extensionLines) {

    private static final String WHAT = "checkpoint";

    /** Checks what the components may be; {@link MalformedCheckpointException} otherwise. */
    public CheckpointText {
        TextLines.requireLine(WHAT, "its origin", origin);
        if (treeSize < 0) {
            throw new MalformedCheckpointException(WHAT, "its tree size", "must not be negative, got " + treeSize);
        }
        extensionLines = List.copyOf(extensionLines);
        for (String line : extensionLines) {
            TextLines.requireLine(WHAT, "an extension line", line);
        }
    }

    /** A checkpoint without extension lines. */
    public CheckpointText(String origin, long treeSize, RootHash root) {
        this(origin, treeSize, root, List.of());
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws MalformedCheckpointException for any other text, naming the line and the rule
     */
    public static CheckpointText parse(String text) {
        TextLines lines = TextLines.of(WHAT, text);
        if (lines.count() < 3) {
            throw new MalformedCheckpointException(
                    WHAT, "it", "must have at least the lines origin, size and root, it has " + lines.count());
        }
        return new CheckpointText(lines.line(1), lines.size(2), lines.root(3), lines.from(4));
    }

    /**
     * Hash of a log's origin, whose hex digits name the log where a witness serves its latest checkpoint:
     * {@code GET <monitoring prefix>/<hex>/checkpoint}.
     */
    public static Digest originHash(String origin) {
        return Digest.of(origin.getBytes(StandardCharsets.UTF_8));
    }

    /** The text, with a line feed after each line. */
    public String format() {
        StringBuilder text = new StringBuilder(origin)
                .append('\n')
                .append(treeSize)
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensionLines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** {@link #format}. */
    @Override
    public String toString() {
        return format();
    }
}
