package dev.lair.server;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Publication;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A ledger store that tells what is asked of it, and fails where a test wants: before a write, or behind it, when the
 * bytes are there and the caller is told that they are not. Subclasses tell lies about what is stored.
 */
public class WatchedLedgerStore implements LedgerStore {

    private static final Consumer<Object> NOTHING = write -> {};

    private final LedgerStore store;
    private final List<Long> leafReads = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final List<SignedCheckpoint> saved = Collections.synchronizedList(new ArrayList<>());
    private volatile Consumer<Object> beforeCommit = NOTHING;
    private volatile Consumer<Object> afterCommit = NOTHING;
    private volatile Consumer<Object> beforeCheckpoint = NOTHING;
    private volatile Consumer<Object> afterCheckpoint = NOTHING;

    public WatchedLedgerStore(LedgerStore store) {
        this.store = store;
    }

    /** An action that waits until the latch is released, and fails when a test forgets to. */
    public static Consumer<Object> until(CountDownLatch released) {
        return write -> {
            try {
                if (!released.await(15, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("held for 15 s and not released");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** {@code storage} with this ledger in the place of its own. */
    public Storage in(Storage storage) {
        return new Storage(
                this,
                storage.evidence(),
                storage.submissions(),
                storage.snapshots(),
                storage.contents(),
                storage.facts(),
                storage.registry(),
                storage.archive(),
                storage.sharing(),
                storage::close);
    }

    public void beforeCommit(Consumer<Object> action) {
        beforeCommit = action;
    }

    public void afterCommit(Consumer<Object> action) {
        afterCommit = action;
    }

    public void beforeCheckpoint(Consumer<Object> action) {
        beforeCheckpoint = action;
    }

    public void afterCheckpoint(Consumer<Object> action) {
        afterCheckpoint = action;
    }

    /** The first index of each read of leaves so far. */
    public List<Long> leafReads() {
        return List.copyOf(leafReads);
    }

    /** How many records each commit had. */
    public List<Integer> batches() {
        return List.copyOf(batches);
    }

    /** Every checkpoint that was saved, in order. */
    public List<SignedCheckpoint> saved() {
        return List.copyOf(saved);
    }

    @Override
    public LedgerState state() {
        return store.state();
    }

    @Override
    public void commit(LedgerState expected, LedgerBatch batch) throws StaleLedgerException {
        beforeCommit.accept(batch);
        store.commit(expected, batch);
        batches.add(batch.entries().size());
        afterCommit.accept(batch);
    }

    @Override
    public Optional<LedgerEntry> entry(RecordId id) {
        return store.entry(id);
    }

    @Override
    public Optional<LedgerEntry> entryAt(long leafIndex) {
        return store.entryAt(leafIndex);
    }

    @Override
    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
        return store.entries(fromIndex, untilIndex);
    }

    @Override
    public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
        leafReads.add(fromIndex);
        return store.leaves(fromIndex, untilIndex);
    }

    @Override
    public List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit) {
        return store.logEntries(log, fromIndex, treeSize, limit);
    }

    @Override
    public Optional<String> logName(LogId log) {
        return store.logName(log);
    }

    @Override
    public Optional<byte[]> tile(int level, long index) {
        return store.tile(level, index);
    }

    @Override
    public OptionalLong releasedAt(Digest content) {
        return store.releasedAt(content);
    }

    @Override
    public void publish(Publication publication) {
        SignedCheckpoint checkpoint = publication.checkpoint();
        beforeCheckpoint.accept(checkpoint);
        store.publish(publication);
        saved.add(checkpoint);
        afterCheckpoint.accept(checkpoint);
    }

    @Override
    public Optional<Publication> latestPublication() {
        return store.latestPublication();
    }

    @Override
    public Optional<SignedCheckpoint> checkpoint(long treeSize) {
        return store.checkpoint(treeSize);
    }

    @Override
    public Optional<SignedCheckpoint> latestCheckpoint() {
        return store.latestCheckpoint();
    }

    @Override
    public List<SignedCheckpoint> checkpointsFrom(long treeSize, int limit) {
        return store.checkpointsFrom(treeSize, limit);
    }

    @Override
    public List<SignedCheckpoint> latestCheckpoints(int limit) {
        return store.latestCheckpoints(limit);
    }

    @Override
    public OptionalLong reindex() {
        return store.reindex();
    }
}
