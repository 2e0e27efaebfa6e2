package dev.lair.transparency;

import java.util.Arrays;

/**
 * One node of the map's trie. A subtree without keys is {@link Empty}, one with a single key is {@link Lone} however high
 * it is, and only subtrees with two keys or more are {@link Fork}s. The root of a map that is not empty is always a fork,
 * as in the reference: so a proof has at least one sibling. The shape follows from the set of keys alone.
 *
 * <p>Immutable: an insertion makes new nodes on the way from the root and shares all others with the map before.
 */
sealed interface MapNode {

    /** The subtree without keys. */
    MapNode EMPTY = new Empty();

    /** Hash of this subtree when its root is at this depth. */
    byte[] hash(int depth);

    /** This subtree, whose root is at {@code depth}, with one key added or replaced. */
    MapNode with(int depth, MapLeaf leaf, NodeHasher hasher);

    /** No key. */
    final class Empty implements MapNode {

        private Empty() {}

        @Override
        public byte[] hash(int depth) {
            return MapHash.emptyAt(depth);
        }

        @Override
        public MapNode with(int depth, MapLeaf leaf, NodeHasher hasher) {
            if (depth > 0) {
                return Lone.of(leaf, depth, hasher);
            }
            return Fork.along(leaf.path(), 0, Lone.of(leaf, 1, hasher), EMPTY, hasher);
        }
    }

    /**
     * One key. The three values stand in one array, laid out as an entry of {@link MapSnapshot}: path, head, hash of the
     * subtree at the depth where this node stands. A million of them take 128 MB.
     */
    final class Lone implements MapNode {

        private final byte[] entry;

        private Lone(byte[] entry) {
            this.entry = entry;
        }

        /** Takes the 96 bytes without a copy. */
        static Lone ofEntry(byte[] entry) {
            return new Lone(entry);
        }

        static Lone of(MapLeaf leaf, int depth, NodeHasher hasher) {
            return of(leaf.path(), leaf.head().raw(), leaf.hashAt(hasher, depth));
        }

        private static Lone of(byte[] path, byte[] head, byte[] hash) {
            byte[] entry = Arrays.copyOf(path, 3 * Sha256Value.LENGTH);
            System.arraycopy(head, 0, entry, Sha256Value.LENGTH, Sha256Value.LENGTH);
            System.arraycopy(hash, 0, entry, 2 * Sha256Value.LENGTH, Sha256Value.LENGTH);
            return new Lone(entry);
        }

        byte[] entry() {
            return entry;
        }

        byte[] path() {
            return Arrays.copyOf(entry, Sha256Value.LENGTH);
        }

        RecordId head() {
            return RecordId.ofBytes(Arrays.copyOfRange(entry, Sha256Value.LENGTH, 2 * Sha256Value.LENGTH));
        }

        boolean isAt(byte[] path) {
            return Arrays.equals(entry, 0, Sha256Value.LENGTH, path, 0, Sha256Value.LENGTH);
        }

        @Override
        public byte[] hash(int depth) {
            return Arrays.copyOfRange(entry, 2 * Sha256Value.LENGTH, 3 * Sha256Value.LENGTH);
        }

        /** The hash that this key's subtree would have further down: a chain of about 236 hashes. */
        byte[] hashFurtherDown(int depth, NodeHasher hasher) {
            return MapHash.climb(hasher, path(), MapHash.leaf(hasher, head()), Limits.MAP_DEPTH, depth);
        }

        @Override
        public MapNode with(int depth, MapLeaf leaf, NodeHasher hasher) {
            if (isAt(leaf.path())) {
                return of(leaf, depth, hasher);
            }
            int parting = MapHash.sharedBits(entry, leaf.path());
            byte[] moved = hashFurtherDown(parting + 1, hasher);
            MapNode node = Fork.along(
                    leaf.path(), parting, of(leaf, parting + 1, hasher), of(path(), head().raw(), moved), hasher);
            for (int above = parting - 1; above >= depth; above--) {
                node = Fork.along(leaf.path(), above, node, EMPTY, hasher);
            }
            return node;
        }
    }

    /** Two keys or more, or the root of a map with one. */
    final class Fork implements MapNode {

        private final MapNode left;
        private final MapNode right;
        private final byte[] hash;

        private Fork(MapNode left, MapNode right, byte[] hash) {
            this.left = left;
            this.right = right;
            this.hash = hash;
        }

        /** The fork at {@code depth} whose child on the side of {@code path} is {@code child}. */
        static Fork along(byte[] path, int depth, MapNode child, MapNode sibling, NodeHasher hasher) {
            byte[] hash = MapHash.parent(hasher, path, depth, child.hash(depth + 1), sibling.hash(depth + 1));
            return MapHash.goesRight(path, depth) ? new Fork(sibling, child, hash) : new Fork(child, sibling, hash);
        }

        MapNode left() {
            return left;
        }

        MapNode right() {
            return right;
        }

        MapNode child(boolean rightSide) {
            return rightSide ? right : left;
        }

        @Override
        public byte[] hash(int depth) {
            return hash;
        }

        @Override
        public MapNode with(int depth, MapLeaf leaf, NodeHasher hasher) {
            boolean rightSide = MapHash.goesRight(leaf.path(), depth);
            MapNode child = child(rightSide).with(depth + 1, leaf, hasher);
            return along(leaf.path(), depth, child, child(!rightSide), hasher);
        }
    }
}
