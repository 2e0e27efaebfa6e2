package dev.lair.transparency;

/**
 * A key and value of the map with the costly part of their insertion done: the chain of about 236 hashes from the leaf
 * up to where the key stands alone. It does not depend on the map, so any thread can prepare it (about 30 µs) before the
 * one writer puts it into the map with {@link SparseMap#with(MapLeaf)}. Immutable; meant to live for one insertion.
 */
public final class MapLeaf {

    private final byte[] path;
    private final RecordId head;
    private final byte[] leafHash;
    /** Hash of the lone subtree at depth i, for small i. */
    private final byte[][] byDepth;

    private MapLeaf(byte[] path, RecordId head, byte[] leafHash, byte[][] byDepth) {
        this.path = path;
        this.head = head;
        this.leafHash = leafHash;
        this.byDepth = byDepth;
    }

    /** Prepares the map entry that says: the newest record of this log is {@code head}. */
    public static MapLeaf of(LogId logId, RecordId head) {
        NodeHasher hasher = new NodeHasher();
        return prepare(hasher, MapHash.path(logId), head, MapHash.leaf(hasher, head));
    }

    /** The same with a path and leaf hash of any origin, as the vectors of other maps need. */
    static MapLeaf prepare(NodeHasher hasher, byte[] path, RecordId head, byte[] leafHash) {
        byte[][] byDepth = new byte[Limits.PREPARED_DEPTHS][];
        byte[] hash = MapHash.climb(hasher, path, leafHash, Limits.MAP_DEPTH, Limits.PREPARED_DEPTHS);
        for (int depth = Limits.PREPARED_DEPTHS - 1; depth > 0; depth--) {
            hash = MapHash.climb(hasher, path, hash, depth + 1, depth);
            byDepth[depth] = hash;
        }
        return new MapLeaf(path, head, leafHash, byDepth);
    }

    byte[] path() {
        return path;
    }

    RecordId head() {
        return head;
    }

    /** Hash of the subtree at {@code depth}, at least 1, that holds only this key. */
    byte[] hashAt(NodeHasher hasher, int depth) {
        return depth < Limits.PREPARED_DEPTHS
                ? byDepth[depth]
                : MapHash.climb(hasher, path, leafHash, Limits.MAP_DEPTH, depth);
    }
}
