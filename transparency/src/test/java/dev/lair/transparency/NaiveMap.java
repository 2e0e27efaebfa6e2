package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sparse map by its definition: 256 levels of recursion over sorted keys, no lone leaves, no cache but the empty
 * hashes. Slow and plain, to compare with.
 */
final class NaiveMap {

    private final TreeMap<Digest, byte[]> leaves = new TreeMap<>();

    void put(byte[] path, byte[] leafHash) {
        leaves.put(Digest.ofBytes(path), leafHash);
    }

    void put(LogId logId, RecordId head) {
        put(
                Sha256Value.sha256(logId.bytes()),
                Sha256Value.sha256(new byte[1], Vectors.utf8("WARG-MAP-LEAF-V0" + (char) 71 + head)));
    }

    RootHash root() {
        return RootHash.ofBytes(hash(0, leaves));
    }

    /** All 256 siblings of a path, leaf side first. */
    List<@Nullable NodeHash> siblings(byte[] path) {
        List<@Nullable NodeHash> siblings = new ArrayList<>();
        Map<Digest, byte[]> subtree = leaves;
        for (int depth = 0; depth < 256; depth++) {
            siblings.addFirst(NodeHash.ofBytes(hash(depth + 1, side(subtree, depth, !bit(path, depth)))));
            subtree = side(subtree, depth, bit(path, depth));
        }
        return siblings;
    }

    private static byte[] hash(int depth, Map<Digest, byte[]> subtree) {
        if (subtree.isEmpty()) {
            return empty(depth);
        }
        if (depth == 256) {
            return subtree.values().iterator().next();
        }
        return Sha256Value.sha256(
                new byte[] {1},
                hash(depth + 1, side(subtree, depth, false)),
                hash(depth + 1, side(subtree, depth, true)));
    }

    private static Map<Digest, byte[]> side(Map<Digest, byte[]> subtree, int depth, boolean right) {
        Map<Digest, byte[]> side = new TreeMap<>();
        subtree.forEach((path, leaf) -> {
            if (bit(path.bytes(), depth) == right) {
                side.put(path, leaf);
            }
        });
        return side;
    }

    private static boolean bit(byte[] path, int depth) {
        return (path[depth / 8] & 0x80 >> depth % 8) != 0;
    }

    private static byte[] empty(int depth) {
        return EMPTY.computeIfAbsent(depth, missing -> {
            byte[] hash = Sha256Value.sha256(new byte[1]);
            for (int height = 0; height < 256 - depth; height++) {
                hash = Sha256Value.sha256(new byte[] {1}, hash, hash);
            }
            return hash;
        });
    }

    private static final Map<Integer, byte[]> EMPTY = new TreeMap<>();
}
