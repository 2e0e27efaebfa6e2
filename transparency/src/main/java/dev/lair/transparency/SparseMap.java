package dev.lair.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The registry's map from log id to the newest record of that log: a sparse Merkle tree of depth 256 (warg protocol,
 * section 3; hash rules in {@link MapHash}, shape in {@link MapNode}).
 *
 * <p>Immutable and persistent: {@link #with} answers a new version which shares all but about {@code log2(size)} nodes
 * with this one, so a version per checkpoint costs about 750 bytes per changed key. Any number of threads may read any
 * version; versions are made one after another by one writer. There is no removal: a log never disappears.
 */
public final class SparseMap {

    private static final SparseMap NOTHING = new SparseMap(MapNode.EMPTY, 0);

    private final MapNode root;
    private final long size;

    SparseMap(MapNode root, long size) {
        this.root = root;
        this.size = size;
    }

    /** Gets every entry in path order. */
    @FunctionalInterface
    public interface EntryVisitor<X extends Exception> {
        void entry(MapSnapshot.Entry entry) throws X;
    }

    /** The map without keys. */
    public static SparseMap empty() {
        return NOTHING;
    }

    /**
     * This map with {@code head} as newest record of the log.
     *
     * @throws FalseMapEntryException when an entry on the way is not what its snapshot's root stands for
     */
    public SparseMap with(LogId logId, RecordId head) {
        return with(MapLeaf.of(logId, head));
    }

    /** The same with the hashing done before, outside the writer. */
    public SparseMap with(MapLeaf leaf) {
        boolean added = find(leaf.path()) == null;
        return new SparseMap(root.with(0, leaf, new NodeHasher()), added ? size + 1 : size);
    }

    /**
     * This map with all these newest records: the same version as {@link #with(LogId, RecordId)} one by one leads to, for
     * less. Each changed key costs its chain of about 236 hashes once, on all cores, and forks above several changed keys
     * are hashed once. For replays; a few thousand keys a call are enough to be fast.
     */
    public SparseMap withAll(Map<LogId, RecordId> heads) {
        return withAll(heads, null);
    }

    /**
     * The same where the caller compares the root of what comes out with one that was committed: entries that get another
     * head are put into {@code replaced} instead of being checked here, which halves the cost.
     */
    public SparseMap withAll(Map<LogId, RecordId> heads, @Nullable ReplacedEntries replaced) {
        if (heads.isEmpty()) {
            return this;
        }
        MapUpdate.Change[] changes = heads.entrySet().stream()
                .map(head -> new MapUpdate.Change(MapHash.path(head.getKey()), head.getValue()))
                .toArray(MapUpdate.Change[]::new);
        long added = Arrays.stream(changes)
                .filter(change -> find(change.path()) == null)
                .count();
        return new SparseMap(new MapUpdate(changes, replaced).applyTo(root), size + added);
    }

    /** Root hash of this version. */
    public RootHash root() {
        return RootHash.ofBytes(root.hash(0));
    }

    /** Number of keys. */
    public long size() {
        return size;
    }

    /** The newest record of this log, if the map knows the log. */
    public Optional<RecordId> head(LogId logId) {
        return Optional.ofNullable(find(MapHash.path(logId))).map(MapNode.Lone::head);
    }

    /**
     * Makes sure that what {@link #head} says about a log, a head or none, is what this map's root stands for. Costs a
     * chain of about 236 hashes where the entry on the way came from a snapshot, and nothing otherwise.
     *
     * @throws FalseMapEntryException when it is not
     */
    public void requireTrue(LogId logId) {
        byte[] path = MapHash.path(logId);
        MapNode node = root;
        int depth = 0;
        for (; node instanceof MapNode.Fork fork; depth++) {
            node = fork.child(MapHash.goesRight(path, depth));
        }
        // Another key's entry as well: a false one may hide this key.
        if (node instanceof MapNode.Lone lone) {
            lone.requireTrue(depth, new NodeHasher());
        }
    }

    MapNode rootNode() {
        return root;
    }

    private MapNode.@Nullable Lone find(byte[] path) {
        MapNode node = root;
        for (int depth = 0; node instanceof MapNode.Fork fork; depth++) {
            node = fork.child(MapHash.goesRight(path, depth));
        }
        return node instanceof MapNode.Lone lone && lone.isAt(path) ? lone : null;
    }

    /**
     * Proves what this map says about a log: presence when {@link #head} knows it, absence otherwise.
     *
     * <p>A proof of presence is byte-equal to the reference's: an explicit hash, also of empty siblings, at each level
     * from the root down to where the key stands alone. A proof of absence has {@code null} for empty siblings; where the
     * way ends at another key that stands alone, it goes down to the level at which the two part, and that key's hash at
     * that level is the first sibling.
     */
    public MapProof prove(LogId logId) {
        return prove(MapHash.path(logId));
    }

    MapProof prove(byte[] path) {
        boolean present = find(path) != null;
        List<@Nullable NodeHash> fromRoot = new ArrayList<>();
        MapNode node = root;
        int depth = 0;
        while (node instanceof MapNode.Fork fork) {
            boolean rightSide = MapHash.goesRight(path, depth);
            MapNode sibling = fork.child(!rightSide);
            depth++;
            fromRoot.add(sibling == MapNode.EMPTY && !present ? null : NodeHash.ofBytes(sibling.hash(depth)));
            node = fork.child(rightSide);
        }
        if (node instanceof MapNode.Lone other && !present) {
            int from = depth;
            int parting = MapHash.sharedBits(other.entry(), path);
            for (; depth < parting; depth++) {
                fromRoot.add(null);
            }
            fromRoot.add(NodeHash.ofBytes(other.hashFurtherDown(from, parting + 1, new NodeHasher())));
        }
        return new MapProof(fromRoot.reversed());
    }

    /** Visits every entry in ascending order of its path. */
    public <X extends Exception> void forEachEntry(EntryVisitor<X> visitor) throws X {
        visit(root, lone -> visitor.entry(MapSnapshot.Entry.ofBytes(lone.entry())));
    }

    /** The same without copies, for the snapshot codec. */
    <X extends Exception> void forEachLone(LoneVisitor<X> visitor) throws X {
        visit(root, visitor);
    }

    interface LoneVisitor<X extends Exception> {
        void lone(MapNode.Lone lone) throws X;
    }

    private static <X extends Exception> void visit(MapNode node, LoneVisitor<X> visitor) throws X {
        switch (node) {
            case MapNode.Empty empty -> {}
            case MapNode.Lone lone -> visitor.lone(lone);
            case MapNode.Fork fork -> {
                visit(fork.left(), visitor);
                visit(fork.right(), visitor);
            }
        }
    }

    @Override
    public String toString() {
        return "map of " + size + " logs with root " + root();
    }
}
