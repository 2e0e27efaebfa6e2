package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Busy;
import dev.lair.server.ledger.LedgerException.HeadMoved;
import dev.lair.server.ledger.LedgerException.RecordInOtherLog;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.ledger.LedgerRecovery.Recovered;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.Signer;
import dev.lair.storage.FullTile;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapLeaf;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import dev.lair.transparency.TileNodes;
import dev.lair.transparency.TimestampedCheckpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. A platform thread (SQLite's calls are native) takes what has gathered in the queue, commits it as one
 * batch, and signs a checkpoint over what was committed. What a crash leaves, write by write:
 *
 * <ol>
 *   <li>before the commit: nothing; publishers got no answer, or their submission is stored and starts again;
 *   <li>after the commit, before the checkpoint is saved: durable records that no checkpoint covers; the next start signs
 *       one over them, and {@link LedgerRecovery} has checked them by then;
 *   <li>after the checkpoint is saved, before anyone saw it: a checkpoint that is simply published at the next start;
 *   <li>while a snapshot is written: the older snapshot, and a longer replay.
 * </ol>
 *
 * <p>After a failed write the outcome on disk is unknown, so the sequencer stops for good and every append is refused
 * until a restart has read what is there. Readers go on with the last published checkpoint.
 */
final class Sequencer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    /** How long the thread sleeps at most when nobody writes; a wake-up ends it at once. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final LedgerSettings settings;
    private final LedgerStore store;
    private final Storage storage;
    private final CheckpointSigner keys;
    private final Clock clock;
    private final MapHistory history;
    private final ExecutorService snapshotWriter;
    private final BlockingQueue<Command> queue;
    private final Thread thread;

    // Owned by the sequencer thread.
    private LedgerState state;
    private SparseMap map;
    private TileBuilder tiles;
    private long lastSnapshotSize;
    private Instant signedAt;
    private final Deque<Uncovered> uncovered = new ArrayDeque<>();

    // Written by the sequencer thread, read by anyone.
    private volatile @Nullable SignedCheckpoint published;
    private volatile boolean urgent;
    private volatile @Nullable Stopped stopped;

    private sealed interface Command {

        /** A record with the costly hashes done by the thread that brought it. */
        record Append(NewRecord record, LeafHash leaf, MapLeaf mapLeaf, Appended promise) implements Command {}

        /** Something else changed: look whether a checkpoint is due. */
        record Wake() implements Command {}

        record Stop() implements Command {}
    }

    private record Uncovered(long leafIndex, CompletableFuture<SignedCheckpoint> covered) {}

    Sequencer(
            LedgerSettings settings,
            Storage storage,
            Recovered recovered,
            LedgerTiles ledgerTiles,
            CheckpointSigner keys,
            Clock clock,
            ExecutorService snapshotWriter) {
        this.settings = settings;
        this.storage = storage;
        this.store = storage.ledger();
        this.keys = keys;
        this.clock = clock;
        this.snapshotWriter = snapshotWriter;
        this.state = recovered.state();
        this.map = recovered.map();
        this.history = recovered.history();
        this.tiles = TileBuilder.resume(new TileNodes(ledgerTiles, state.treeSize()), state.treeSize());
        this.published = store.latestCheckpoint().orElse(null);
        this.signedAt = store.latestCheckpoint()
                .map(checkpoint -> Instant.ofEpochSecond(checkpoint.contents().epochSeconds()))
                .orElse(Instant.EPOCH);
        Long newest = storage.snapshots().sizes().floor(state.treeSize());
        this.lastSnapshotSize = newest == null ? 0 : newest;
        this.queue = new ArrayBlockingQueue<>(settings.queueRecords());
        this.thread = Thread.ofPlatform().name("ledger-sequencer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Queues a record; the two promises tell what becomes of it. */
    Appended append(NewRecord record) {
        Stopped why = stopped;
        if (why != null) {
            throw why;
        }
        LeafHash leaf = new LogLeaf(record.logId(), record.recordId()).hash();
        MapLeaf mapLeaf = MapLeaf.of(record.logId(), record.recordId());
        Appended promise = new Appended(new CompletableFuture<>(), new CompletableFuture<>());
        if (!queue.offer(new Command.Append(record, leaf, mapLeaf, promise))) {
            throw new Busy();
        }
        // The thread may have stopped between the check and the offer: then nobody takes this command.
        if (stopped != null) {
            failWaiting(stopped);
        }
        return promise;
    }

    /** Has the thread sign what is committed without waiting for the interval; a full queue wakes it just as well. */
    void checkpointSoon() {
        urgent = true;
        boolean woken = queue.offer(new Command.Wake());
        LOG.debug("checkpoint asked for sequencer.woken={}", woken);
    }

    Optional<SignedCheckpoint> published() {
        return Optional.ofNullable(published);
    }

    Optional<Stopped> failure() {
        return Optional.ofNullable(stopped);
    }

    private void run() {
        List<Command> commands = new ArrayList<>();
        try {
            while (true) {
                commands.clear();
                Command first = queue.poll(waitFor().toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    commands.add(first);
                    queue.drainTo(commands, settings.batchRecords() - 1);
                }
                commitBatch(commands);
                checkpointIfDue();
                snapshotIfDue();
                if (commands.stream().anyMatch(Command.Stop.class::isInstance)) {
                    stopWith(new Stopped("the server is shutting down"), commands);
                    return;
                }
            }
        } catch (InterruptedException e) {
            stopWith(new Stopped("the sequencer was interrupted", e), commands);
        } catch (StorageException | StaleLedgerException | LedgerException e) {
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

    private void commitBatch(List<Command> commands) throws StaleLedgerException {
        Frontier frontier = state.frontier();
        SparseMap nextMap = map;
        TileBuilder nextTiles = tiles.copy();
        List<NewEntry> entries = new ArrayList<>();
        List<Appended> promises = new ArrayList<>();
        for (Command command : commands) {
            if (!(command instanceof Command.Append append)) {
                continue;
            }
            NewRecord record = append.record();
            LedgerException refusal = refusal(record, nextMap, entries);
            if (refusal != null) {
                append.promise().leafIndex().completeExceptionally(refusal);
                append.promise().covered().completeExceptionally(refusal);
                continue;
            }
            frontier = frontier.append(append.leaf(), nextTiles);
            nextMap = nextMap.with(append.mapLeaf());
            entries.add(entry(record));
            promises.add(append.promise());
        }
        if (entries.isEmpty()) {
            return;
        }
        List<FullTile> full = nextTiles.takeFilled().stream()
                .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                .toList();
        LedgerState next = new LedgerState(frontier, nextMap.root());
        long firstIndex = state.treeSize();
        try {
            // Crash before or in here: nothing of the batch, or (answer lost) all of it.
            store.commit(state, new LedgerBatch(entries, full, next));
        } catch (StorageException | StaleLedgerException e) {
            Stopped why = new Stopped("the write of the record failed; after a restart it is either there or not", e);
            // Before anybody is told: who is told and comes back must not find a ledger that seems to work.
            stopped = why;
            promises.forEach(promise -> fail(promise, why));
            throw e;
        }
        state = next;
        map = nextMap;
        tiles = nextTiles;
        for (int i = 0; i < promises.size(); i++) {
            uncovered.add(new Uncovered(firstIndex + i, promises.get(i).covered()));
            promises.get(i).leafIndex().complete(firstIndex + i);
        }
    }

    /** Both are compared here, where only one thread writes: at the door the answer could be old by now. */
    private @Nullable LedgerException refusal(NewRecord record, SparseMap heads, List<NewEntry> batch) {
        RecordId head = heads.head(record.logId()).orElse(null);
        if (!Objects.equals(head, record.prev())) {
            // Two records can never both follow one.
            return new HeadMoved();
        }
        // A record that names a previous one can follow only that, in one log; a first record could begin two.
        boolean twice = record.prev() == null
                && (store.entry(record.recordId()).isPresent()
                        || batch.stream().anyMatch(entry -> entry.recordId().equals(record.recordId())));
        return twice ? new RecordInOtherLog() : null;
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

    /** Signs what is committed, never more, and shows it only when it is durable. */
    private void checkpointIfDue() {
        Optional<Signer> signer = keys.current();
        if (publishedSize() == state.treeSize()) {
            // All is signed already: the wish is granted, and must not hurry what comes later.
            urgent = false;
        }
        if (state.treeSize() == 0 || signer.isEmpty() || !untilCheckpoint().isZero()) {
            return;
        }
        SignedCheckpoint last = published;
        Instant instant = clock.instant();
        long now = instant.getEpochSecond();
        // A clock that ran backwards must not make a checkpoint look older than one that clients have.
        long time = last == null ? now : Math.max(now, last.contents().epochSeconds());
        // Cleared before the state is read for signing: a wish that comes now is for the next one.
        urgent = false;
        Checkpoint roots = new Checkpoint(state.logRoot(), state.treeSize(), state.mapRoot());
        SignedCheckpoint signed = SignedCheckpoint.sign(new TimestampedCheckpoint(roots, time), signer.get());
        // Crash before here: the records wait uncovered for the next start.
        store.saveCheckpoint(signed);
        // Crash from here on: the next start publishes this checkpoint again, as it is.
        history.add(state.treeSize(), map);
        published = signed;
        signedAt = instant;
        while (!uncovered.isEmpty() && uncovered.peekFirst().leafIndex() < state.treeSize()) {
            uncovered.removeFirst().covered().complete(signed);
        }
    }

    private long publishedSize() {
        SignedCheckpoint last = published;
        return last == null ? 0 : last.contents().checkpoint().logLength();
    }

    /** Time until the next checkpoint is due; zero when it is. */
    private Duration untilCheckpoint() {
        SignedCheckpoint last = published;
        if (last == null) {
            return Duration.ZERO;
        }
        boolean grown = publishedSize() < state.treeSize();
        if (grown && (urgent || settings.checkpointInterval().isZero())) {
            return Duration.ZERO;
        }
        Duration pause = grown ? settings.checkpointInterval() : settings.checkpointRefresh();
        Duration left = Duration.between(clock.instant(), signedAt.plus(pause));
        // More than the whole pause is left when the clock ran backwards: that must not stretch it.
        return left.isNegative() || left.compareTo(pause) > 0 ? Duration.ZERO : left;
    }

    private Duration waitFor() {
        if (state.treeSize() == 0 || keys.current().isEmpty()) {
            return IDLE;
        }
        Duration until = untilCheckpoint();
        return until.compareTo(IDLE) < 0 ? until : IDLE;
    }

    /** Another thread writes the snapshot: the map is immutable, so it sees exactly the size that it is tied to. */
    private void snapshotIfDue() {
        if (state.treeSize() - lastSnapshotSize < settings.snapshotRecords()) {
            return;
        }
        lastSnapshotSize = state.treeSize();
        MapSnapshot snapshot = new MapSnapshot(state.treeSize(), map);
        long oldest = history.oldest();
        snapshotWriter.execute(() -> {
            try {
                storage.snapshots().save(snapshot.logSize(), snapshot::writeTo);
                LedgerRecovery.superseded(storage.snapshots(), oldest).forEach(storage.snapshots()::delete);
                LOG.info(
                        "map snapshot written snapshot.size={} size_bytes={}",
                        snapshot.logSize(),
                        snapshot.sizeBytes());
            } catch (StorageException e) {
                // Derived data: the next snapshot tries again, a start replays more until then.
                LOG.warn("map snapshot failed snapshot.size={} reason=\"{}\"", snapshot.logSize(), e.getMessage());
            }
        });
    }

    /** Breaks every promise that is not kept yet; those of {@code taken} that are kept stay so. */
    private void stopWith(Stopped why, List<Command> taken) {
        stopped = why;
        uncovered.forEach(waiting -> waiting.covered().completeExceptionally(why));
        failAll(taken, why);
        failWaiting(why);
    }

    private void failWaiting(Stopped why) {
        List<Command> left = new ArrayList<>();
        queue.drainTo(left);
        failAll(left, why);
    }

    private static void failAll(List<Command> commands, Stopped why) {
        for (Command command : commands) {
            if (command instanceof Command.Append append) {
                fail(append.promise(), why);
            }
        }
    }

    private static void fail(Appended promise, Stopped why) {
        promise.leafIndex().completeExceptionally(why);
        promise.covered().completeExceptionally(why);
    }

    /** Commits what is queued, then ends the thread. */
    @Override
    public void close() {
        try {
            if (stopped == null) {
                queue.put(new Command.Stop());
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
