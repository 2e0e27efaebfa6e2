package dev.lair.server.ledger;

import dev.lair.server.ledger.CommandQueue.Command.Append;
import dev.lair.server.ledger.CommandQueue.Taken;
import dev.lair.server.ledger.LedgerException.Busy;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.HeadMoved;
import dev.lair.server.ledger.LedgerException.NotWritten;
import dev.lair.server.ledger.LedgerException.RecordInOtherLog;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.storage.DuplicateRecordException;
import dev.lair.storage.FullTile;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of this process. A platform thread (SQLite's calls are native) takes what has gathered in the queue and
 * commits it as one batch; {@link Publisher} signs what was committed. Other nodes may have written meanwhile: the store
 * compares before it writes, and what lost is planned anew behind their records.
 *
 * <p>What a crash leaves: before the commit nothing; behind it durable records that no checkpoint covers, which the next
 * start checks ({@link LedgerRecovery}) and signs. When the storage fails, what it holds afterwards is read before
 * anything else is done: the batch is in it, or not. Where even that cannot be believed (a failed sync, see
 * {@link StorageStoppedException}) nothing is written until a restart.
 */
final class Sequencer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    private static final Taken NOTHING = new Taken(List.of());

    private final LedgerSettings settings;
    private final LedgerStore store;
    private final boolean shared;
    private final Standing standing;
    private final CommitListener listener;
    private final LedgerMeters meters;
    private final CommandQueue queue;
    private final StateReader state;
    private final Thread thread;

    // Owned by the sequencer thread; read by anyone.
    private volatile Committed committed;

    // Owned by the sequencer thread.
    private TileBuilder tiles;

    /** What one commit would do. */
    private record Plan(List<Append> appends, LedgerBatch batch, SparseMap map, TileBuilder tiles) {}

    Sequencer(
            LedgerSettings settings,
            LedgerStore store,
            Sharing sharing,
            Committed recovered,
            TileBuilder tiles,
            Standing standing,
            CommitListener listener,
            LedgerMeters meters) {
        this.settings = settings;
        this.store = store;
        this.shared = sharing == Sharing.SHARED;
        this.committed = recovered;
        this.tiles = tiles;
        this.standing = standing;
        this.listener = listener;
        this.meters = meters;
        this.state = new StateReader(store, standing);
        this.queue = new CommandQueue(settings.queueRecords());
        this.thread = Thread.ofPlatform().name("ledger-sequencer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Committed committed() {
        return committed;
    }

    int queuedRecords() {
        return queue.size();
    }

    /** Queues a record; the two promises tell what becomes of it. */
    Appended append(NewRecord record) {
        standing.failure().ifPresent(why -> {
            throw why;
        });
        LeafHash leaf = new LogLeaf(record.logId(), record.recordId()).hash();
        MapLeaf mapLeaf = MapLeaf.of(record.logId(), record.recordId());
        Appended promise = new Appended(new CompletableFuture<>(), new CompletableFuture<>());
        if (!queue.offer(new Append(record, leaf, mapLeaf, promise))) {
            throw new Busy();
        }
        failIfStopped();
        return promise;
    }

    /** The thread may have stopped between a check and an offer: then nobody takes the command. */
    private void failIfStopped() {
        standing.ended().ifPresent(queue::failAll);
    }

    /**
     * Has the thread look at what other nodes wrote; completes when all that was committed before this call is known
     * here. At once where there are no other nodes.
     */
    CompletableFuture<Void> refresh() {
        if (!shared || standing.ended().isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> refreshed = queue.wantRefresh();
        failIfStopped();
        return refreshed;
    }

    private void run() {
        Taken taken = NOTHING;
        try {
            while (true) {
                taken = queue.take(settings.batchRecords());
                if (standing.hasStopped()) {
                    stopWith(new Stopped("the ledger stopped"), taken);
                    return;
                }
                if (shared && (taken.commands().isEmpty() || queue.isRefreshWanted())) {
                    refreshNow();
                }
                commit(taken.appends());
                if (taken.hasStop()) {
                    queue.failAll(standing.close());
                    return;
                }
                // Settled, whatever became of it.
                taken = NOTHING;
            }
        } catch (InterruptedException e) {
            stopWith(new Stopped("the sequencer was interrupted", e), taken);
        } catch (StorageException | LedgerException e) {
            LOG.error("the ledger stopped: {}. Restart the server; it reads what is stored before it goes on", e, e);
            stopWith(new Stopped("the ledger's storage failed; the operator must restart the server", e), taken);
        } catch (RuntimeException | Error e) {
            // A fault of ours. Nothing may be signed after it, and the fault must be seen.
            stopWith(
                    new Stopped("the ledger stopped after an internal fault; the operator must restart the server", e),
                    taken);
            throw e;
        }
    }

    /** Every record of {@code appends} is durable, refused, or its promise broken when this returns. */
    private void commit(List<Append> appends) throws InterruptedException {
        if (shared && appends.stream().anyMatch(this::isBehind)) {
            // It may follow what another node appended: only the storage can say that it does not.
            catchUp();
        }
        List<Append> left = appends;
        while (!left.isEmpty()) {
            Plan plan = plan(left);
            if (plan == null) {
                return;
            }
            left = plan.appends();
            LedgerMeters.Batch outcome = LedgerMeters.Batch.FAILED;
            long start = System.nanoTime();
            try {
                // Crash before or in here: nothing of the batch, or (answer lost) all of it.
                store.commit(committed.state(), plan.batch());
                outcome = LedgerMeters.Batch.COMMITTED;
                adopt(plan);
                return;
            } catch (StaleLedgerException e) {
                outcome = LedgerMeters.Batch.STALE;
                if (!shared) {
                    throw new Corrupt("somebody else wrote to this ledger: " + e.getMessage(), e);
                }
                replayForeign(store.state());
            } catch (DuplicateRecordException e) {
                left = refuseDuplicate(left, e.recordId());
            } catch (StorageStoppedException e) {
                breakPromises(left, e);
                throw e;
            } catch (StorageException e) {
                if (settleOutcome(plan, e)) {
                    return;
                }
            } finally {
                meters.committed(outcome, plan.appends().size(), start);
            }
        }
    }

    /** Whether this node knows no record that this one could follow; true of one that follows another of its batch, too. */
    private boolean isBehind(Append append) {
        RecordId head = committed.map().head(append.record().logId()).orElse(null);
        return !Objects.equals(head, append.record().prev());
    }

    private void catchUp() throws InterruptedException {
        LedgerState stored = state.read();
        if (stored != null && !stored.equals(committed.state())) {
            replayForeign(stored);
        }
    }

    /** Plans what can be appended and refuses the rest; null when nothing can. */
    private @Nullable Plan plan(List<Append> appends) {
        Committed from = committed;
        Frontier frontier = from.state().frontier();
        SparseMap map = from.map();
        TileBuilder nextTiles = tiles.copy();
        List<Append> taken = new ArrayList<>();
        List<NewEntry> entries = new ArrayList<>();
        Set<RecordId> ids = new HashSet<>();
        for (Append append : appends) {
            NewRecord record = append.record();
            RecordId head = map.head(record.logId()).orElse(null);
            if (!Objects.equals(head, record.prev())) {
                refuseOrConfirm(append, map);
                continue;
            }
            if (!ids.add(record.recordId())) {
                append.fail(new RecordInOtherLog());
                continue;
            }
            frontier = frontier.append(append.leaf(), nextTiles);
            map = MapReplay.with(map, append.mapLeaf());
            entries.add(entry(record));
            taken.add(append);
        }
        if (entries.isEmpty()) {
            return null;
        }
        List<FullTile> full = nextTiles.takeFilled().stream()
                .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                .toList();
        LedgerBatch batch = new LedgerBatch(entries, full, new LedgerState(frontier, map.root()));
        return new Plan(taken, batch, map, nextTiles);
    }

    /**
     * Two records can never both follow one; but this very record may have come in through another node. What a false map
     * says is no reason to refuse anything: it ends the ledger.
     */
    private void refuseOrConfirm(Append append, SparseMap map) {
        LedgerEntry there = shared ? store.entry(append.record().recordId()).orElse(null) : null;
        if (there != null && there.logId().equals(append.record().logId())) {
            listener.appended(there.leafIndex(), List.of(append.promise()));
            append.promise().leafIndex().complete(there.leafIndex());
        } else {
            MapReplay.requireTrue(map, append.record().logId());
            append.fail(new HeadMoved());
        }
    }

    /** A first record does not name its log, so it could begin two: the one that is in the ledger keeps it. */
    private static List<Append> refuseDuplicate(List<Append> appends, RecordId duplicate) {
        List<Append> others = new ArrayList<>();
        for (Append append : appends) {
            if (append.record().recordId().equals(duplicate)) {
                append.fail(new RecordInOtherLog());
            } else {
                others.add(append);
            }
        }
        if (others.size() == appends.size()) {
            throw new IllegalStateException("the storage refused record " + duplicate + ", which was not in the batch");
        }
        return others;
    }

    /** The batch is durable. */
    private void adopt(Plan plan) {
        long firstIndex = committed.treeSize();
        tiles = plan.tiles();
        committed = new Committed(plan.batch().next(), plan.map());
        List<Appended> promises = plan.appends().stream().map(Append::promise).toList();
        listener.appended(firstIndex, promises);
        for (int i = 0; i < promises.size(); i++) {
            promises.get(i).leafIndex().complete(firstIndex + i);
        }
        listener.moved(committed);
    }

    /**
     * A commit failed and the store is still open: reads what is stored until it answers.
     *
     * @return whether the batch is settled; when it is not, it is to be planned again
     */
    private boolean settleOutcome(Plan plan, StorageException failure) throws InterruptedException {
        LOG.warn(
                "a commit failed, reading what became of it batch.records={}",
                plan.appends().size(),
                failure);
        LedgerState stored = state.readAfter(failure);
        if (stored == null) {
            breakPromises(plan.appends(), failure);
            return true;
        }
        if (stored.equals(plan.batch().next())) {
            adopt(plan);
            return true;
        }
        if (stored.equals(committed.state())) {
            plan.appends().forEach(append -> append.fail(new NotWritten(failure)));
            return true;
        }
        replayForeign(stored);
        return false;
    }

    private void refreshNow() throws InterruptedException {
        CompletableFuture<Void> wish = queue.takeRefresh();
        boolean done = false;
        try {
            catchUp();
            done = true;
        } finally {
            if (wish != null && done) {
                wish.complete(null);
            } else if (wish != null) {
                // This is the end, and who waits is told once everybody can see it.
                queue.putBack(wish);
            }
        }
    }

    private void replayForeign(LedgerState stored) {
        ForeignRecords foreign = ForeignRecords.replay(store, committed, tiles, stored);
        tiles = foreign.tiles();
        // Told before it is signed over: the new leaves may say that another key signs from now on.
        listener.foreign(foreign.leaves());
        committed = foreign.now();
        listener.moved(committed);
    }

    private static NewEntry entry(NewRecord record) {
        boolean firstOfPackage = record.prev() == null && record.packageName() != null;
        return new NewEntry(
                record.logId(),
                record.recordId(),
                record.record(),
                firstOfPackage ? String.valueOf(record.packageName()) : null,
                record.releases());
    }

    private void breakPromises(List<Append> appends, StorageException failure) {
        // Before anybody is told: who is told and comes back must not find a ledger that seems to work.
        Stopped why = standing.stop(
                new Stopped("writing the record failed; after a restart it is either there or not", failure));
        appends.forEach(append -> append.fail(why));
    }

    /** Breaks every promise that is not kept yet; those of {@code taken} that are kept stay so. */
    private void stopWith(Stopped reason, Taken taken) {
        Stopped why = standing.stop(reason);
        taken.appends().forEach(append -> append.fail(why));
        queue.failAll(why);
    }

    /** Commits what is queued, then ends the thread. */
    @Override
    public void close() {
        state.close();
        try {
            // A full queue empties while the thread lives; a thread that ended takes nothing any more.
            while (thread.isAlive() && !queue.offerStop()) {
                LOG.debug("waiting for the sequencer to take the last command");
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
