package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The map as it was at each of the last checkpoints, up to a number of them and of records back. Versions share
 * structure: one costs what changed, about 750 bytes a record at a million packages.
 *
 * <p>What this node did not publish itself is built when it is asked for, and served only if it has the map root that was
 * signed. A checkpoint that another node published follows from the version before it and the rows between. One from
 * before the start may follow only from an older snapshot; that can take a second or two, so a thread of its own does it,
 * one after the other, and nobody who asks for a younger one waits for it.
 */
final class MapHistory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MapHistory.class);

    private final ConcurrentSkipListMap<Long, SparseMap> bySize = new ConcurrentSkipListMap<>();
    private final LedgerStore store;
    private final MapSnapshots snapshots;
    private final LedgerSettings settings;

    /** One builder of near or newest versions at a time; the others find what it built. */
    private final ReentrantLock building = new ReentrantLock();

    /** The builder of all others. */
    private final ExecutorService older = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("map-history").daemon().factory());

    /** No checkpoint below this size is retained any more. It only grows, which spares asking the store. */
    private final AtomicLong oldestRetained = new AtomicLong();

    /** @param settings say how many checkpoints are retained, if they are not more than so many records back */
    MapHistory(LedgerStore store, MapSnapshots snapshots, LedgerSettings settings) {
        this.store = store;
        this.snapshots = snapshots;
        this.settings = settings;
    }

    /** One at a time: two who drop the same two oldest would drop all. */
    synchronized void add(long treeSize, SparseMap map) {
        bySize.put(treeSize, map);
        while (bySize.size() > settings.retainedCheckpoints()
                || bySize.lastKey() - bySize.firstKey() > settings.retainedRecords()) {
            bySize.pollFirstEntry();
        }
    }

    /**
     * The map at the published checkpoint of this size; empty when it is older than what is retained.
     *
     * @throws LedgerException.Corrupt when the stored records lead to another map than was signed
     */
    Optional<SparseMap> at(long treeSize) {
        SparseMap known = bySize.get(treeSize);
        if (known != null) {
            return Optional.of(known);
        }
        SignedCheckpoint asked = treeSize < oldestRetained.get()
                ? null
                : store.checkpoint(treeSize).orElse(null);
        if (asked == null) {
            return Optional.empty();
        }
        Map.Entry<Long, SparseMap> before = bySize.floorEntry(treeSize);
        boolean isNewest = bySize.higherKey(treeSize) == null;
        boolean isNear = before != null && treeSize - before.getKey() <= Limits.NEAR_MAP;
        if (isNewest && isNear) {
            // What another node just published: nothing needs to be asked about it.
            return buildHere(treeSize, MapReplay.signedRoots(List.of(asked)));
        }
        return isNewest || isNear ? buildHere(treeSize, retained()) : awaitOlder(treeSize);
    }

    private Optional<SparseMap> buildHere(long treeSize, NavigableMap<Long, RootHash> signed) {
        building.lock();
        try {
            return built(treeSize, signed);
        } finally {
            building.unlock();
        }
    }

    private Optional<SparseMap> awaitOlder(long treeSize) {
        try {
            return CompletableFuture.supplyAsync(() -> built(treeSize, retained()), older)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } catch (RejectedExecutionException e) {
            throw new Stopped("the server is shutting down", e);
        }
    }

    /**
     * Builds this version and those of the retained checkpoints on the way to it, so that who asks for one after the other
     * does not pay the way again and again.
     *
     * @param signed the retained checkpoints, or this one alone
     */
    private Optional<SparseMap> built(long treeSize, NavigableMap<Long, RootHash> signed) {
        SparseMap known = bySize.get(treeSize);
        if (known != null) {
            return Optional.of(known);
        }
        if (!signed.containsKey(treeSize)) {
            return Optional.empty();
        }
        MapSnapshot base = base(treeSize);
        if (base.logSize() == treeSize) {
            add(treeSize, base.map());
            return Optional.of(base.map());
        }
        if (treeSize - base.logSize() > settings.retainedRecords() + settings.snapshotRecords()) {
            // Only where snapshots were lost. It would take minutes and, sharing nothing, as much heap again.
            LOG.warn(
                    "no map for the checkpoint of ledger.tree_size={}: the newest usable snapshot below it has"
                            + " snapshot.size={}",
                    treeSize,
                    base.logSize());
            return Optional.empty();
        }
        return Optional.of(new MapReplay(store)
                .forward(base.map(), base.logSize(), treeSize, signed.headMap(treeSize, true), this::add));
    }

    /** The nearest version below: one that is here, or a snapshot where that saves much. */
    private MapSnapshot base(long treeSize) {
        Map.Entry<Long, SparseMap> floor = bySize.floorEntry(treeSize);
        if (floor != null
                && (treeSize - floor.getKey() <= settings.snapshotRecords()
                        || snapshots.sizeAtOrBelow(treeSize) <= floor.getKey())) {
            return new MapSnapshot(floor.getKey(), floor.getValue());
        }
        // Of all versions that are here the next one differs least.
        Map.Entry<Long, SparseMap> after = bySize.ceilingEntry(treeSize);
        Map.Entry<Long, SparseMap> like = after == null ? floor : after;
        return snapshots.newestAtOrBelow(treeSize, like == null ? SparseMap.empty() : like.getValue());
    }

    /** The map roots of the checkpoints for which map proofs are given, by size. */
    private NavigableMap<Long, RootHash> retained() {
        NavigableMap<Long, RootHash> roots =
                MapReplay.signedRoots(store.latestCheckpoints(settings.retainedCheckpoints()));
        if (roots.isEmpty()) {
            return roots;
        }
        NavigableMap<Long, RootHash> kept = roots.tailMap(roots.lastKey() - settings.retainedRecords(), true);
        oldestRetained.accumulateAndGet(kept.firstKey(), Math::max);
        return kept;
    }

    /** The size of the oldest checkpoint for which map proofs are given; snapshots that lead to it are needed. */
    long oldest() {
        NavigableMap<Long, RootHash> roots = retained();
        return roots.isEmpty() ? 0 : roots.firstKey();
    }

    /** Takes no more work. A build that is under way fails if the storage closes first. */
    @Override
    public void close() {
        older.shutdown();
    }
}
