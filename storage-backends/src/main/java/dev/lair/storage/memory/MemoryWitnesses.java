package dev.lair.storage.memory;

import dev.lair.storage.WitnessStore;
import dev.lair.transparency.RootHash;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Cosigned heads in the heap, for tests: a witness that forgets is none. Its own monitor owns the map. */
public final class MemoryWitnesses implements WitnessStore {

    private record Tree(long size, RootHash root) {
        static Tree of(Head head) {
            return new Tree(head.treeSize(), head.root());
        }
    }

    private final Map<String, Head> heads = new HashMap<>();

    @Override
    public synchronized Optional<Head> head(String origin) {
        return Optional.ofNullable(heads.get(origin));
    }

    @Override
    public synchronized boolean replace(String origin, Optional<Head> expected, Head next) {
        if (!head(origin).map(Tree::of).equals(expected.map(Tree::of))) {
            return false;
        }
        heads.put(origin, next);
        return true;
    }

    /** Does nothing. */
    @Override
    public void close() {}
}
