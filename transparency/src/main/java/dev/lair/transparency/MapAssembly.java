package dev.lair.transparency;

import org.jspecify.annotations.Nullable;

/**
 * Builds a map's trie from entries in ascending path order, in one pass: O(n) hashes of forks, none of lone chains.
 *
 * <p>A key stands alone one level below the last fork that it shares with a neighbour, so each entry's place is known as
 * soon as the next one is. What is finished then is folded up to the fork that it shares with the next entry, where it
 * waits as left child. At most one subtree waits per depth.
 */
final class MapAssembly {

    /**
     * Depth of the parts that are compared with the map that is to be shared with as soon as they are complete. At a
     * million keys a part has 4,000, so what is equal is garbage at once and never stands twice in the heap.
     */
    private static final int SHARED_DEPTH = 8;

    private final NodeHasher hasher = new NodeHasher();
    private final MapNode like;
    private final @Nullable MapNode[] waiting = new @Nullable MapNode[Limits.MAP_DEPTH];
    private long size;

    /** The entry whose place is not yet known, and how many bits it shares with the one before it. */
    private byte @Nullable [] last;

    private int sharedBefore;

    /** @param like a map with which equal parts are shared; the empty one if there is none */
    MapAssembly(SparseMap like) {
        this.like = like.rootNode();
    }

    /** Adds the next entry, 96 bytes, which is kept without a copy. */
    void add(byte[] entry) throws MalformedSnapshotException {
        if (last != null) {
            int shared = MapHash.sharedBits(last, entry);
            if (shared == Limits.MAP_DEPTH || MapHash.goesRight(last, shared)) {
                throw new MalformedSnapshotException("entry " + size + " is not in ascending path order");
            }
            waiting[shared] = fold(last, Math.max(sharedBefore, shared), shared);
            sharedBefore = shared;
        }
        last = entry;
        size++;
    }

    SparseMap finish() {
        if (last == null) {
            return SparseMap.empty();
        }
        MapNode top = fold(last, sharedBefore, 0);
        MapNode root = joined(last, 0, top);
        return new SparseMap(root, size);
    }

    /** The subtree at depth {@code shared + 1} that ends with this entry, which parts from both neighbours at {@code parting}. */
    private MapNode fold(byte[] entry, int parting, int shared) {
        MapNode node = MapNode.Lone.ofEntry(entry);
        for (int depth = parting; depth > shared; depth--) {
            node = joined(entry, depth, node);
        }
        return node;
    }

    /** The fork at {@code depth} over a finished child on the entry's side and, on its left, whatever waits there. */
    private MapNode joined(byte[] entry, int depth, MapNode child) {
        MapNode waited = waiting[depth];
        waiting[depth] = null;
        MapNode.Fork fork = MapNode.Fork.along(entry, depth, child, waited == null ? MapNode.EMPTY : waited, hasher);
        return depth == 0 || depth == SHARED_DEPTH ? fork.sharedWith(likeAt(entry, depth)) : fork;
    }

    private MapNode likeAt(byte[] path, int depth) {
        MapNode node = like;
        for (int above = 0; above < depth && node instanceof MapNode.Fork fork; above++) {
            node = fork.child(MapHash.goesRight(path, above));
        }
        return node;
    }
}
