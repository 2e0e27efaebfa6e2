package dev.lair.transparency;

import java.util.Arrays;
import java.util.concurrent.RecursiveTask;
import org.jspecify.annotations.Nullable;

/**
 * Puts many keys into the map's trie at once. The result is the one that {@link MapNode#with} would lead to, key by key;
 * but each fork above changed keys is hashed once, each lone chain once at the depth where its key ends up, and large
 * parts are done by all cores. A part of the trie without changed keys is shared with the map before.
 */
final class MapUpdate {

    /** Changes that one thread does alone, below a millisecond of chains: handing out less costs more than it gains. */
    private static final int ALONE = 24;

    private final Change[] changes;
    private final @Nullable ReplacedEntries unchecked;

    /** A key and its new head. */
    record Change(byte[] path, RecordId head) {}

    /**
     * @param changes in any order, no path twice; the array becomes this object's
     * @param unchecked gets the entries of snapshots that are replaced; null to have them checked here
     */
    MapUpdate(Change[] changes, @Nullable ReplacedEntries unchecked) {
        this.changes = changes;
        this.unchecked = unchecked;
        Arrays.parallelSort(changes, (a, b) -> Arrays.compareUnsigned(a.path(), b.path()));
    }

    /** The trie whose root is {@code root}, with the changes. */
    MapNode applyTo(MapNode root) {
        // On this thread, which takes its share, and the common pool.
        return new Part(root, 0, 0, changes.length).invoke();
    }

    /** The changes {@code [from, until)}, all in the subtree {@code node}, whose root is at {@code depth}. */
    @SuppressWarnings("serial") // never leaves this process
    private final class Part extends RecursiveTask<MapNode> {

        private final MapNode node;
        private final int depth;
        private final int from;
        private final int until;

        Part(MapNode node, int depth, int from, int until) {
            this.node = node;
            this.depth = depth;
            this.from = from;
            this.until = until;
        }

        @Override
        protected MapNode compute() {
            NodeHasher hasher = new NodeHasher();
            if (until - from <= ALONE || !(node instanceof MapNode.Fork fork)) {
                return changed(node, depth, from, until, hasher);
            }
            int middle = firstOnTheRight(depth, from, until);
            Part left = new Part(fork.left(), depth + 1, from, middle);
            Part right = new Part(fork.right(), depth + 1, middle, until);
            invokeAll(left, right);
            return MapNode.Fork.of(depth, left.join(), right.join(), hasher);
        }
    }

    private MapNode changed(MapNode node, int depth, int from, int until, NodeHasher hasher) {
        if (from == until) {
            return node;
        }
        return switch (node) {
            case MapNode.Empty empty -> grown(null, depth, depth, from, until, hasher);
            case MapNode.Lone lone -> {
                boolean replaced = isReplaced(lone, from, until);
                if (replaced) {
                    requireTrue(lone, depth, hasher);
                }
                yield grown(replaced ? null : lone, depth, depth, from, until, hasher);
            }
            case MapNode.Fork fork -> {
                int middle = firstOnTheRight(depth, from, until);
                yield MapNode.Fork.of(
                        depth,
                        changed(fork.left(), depth + 1, from, middle, hasher),
                        changed(fork.right(), depth + 1, middle, until, hasher),
                        hasher);
            }
        };
    }

    private void requireTrue(MapNode.Lone lone, int depth, NodeHasher hasher) {
        if (unchecked == null) {
            lone.requireTrue(depth, hasher);
        } else if (lone instanceof MapNode.Stored stored) {
            unchecked.add(stored, depth);
        }
    }

    private boolean isReplaced(MapNode.Lone lone, int from, int until) {
        for (int i = from; i < until; i++) {
            if (lone.isAt(changes[i].path())) {
                return true;
            }
        }
        return false;
    }

    /** The subtree of these changes and, if it is not null, one other key, which stood alone at {@code otherDepth}. */
    private MapNode grown(
            MapNode.@Nullable Lone other, int otherDepth, int depth, int from, int until, NodeHasher hasher) {
        int keys = until - from + (other == null ? 0 : 1);
        if (keys == 0) {
            return MapNode.EMPTY;
        }
        if (keys == 1 && depth > 0) {
            return other == null
                    ? MapNode.Lone.of(changes[from].path(), changes[from].head(), depth, hasher)
                    : other.movedDown(otherDepth, depth, hasher);
        }
        int middle = firstOnTheRight(depth, from, until);
        boolean otherIsRight = other != null && MapHash.goesRight(other.entry(), depth);
        return MapNode.Fork.of(
                depth,
                grown(otherIsRight ? null : other, otherDepth, depth + 1, from, middle, hasher),
                grown(otherIsRight ? other : null, otherDepth, depth + 1, middle, until, hasher),
                hasher);
    }

    /** The first of these changes, which share their first {@code depth} bits, whose next bit is 1. */
    private int firstOnTheRight(int depth, int from, int until) {
        int low = from;
        int high = until;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (MapHash.goesRight(changes[middle].path(), depth)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
