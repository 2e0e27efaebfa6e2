package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Busy;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.HeadMoved;
import dev.lair.server.ledger.LedgerException.NotWritten;
import dev.lair.server.ledger.LedgerException.RecordInOtherLog;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.ledger.LedgerException.Unreachable;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    /** How long the thread sleeps at most when nobody writes; then it looks what other nodes wrote. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** First and longest pause between two tries of a storage that does not answer. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private static final int PAGE = 4096;

    private final LedgerSettings settings;
    private final LedgerStore store;
    private final boolean shared;
    private final Standing standing;
    private final Listener listener;
    private final LedgerMeters meters;
    private final BlockingQueue<Command> queue;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** The refresh that somebody asked for and that has not begun. */
    private final AtomicReference<@Nullable CompletableFuture<Void>> wantedRefresh = new AtomicReference<>();

    // Owned by the sequencer thread; read by anyone.
    private volatile Committed committed;

    // Owned by the sequencer thread.
    private TileBuilder tiles;

    /** Who has to know what the sequencer did. Called on its thread, so these only take notes. */
    interface Listener {

        /** These records of ours are durable, the first at {@code firstIndex}. */
        void appended(long firstIndex, List<Appended> promises);

        /** The committed state moved, by us or by another node. */
        void moved(Committed now);

        /** Another node appended these. */
        void foreign(List<LogLeaf> leaves);
    }

    private sealed interface Command {

        /** A record with the costly hashes done by the thread that brought it. */
        record Append(NewRecord record, LeafHash leaf, MapLeaf mapLeaf, Appended promise) implements Command {}

        /** Somebody wants to see what other nodes wrote. */
        record Refresh() implements Command {}

        record Stop() implements Command {}
    }

    /** What one commit would do. */
    private record Plan(List<Command.Append> appends, LedgerBatch batch, SparseMap map, TileBuilder tiles) {}

    Sequencer(
            LedgerSettings settings,
            LedgerStore store,
            Sharing sharing,
            Committed recovered,
            TileBuilder tiles,
            Standing standing,
            Listener listener,
            LedgerMeters meters) {
        this.settings = settings;
        this.store = store;
        this.shared = sharing == Sharing.SHARED;
        this.committed = recovered;
        this.tiles = tiles;
        this.standing = standing;
        this.listener = listener;
        this.meters = meters;
        this.queue = new ArrayBlockingQueue<>(settings.queueRecords());
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
        if (!queue.offer(new Command.Append(record, leaf, mapLeaf, promise))) {
            throw new Busy();
        }
        failIfStopped();
        return promise;
    }

    /** The thread may have stopped between a check and an offer: then nobody takes the command. */
    private void failIfStopped() {
        standing.ended().ifPresent(this::failWaiting);
    }

    /**
     * Has the thread look at what other nodes wrote; completes when all that was committed before this call is known
     * here. At once where there are no other nodes.
     */
    CompletableFuture<Void> refresh() {
        if (!shared || standing.ended().isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> waiting = wantedRefresh.updateAndGet(wanted -> wanted == null ? mine : wanted);
        if (waiting == mine && !queue.offer(new Command.Refresh())) {
            // The thread is busy and looks at the wish between two batches anyway.
            LOG.debug("refresh waits behind a full queue");
        }
        failIfStopped();
        return waiting == null ? CompletableFuture.completedFuture(null) : waiting;
    }

    private void run() {
        List<Command> commands = new ArrayList<>();
        try {
            while (true) {
                commands.clear();
                Command first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    commands.add(first);
                    queue.drainTo(commands, settings.batchRecords() - 1);
                }
                if (standing.hasStopped()) {
                    stopWith(new Stopped("the ledger stopped"), commands);
                    return;
                }
                if (shared && (first == null || wantedRefresh.get() != null)) {
                    refreshNow();
                }
                commit(commands.stream()
                        .filter(Command.Append.class::isInstance)
                        .map(Command.Append.class::cast)
                        .toList());
                if (commands.stream().anyMatch(Command.Stop.class::isInstance)) {
                    failWaiting(standing.close());
                    return;
                }
            }
        } catch (InterruptedException e) {
            stopWith(new Stopped("the sequencer was interrupted", e), commands);
        } catch (StorageException | LedgerException e) {
            LOG.error("the ledger stopped: {}. Restart the server; it reads what is stored before it goes on", e, e);
            stopWith(new Stopped("the ledger's storage failed; the operator must restart the server", e), commands);
        } catch (RuntimeException | Error e) {
            // A fault of ours. Nothing may be signed after it, and the fault must be seen.
            stopWith(
                    new Stopped("the ledger stopped after an internal fault; the operator must restart the server", e),
                    commands);
            throw e;
        }
    }

    /** Every record of {@code appends} is durable, refused, or its promise broken when this returns. */
    private void commit(List<Command.Append> appends) throws InterruptedException {
        if (shared && appends.stream().anyMatch(this::isBehind)) {
            // It may follow what another node appended: only the storage can say that it does not.
            catchUp();
        }
        List<Command.Append> left = appends;
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
    private boolean isBehind(Command.Append append) {
        RecordId head = committed.map().head(append.record().logId()).orElse(null);
        return !Objects.equals(head, append.record().prev());
    }

    private void catchUp() throws InterruptedException {
        LedgerState stored = readState();
        if (stored != null && !stored.equals(committed.state())) {
            replayForeign(stored);
        }
    }

    /** Plans what can be appended and refuses the rest; null when nothing can. */
    private @Nullable Plan plan(List<Command.Append> appends) {
        Committed from = committed;
        Frontier frontier = from.state().frontier();
        SparseMap map = from.map();
        TileBuilder nextTiles = tiles.copy();
        List<Command.Append> taken = new ArrayList<>();
        List<NewEntry> entries = new ArrayList<>();
        Set<RecordId> ids = new HashSet<>();
        for (Command.Append append : appends) {
            NewRecord record = append.record();
            RecordId head = map.head(record.logId()).orElse(null);
            if (!Objects.equals(head, record.prev())) {
                refuseOrConfirm(append);
                continue;
            }
            if (!ids.add(record.recordId())) {
                fail(append.promise(), new RecordInOtherLog());
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

    /** Two records can never both follow one; but this very record may have come in through another node. */
    private void refuseOrConfirm(Command.Append append) {
        LedgerEntry there = shared ? store.entry(append.record().recordId()).orElse(null) : null;
        if (there != null && there.logId().equals(append.record().logId())) {
            listener.appended(there.leafIndex(), List.of(append.promise()));
            append.promise().leafIndex().complete(there.leafIndex());
        } else {
            fail(append.promise(), new HeadMoved());
        }
    }

    /** A first record does not name its log, so it could begin two: the one that is in the ledger keeps it. */
    private static List<Command.Append> refuseDuplicate(List<Command.Append> appends, RecordId duplicate) {
        List<Command.Append> others = new ArrayList<>();
        for (Command.Append append : appends) {
            if (append.record().recordId().equals(duplicate)) {
                fail(append.promise(), new RecordInOtherLog());
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
        List<Appended> promises =
                plan.appends().stream().map(Command.Append::promise).toList();
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
        LedgerState stored = awaitState(failure);
        if (stored == null) {
            breakPromises(plan.appends(), failure);
            return true;
        }
        if (stored.equals(plan.batch().next())) {
            adopt(plan);
            return true;
        }
        if (stored.equals(committed.state())) {
            plan.appends().forEach(append -> fail(append.promise(), new NotWritten(failure)));
            return true;
        }
        replayForeign(stored);
        return false;
    }

    /** The stored state, as soon as the storage answers; null when the server closes before. */
    private @Nullable LedgerState awaitState(StorageException failure) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        // Said at once: a storage that is gone takes its time to say so itself.
        standing.unreachable(new Unreachable(failure));
        while (true) {
            try {
                LedgerState stored = store.state();
                standing.reachable();
                return stored;
            } catch (StorageStoppedException e) {
                throw e;
            } catch (StorageException e) {
                if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return null;
                }
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
            }
        }
    }

    private void refreshNow() throws InterruptedException {
        CompletableFuture<Void> wish = wantedRefresh.getAndSet(null);
        boolean done = false;
        try {
            catchUp();
            done = true;
        } finally {
            if (wish != null && done) {
                wish.complete(null);
            } else if (wish != null) {
                // This is the end, and who waits is told once everybody can see it.
                putBack(wish);
            }
        }
    }

    private void putBack(CompletableFuture<Void> wish) {
        CompletableFuture<Void> other = wantedRefresh.getAndUpdate(wanted -> wanted == null ? wish : wanted);
        if (other != null) {
            other.whenComplete((done, failure) -> wish.complete(null));
        }
    }

    private @Nullable LedgerState readState() throws InterruptedException {
        try {
            return store.state();
        } catch (StorageException e) {
            LOG.warn("the storage does not answer reason=\"{}\"", e.getMessage());
            return awaitState(e);
        }
    }

    /**
     * Appends what other nodes wrote to what is known here. The result must be what they committed: a database that lost
     * what we saw, or that tells another story, is a fork and ends this node.
     */
    private void replayForeign(LedgerState stored) {
        Committed from = committed;
        if (stored.treeSize() < from.treeSize()) {
            throw new Corrupt("the storage went back from " + from.treeSize() + " to " + stored.treeSize()
                    + " leaves: a restored backup or an asynchronous failover");
        }
        Frontier frontier = from.state().frontier();
        SparseMap map = from.map();
        TileBuilder nextTiles = tiles.copy();
        List<LogLeaf> foreign = new ArrayList<>();
        for (long index = from.treeSize(); index < stored.treeSize(); index += PAGE) {
            for (LogLeaf leaf : store.leaves(index, Math.min(index + PAGE, stored.treeSize()))) {
                frontier = frontier.append(leaf.hash(), nextTiles);
                map = MapReplay.with(map, MapLeaf.of(leaf.logId(), leaf.recordId()));
                foreign.add(leaf);
            }
            // The full tiles among them are stored already.
            nextTiles.takeFilled();
        }
        LedgerState replayed = new LedgerState(frontier, map.root());
        if (!replayed.equals(stored)) {
            throw new Corrupt("the storage has another history than this node: it holds " + stored
                    + ", the records behind what is known here lead to " + replayed);
        }
        tiles = nextTiles;
        // Told before it is signed over: the new leaves may say that another key signs from now on.
        listener.foreign(foreign);
        committed = new Committed(stored, map);
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

    private void breakPromises(List<Command.Append> appends, StorageException failure) {
        // Before anybody is told: who is told and comes back must not find a ledger that seems to work.
        Stopped why = standing.stop(
                new Stopped("writing the record failed; after a restart it is either there or not", failure));
        appends.forEach(append -> fail(append.promise(), why));
    }

    /** Breaks every promise that is not kept yet; those of {@code taken} that are kept stay so. */
    private void stopWith(Stopped reason, List<Command> taken) {
        Stopped why = standing.stop(reason);
        failAll(taken, why);
        failWaiting(why);
    }

    private void failWaiting(Stopped why) {
        List<Command> left = new ArrayList<>();
        queue.drainTo(left);
        failAll(left, why);
        CompletableFuture<Void> refresh = wantedRefresh.getAndSet(null);
        if (refresh != null) {
            refresh.complete(null);
        }
    }

    private static void failAll(List<Command> commands, Stopped why) {
        for (Command command : commands) {
            if (command instanceof Command.Append append) {
                fail(append.promise(), why);
            }
        }
    }

    private static void fail(Appended promise, LedgerException why) {
        promise.leafIndex().completeExceptionally(why);
        promise.covered().completeExceptionally(why);
    }

    /** Commits what is queued, then ends the thread. */
    @Override
    public void close() {
        closing.countDown();
        try {
            // A full queue empties while the thread lives; a thread that ended takes nothing any more.
            while (thread.isAlive() && !queue.offer(new Command.Stop(), 1, TimeUnit.SECONDS)) {
                LOG.debug("waiting for the sequencer to take the last command");
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
