package dev.lair.transparency;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
    sealed class Lone implements MapNode {

        private final byte[] entry;

        private Lone(byte[] entry) {
            this.entry = entry;
        }

        /** An entry of a snapshot, 96 bytes, which is kept without a copy. */
        static Lone ofEntry(byte[] entry) {
            return new Stored(entry);
        }

        static Lone of(MapLeaf leaf, int depth, NodeHasher hasher) {
            return of(leaf.path(), leaf.head().raw(), leaf.hashAt(hasher, depth));
        }

        /** The key and its head, hashed up to {@code depth} only. */
        static Lone of(byte[] path, RecordId head, int depth, NodeHasher hasher) {
            byte[] hash = MapHash.climb(hasher, path, MapHash.leaf(hasher, head), Limits.MAP_DEPTH, depth);
            return of(path, head.raw(), hash);
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

        /**
         * Has to be asked before another head takes the place of this one at {@code depth}, where it stands.
         *
         * @throws FalseMapEntryException when the key and its head do not lead to the hash
         */
        void requireTrue(int depth, NodeHasher hasher) {
            // The hash was computed from them, here.
        }

        /**
         * The hash that this key's subtree would have further down: a chain of about 236 hashes.
         *
         * @param from the depth where it stands
         * @throws FalseMapEntryException when the chain does not lead to the hash there
         */
        byte[] hashFurtherDown(int from, int depth, NodeHasher hasher) {
            return MapHash.climb(hasher, path(), MapHash.leaf(hasher, head()), Limits.MAP_DEPTH, depth);
        }

        /** This key where it stands alone further down, at {@code depth} and not at {@code from}. */
        Lone movedDown(int from, int depth, NodeHasher hasher) {
            return of(path(), head().raw(), hashFurtherDown(from, depth, hasher));
        }

        @Override
        public MapNode with(int depth, MapLeaf leaf, NodeHasher hasher) {
            if (isAt(leaf.path())) {
                requireTrue(depth, hasher);
                return of(leaf, depth, hasher);
            }
            int parting = MapHash.sharedBits(entry, leaf.path());
            MapNode node = Fork.along(
                    leaf.path(), parting, of(leaf, parting + 1, hasher), movedDown(depth, parting + 1, hasher), hasher);
            for (int above = parting - 1; above >= depth; above--) {
                node = Fork.along(leaf.path(), above, node, EMPTY, hasher);
            }
            return node;
        }
    }

    /**
     * A key as a snapshot has it. The map's root binds its hash, but nothing binds key and head to that hash, and it may
     * even hide further keys, until the chain is computed. That is done once, when the key moves or gets another head:
     * for all of a million keys it would hold up every start for half a minute.
     */
    final class Stored extends Lone {

        private Stored(byte[] entry) {
            super(entry);
        }

        @Override
        void requireTrue(int depth, NodeHasher hasher) {
            requireLeadsHere(MapHash.leaf(hasher, head()), Limits.MAP_DEPTH, depth, hasher);
        }

        @Override
        byte[] hashFurtherDown(int from, int depth, NodeHasher hasher) {
            byte[] hash = super.hashFurtherDown(from, depth, hasher);
            // The rest of the same chain, a few hashes.
            requireLeadsHere(hash, depth, from, hasher);
            return hash;
        }

        private void requireLeadsHere(byte[] hash, int from, int depth, NodeHasher hasher) {
            if (!Arrays.equals(MapHash.climb(hasher, path(), hash, from, depth), hash(depth))) {
                throw new FalseMapEntryException(path(), head(), depth);
            }
        }
    }

    /**
     * Two keys or more, or the root of a map with one. The hash stands in four numbers and not in an array, which would
     * cost 16 bytes more: a history of maps has millions of forks.
     */
    final class Fork implements MapNode {

        private static final VarHandle NUMBERS =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

        private final MapNode left;
        private final MapNode right;
        private final long hash0;
        private final long hash1;
        private final long hash2;
        private final long hash3;

        private Fork(MapNode left, MapNode right, byte[] hash) {
            this.left = left;
            this.right = right;
            this.hash0 = (long) NUMBERS.get(hash, 0);
            this.hash1 = (long) NUMBERS.get(hash, Long.BYTES);
            this.hash2 = (long) NUMBERS.get(hash, 2 * Long.BYTES);
            this.hash3 = (long) NUMBERS.get(hash, 3 * Long.BYTES);
        }

        private boolean hasHashOf(Fork other) {
            return hash0 == other.hash0 && hash1 == other.hash1 && hash2 == other.hash2 && hash3 == other.hash3;
        }

        /** The fork at {@code depth} over these two. */
        static Fork of(int depth, MapNode left, MapNode right, NodeHasher hasher) {
            return new Fork(left, right, hasher.node(left.hash(depth + 1), right.hash(depth + 1)));
        }

        /**
         * This fork made of the nodes of {@code like} wherever the two are the same: a node's hash names its keys and
         * heads, so it names its shape.
         */
        MapNode sharedWith(MapNode like) {
            if (!(like instanceof Fork other) || other == this) {
                return this;
            }
            if (hasHashOf(other)) {
                return other;
            }
            MapNode sharedLeft = shared(left, other.left);
            MapNode sharedRight = shared(right, other.right);
            return sharedLeft == left && sharedRight == right ? this : new Fork(sharedLeft, sharedRight, hash(0));
        }

        private static MapNode shared(MapNode mine, MapNode like) {
            return switch (mine) {
                case Empty empty -> mine;
                case Lone lone -> like instanceof Lone other && Arrays.equals(lone.entry, other.entry) ? other : lone;
                case Fork fork -> fork.sharedWith(like);
            };
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
            byte[] hash = new byte[Sha256Value.LENGTH];
            NUMBERS.set(hash, 0, hash0);
            NUMBERS.set(hash, Long.BYTES, hash1);
            NUMBERS.set(hash, 2 * Long.BYTES, hash2);
            NUMBERS.set(hash, 3 * Long.BYTES, hash3);
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
