package dev.lair.transparency;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The hash rules of the sparse map (warg protocol, section 3): a tree of depth 256 in which every key has one fixed
 * leaf.
 *
 * <ul>
 *   <li>path of a log id: SHA-256 of its 32 raw bytes; its bits from the most significant one lead from the root, 0 to
 *       the left
 *   <li>leaf of a record id: {@code H(00 ‖ "WARG-MAP-LEAF-V0" ‖ lstr(text of the record id))}
 *   <li>empty leaf: {@code H(00)}; node: {@code H(01 ‖ left ‖ right)}
 * </ul>
 *
 * <p>The depth of a node is its distance from the root, its height is {@code 256 - depth}.
 */
final class MapHash {

    private static final byte[] LEAF_PREFIX = "WARG-MAP-LEAF-V0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] EMPTY = emptyByHeight();

    private MapHash() {}

    private static byte[][] emptyByHeight() {
        NodeHasher hasher = new NodeHasher();
        byte[][] empty = new byte[Limits.MAP_DEPTH + 1][];
        empty[0] = hasher.leaf(new byte[0]);
        for (int height = 1; height <= Limits.MAP_DEPTH; height++) {
            empty[height] = hasher.node(empty[height - 1], empty[height - 1]);
        }
        return empty;
    }

    /** Hash of the subtree without keys whose root is at this depth. */
    static byte[] emptyAt(int depth) {
        return EMPTY[Limits.MAP_DEPTH - depth];
    }

    /** Where a log id has its leaf. */
    static byte[] path(LogId logId) {
        return Sha256Value.sha256(logId.raw());
    }

    /** Hash of the leaf that holds this head. */
    static byte[] leaf(NodeHasher hasher, RecordId head) {
        return hasher.leaf(WargText.concat(LEAF_PREFIX, WargText.lengthPrefixed(head.toString())));
    }

    /** Bit {@code depth} of a path: whether the way from a node at that depth leads to the right. */
    static boolean goesRight(byte[] path, int depth) {
        return (path[depth >> 3] >> (7 - (depth & 7)) & 1) == 1;
    }

    /** Number of leading bits that two paths, each at the start of its array, share; 256 when they are equal. */
    static int sharedBits(byte[] a, byte[] b) {
        int at = Arrays.mismatch(a, 0, Sha256Value.LENGTH, b, 0, Sha256Value.LENGTH);
        return at < 0 ? Limits.MAP_DEPTH : 8 * at + Integer.numberOfLeadingZeros((a[at] ^ b[at]) & 0xff) - 24;
    }

    /** The parent of a node, at {@code depth}, and of its sibling, when the node lies on {@code path}. */
    static byte[] parent(NodeHasher hasher, byte[] path, int depth, byte[] node, byte[] sibling) {
        return goesRight(path, depth) ? hasher.node(sibling, node) : hasher.node(node, sibling);
    }

    /**
     * Hash at {@code depth} of a subtree whose only key is {@code path}, given its hash at the depth {@code from} below.
     * Costs one hash per level.
     */
    static byte[] climb(NodeHasher hasher, byte[] path, byte[] hash, int from, int depth) {
        byte[] current = hash;
        for (int d = from - 1; d >= depth; d--) {
            current = parent(hasher, path, d, current, emptyAt(d + 1));
        }
        return current;
    }
}
