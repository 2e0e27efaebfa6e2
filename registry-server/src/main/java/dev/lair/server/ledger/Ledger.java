package dev.lair.server.ledger;

import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.NodeReader;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileNodes;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.stereotype.Service;

/**
 * The registry's Merkle log over all leaves: append at one end, read and prove everything else. Every read below a tree
 * size is stable for ever; what is not covered by a published checkpoint is durable but not yet promised to anyone.
 */
@Service
public final class Ledger {

    private final LedgerStore store;
    private final LedgerTiles tiles;
    private final MapHistory history;
    private final Sequencer sequencer;
    private final ExecutorService snapshotWriter;

    /** Recovers the map and starts the sequencer; refuses when what is stored does not fit together. */
    Ledger(LairSettings settings, Storage storage, CheckpointSigner keys, Clock clock) {
        this.store = storage.ledger();
        this.tiles = new LedgerTiles(store);
        LedgerRecovery.Recovered recovered = new LedgerRecovery(storage, tiles, settings.ledger()).recover();
        this.history = recovered.history();
        this.snapshotWriter = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("map-snapshot").daemon().factory());
        this.sequencer = new Sequencer(settings.ledger(), storage, recovered, tiles, keys, clock, snapshotWriter);
        sequencer.start();
    }

    /**
     * Queues a record.
     *
     * @throws LedgerException.Busy when the queue is full
     * @throws LedgerException.Stopped after a failed write
     */
    public Appended append(NewRecord record) {
        return sequencer.append(record);
    }

    /**
     * Has a checkpoint signed over all that is committed now, without waiting for the interval: after an operator record,
     * and when a signer became available or changed.
     */
    public void checkpointSoon() {
        sequencer.checkpointSoon();
    }

    /** The newest published checkpoint; empty only before the operator's first record. */
    public Optional<SignedCheckpoint> checkpoint() {
        return sequencer.published();
    }

    /** The published checkpoint of exactly this size. */
    public Optional<SignedCheckpoint> checkpoint(long treeSize) {
        return treeSize < 0 || treeSize > publishedSize() ? Optional.empty() : store.checkpoint(treeSize);
    }

    /** Leaves that the newest published checkpoint covers. */
    public long publishedSize() {
        return checkpoint()
                .map(signed -> signed.contents().checkpoint().logLength())
                .orElse(0L);
    }

    /** The nodes of the tree of this size, for proofs. One thread at a time may use the reader. */
    public NodeReader nodes(long treeSize) {
        return new TileNodes(tiles, treeSize);
    }

    /** The map at the checkpoint of this size; empty when there is none, or it is too old to be retained. */
    public Optional<SparseMap> map(long treeSize) {
        return history.at(treeSize);
    }

    /** The entry of a durable record, covered by a checkpoint or not. */
    public Optional<LedgerEntry> entry(RecordId id) {
        return store.entry(id);
    }

    /** The entry at a place in the ledger. */
    public Optional<LedgerEntry> entryAt(long leafIndex) {
        return store.entryAt(leafIndex);
    }

    /** Entries of one log with {@code fromIndex <= leafIndex < treeSize}, at most {@code limit} of them. */
    public List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit) {
        return store.logEntries(log, fromIndex, treeSize, limit);
    }

    /** The ids at {@code [fromIndex, untilIndex)}. */
    public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
        return store.leaves(fromIndex, untilIndex);
    }

    /** The package name of a log. */
    public Optional<String> logName(LogId log) {
        return store.logName(log);
    }

    /** Leaf index of the first record that releases this content, covered by a checkpoint or not. */
    public OptionalLong releasedAt(Digest content) {
        return store.releasedAt(content);
    }

    /** Why nothing can be appended any more; empty while all is well. */
    public Optional<LedgerException.Stopped> failure() {
        return sequencer.failure();
    }

    /** Lets the sequencer finish what is queued, before the storage closes. */
    @PreDestroy
    void stop() {
        sequencer.close();
        snapshotWriter.close();
    }
}
