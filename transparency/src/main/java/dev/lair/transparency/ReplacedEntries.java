package dev.lair.transparency;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Entries of a {@link MapSnapshot} that {@link SparseMap#withAll(java.util.Map, ReplacedEntries)} replaced without asking
 * whether they were true. What came of it is true if its root is the one that was committed: a false head is gone with its
 * entry, and a key that hid behind one is missing from the root. But a false entry tells that somebody changed the
 * snapshot, so they are still to be checked, at leisure: each costs a chain of about 236 hashes.
 */
public final class ReplacedEntries {

    private final Queue<Replaced> entries = new ConcurrentLinkedQueue<>();

    private record Replaced(MapNode.Stored entry, int depth) {}

    void add(MapNode.Stored entry, int depth) {
        entries.add(new Replaced(entry, depth));
    }

    /** Whether none is left to be checked. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Checks the next one, and forgets it.
     *
     * @return false when none was left
     * @throws FalseMapEntryException when its path and head do not lead to its hash
     */
    public boolean checkNext() {
        Replaced next = entries.poll();
        if (next == null) {
            return false;
        }
        next.entry().requireTrue(next.depth(), new NodeHasher());
        return true;
    }
}
