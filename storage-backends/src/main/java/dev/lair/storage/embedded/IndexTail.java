package dev.lair.storage.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the newest entries, which the table does not have yet, in memory: some 80 bytes a key. They lie in
 * generations, each for the entries behind the one before. The last generation grows; the first of several is complete and
 * leaves, whole, when the table has it.
 *
 * <p>Keys come in before their entries are committed, and those of a commit that failed stay until the next one clears
 * them away: a key without its entry finds nothing.
 */
final class IndexTail {

    /** Keys of the entries {@code [from, until)}; {@code until} moves while it is the last. */
    static final class Generation {

        private final long from;
        private final NavigableSet<IndexKey> keys = new ConcurrentSkipListSet<>();
        private volatile long until;

        /** Written under the lock of the tail. The set itself would have to count. */
        private volatile long keyCount;

        Generation(long from) {
            this.from = from;
            this.until = from;
        }

        long until() {
            return until;
        }

        /** In the order of the table. */
        Iterable<IndexKey> keys() {
            return keys;
        }
    }

    private final long generationKeys;

    /** Replaced under the lock of this, read by anyone: leaf order, never empty. */
    private volatile List<Generation> generations;

    /**
     * A tail behind so many indexed entries.
     *
     * @param generationKeys from which on a generation is complete. Not a number of entries: one has two keys or hundreds.
     */
    IndexTail(long indexed, long generationKeys) {
        this.generationKeys = generationKeys;
        this.generations = List.of(new Generation(indexed));
    }

    /**
     * Adds the keys of the entries {@code [from, until)}. One thread at a time: the writer's, inside the transaction that
     * finds {@code from} entries stored, so keys that are there for {@code from} and behind are of commits that failed.
     */
    synchronized void add(long from, long until, List<IndexKey> added) {
        if (generations.getLast().until != from) {
            cutBack(from);
        }
        Generation last = generations.getLast();
        if (last.keyCount >= generationKeys) {
            last = new Generation(from);
            List<Generation> more = new ArrayList<>(generations);
            more.add(last);
            generations = List.copyOf(more);
        }
        last.keys.addAll(added);
        last.keyCount += added.size();
        last.until = until;
    }

    private void cutBack(long size) {
        List<Generation> left = new ArrayList<>(generations);
        while (left.size() > 1 && left.getLast().from >= size) {
            left.removeLast();
        }
        Generation last = left.getLast();
        if (last.until < size) {
            throw new IllegalStateException("the index knows of " + last.until + " entries, " + size + " are stored");
        }
        last.keys.removeIf(key -> key.index() >= size);
        last.keyCount = last.keys.size();
        last.until = size;
        generations = List.copyOf(left);
    }

    /** Keys that are in memory, and are to come into the table. */
    long keys() {
        long keys = 0;
        for (Generation generation : generations) {
            keys += generation.keyCount;
        }
        return keys;
    }

    /** The places {@code [from, until)} where a key of this beginning may be, in leaf order. */
    List<Long> find(IndexKey.Kind kind, long prefix, long from, long until) {
        List<Long> found = new ArrayList<>();
        if (from >= until) {
            return found;
        }
        for (Generation generation : generations) {
            for (IndexKey key :
                    generation.keys.subSet(new IndexKey(kind, prefix, from), new IndexKey(kind, prefix, until))) {
                found.add(key.index());
            }
        }
        return found;
    }

    /** The first generation when it is complete and all its entries are below {@code committed}. */
    @Nullable
    Generation complete(long committed) {
        List<Generation> now = generations;
        return now.size() > 1 && now.getFirst().until <= committed ? now.getFirst() : null;
    }

    /** Lets the first generation go. */
    synchronized void drop(Generation first) {
        if (generations.getFirst() != first) {
            throw new IllegalStateException("not the first generation: of entries " + first.from);
        }
        generations = List.copyOf(generations.subList(1, generations.size()));
    }
}
