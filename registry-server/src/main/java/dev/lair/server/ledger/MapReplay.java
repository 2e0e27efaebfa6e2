package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.FalseMapEntryException;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.ReplacedEntries;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a map forward over the log's rows, which are its write-ahead list. On the way it stops at signed checkpoints,
 * where the map must have the root that was signed. Rows between two stops are put into the map at once, so a log that
 * moved often costs one chain of hashes, about 28 µs, and all cores take part.
 */
final class MapReplay {

    private final LedgerStore store;
    private final Consumer<LogLeaf> each;
    private final @Nullable ReplacedEntries replaced;

    /** Gets the map at each checkpoint on the way. */
    @FunctionalInterface
    interface Stop {
        void reached(long treeSize, SparseMap map);
    }

    MapReplay(LedgerStore store) {
        this(store, leaf -> {}, null);
    }

    /** @param each gets every leaf on the way, in order */
    MapReplay(LedgerStore store, Consumer<LogLeaf> each) {
        this(store, each, null);
    }

    /**
     * A replay whose last map is compared with the committed root, before anything is made of it.
     *
     * @param replaced gets the entries of the snapshot that were replaced on the way, still to be checked
     */
    MapReplay(LedgerStore store, ReplacedEntries replaced) {
        this(store, leaf -> {}, replaced);
    }

    private MapReplay(LedgerStore store, Consumer<LogLeaf> each, @Nullable ReplacedEntries replaced) {
        this.store = store;
        this.each = each;
        this.replaced = replaced;
    }

    /** The map roots that these checkpoints were signed over, by size. */
    static NavigableMap<Long, RootHash> signedRoots(List<SignedCheckpoint> checkpoints) {
        NavigableMap<Long, RootHash> roots = new TreeMap<>();
        checkpoints.forEach(signed -> roots.put(
                signed.contents().checkpoint().logLength(),
                signed.contents().checkpoint().mapRoot()));
        return roots;
    }

    /**
     * {@code map} as it is after the leaves {@code [fromIndex, untilIndex)}.
     *
     * @param signed where to stop; sizes up to {@code fromIndex} and beyond {@code untilIndex} are not looked at
     * @throws Corrupt when the rows lead to another map than was signed, some are missing, or the map is not true
     */
    SparseMap forward(SparseMap map, long fromIndex, long untilIndex, NavigableMap<Long, RootHash> signed, Stop stop) {
        return forward(map, fromIndex, untilIndex, signed.navigableKeySet(), (treeSize, reached) -> {
            requireSigned(treeSize, signed, reached);
            stop.reached(treeSize, reached);
        });
    }

    /**
     * The same with stops of any kind.
     *
     * @throws Corrupt when rows are missing, or the map is not true
     */
    SparseMap forward(SparseMap map, long fromIndex, long untilIndex, NavigableSet<Long> stops, Stop stop) {
        SparseMap replayed = map;
        Map<LogId, RecordId> waiting = new HashMap<>();
        Long next = stops.higher(fromIndex);
        for (long from = fromIndex; from < untilIndex; from += Limits.LEAF_PAGE) {
            long index = from;
            for (LogLeaf leaf : page(from, Math.min(from + Limits.LEAF_PAGE, untilIndex))) {
                waiting.put(leaf.logId(), leaf.recordId());
                each.accept(leaf);
                index++;
                boolean isStop = next != null && index == next;
                if (isStop || waiting.size() == Limits.REPLAY_WAITING) {
                    replayed = with(replayed, waiting);
                    waiting.clear();
                }
                if (isStop) {
                    stop.reached(index, replayed);
                    next = stops.higher(index);
                }
            }
        }
        return with(replayed, waiting);
    }

    /** All of these rows: without the last one a stop would be passed unseen. */
    private List<LogLeaf> page(long from, long until) {
        List<LogLeaf> leaves = store.leaves(from, until);
        if (leaves.size() != until - from) {
            throw new Corrupt("of the leaves " + from + " to " + (until - 1) + " only " + leaves.size()
                    + " are stored, all were committed");
        }
        return leaves;
    }

    private SparseMap with(SparseMap map, Map<LogId, RecordId> heads) {
        try {
            return map.withAll(heads, replaced);
        } catch (FalseMapEntryException e) {
            throw notTrue(e);
        }
    }

    /**
     * {@code map} with one leaf more.
     *
     * @throws Corrupt when the snapshot that the map came from is not what the records lead to
     */
    static SparseMap with(SparseMap map, MapLeaf leaf) {
        try {
            return map.with(leaf);
        } catch (FalseMapEntryException e) {
            throw notTrue(e);
        }
    }

    /**
     * Before a record is refused because of what the map says about its log: who changed a snapshot must not be able to
     * have honest records refused.
     *
     * @throws Corrupt when the snapshot that the map came from is not what the records lead to
     */
    static void requireTrue(SparseMap map, LogId log) {
        try {
            map.requireTrue(log);
        } catch (FalseMapEntryException e) {
            throw notTrue(e);
        }
    }

    static Corrupt notTrue(FalseMapEntryException e) {
        return new Corrupt(
                e.getMessage() + ". Somebody changed it: find out who may write snapshots, then make them again with:"
                        + " lair rebuild",
                e);
    }

    private static void requireSigned(long treeSize, NavigableMap<Long, RootHash> signed, SparseMap map) {
        RootHash root = Objects.requireNonNull(signed.get(treeSize));
        if (!map.root().equals(root)) {
            throw new Corrupt("the checkpoint of " + treeSize + " leaves was signed over map root " + root
                    + ", but its records lead to " + map.root());
        }
    }
}
