package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerRecovery.Recovered;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.note.NoteKey;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.NodeReader;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TileNodes;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * The registry's Merkle log over all leaves: append at one end, read and prove everything else. Every read below a tree
 * size is stable for ever; what is not covered by a published checkpoint is durable but not yet promised to anyone.
 *
 * <p>Where other nodes write to the same storage, what is published is read from there each time: a client that saw a
 * checkpoint through one node must not be shown an older one by the next.
 */
@Service
public final class Ledger {

    private final LedgerStore store;
    private final EvidenceStore evidenceStore;
    private final boolean shared;
    private final LogIdentity identity;
    private final LogTiles tiles;
    private final LogTiles evidenceTiles;
    private final MapHistory history;
    private final Standing standing = new Standing();
    private final Sequencer sequencer;
    private final Publisher publisher;
    private final SnapshotKeeper snapshots;
    private final SnapshotSuspicion suspicion;
    private final TileArchive archive;

    /** Until there is a publisher, nothing is settled. */
    private volatile LongSupplier settledSize = () -> 0;

    private final List<Consumer<List<LogLeaf>>> foreignListeners = new CopyOnWriteArrayList<>();

    /** Without a snapshot that was read ahead. */
    Ledger(
            LairSettings settings,
            Storage storage,
            CheckpointSigner keys,
            LogIdentity identity,
            HighWater highWater,
            Witnesses witnesses,
            Clock clock,
            LedgerMeters meters) {
        this(settings, storage, keys, identity, highWater, witnesses, clock, meters, Optional.empty());
    }

    /** Recovers the map and starts the two threads; refuses when what is stored does not fit together. */
    @Autowired
    Ledger(
            LairSettings settings,
            Storage storage,
            CheckpointSigner keys,
            LogIdentity identity,
            HighWater highWater,
            Witnesses witnesses,
            Clock clock,
            LedgerMeters meters,
            Optional<SnapshotAhead> ahead) {
        this.store = storage.ledger();
        this.evidenceStore = storage.evidence();
        this.shared = storage.sharing() == Sharing.SHARED;
        this.identity = identity;
        this.tiles = LogTiles.of(store, () -> settledSize.getAsLong());
        this.evidenceTiles = LogTiles.of(evidenceStore);
        Recovered recovered = new LedgerRecovery(
                        storage,
                        tiles,
                        highWater,
                        identity.log().origin(),
                        settings.ledger(),
                        ahead.orElse(SnapshotAhead.NONE))
                .recover();
        requireWitnessesAgree(recovered.committed(), witnesses, clock);
        this.history = recovered.history();
        this.snapshots = new SnapshotKeeper(
                storage.snapshots(),
                history,
                settings.ledger(),
                recovered.committed().treeSize());
        this.suspicion = new SnapshotSuspicion(recovered.replaced(), standing);
        this.archive = new TileArchive(
                storage.archive(),
                ArchivedLog.main(store, tiles, identity.generation()),
                ArchivedLog.evidence(evidenceStore, evidenceTiles, identity.generation()),
                standing);
        TileBuilder edge = TileBuilder.resume(
                new TileNodes(tiles, recovered.committed().treeSize()),
                recovered.committed().treeSize());
        this.sequencer = new Sequencer(
                settings.ledger(), store, storage.sharing(), recovered.committed(), edge, standing, listener(), meters);
        this.publisher = new Publisher(
                settings.ledger(),
                store,
                sequencer::committed,
                keys,
                identity,
                new EvidenceLog(evidenceStore, evidenceTiles, identity),
                highWater,
                witnesses,
                tiles,
                history,
                shared ? Optional.of(new HistoryCheck(store, tiles)) : Optional.empty(),
                snapshots,
                archive,
                clock,
                standing,
                meters);
        settledSize = shared ? publisher::comparedSize : () -> Long.MAX_VALUE;
        sequencer.start();
        publisher.start();
        suspicion.start();
        startArchive();
    }

    private void startArchive() {
        Optional<Publication> last = store.latestPublication();
        archive.start(
                last.map(Publication::treeSize).orElse(0L),
                last.map(publication -> publication.notes().evidenceSize()).orElse(0L));
    }

    private void requireWitnessesAgree(Committed now, Witnesses witnesses, Clock clock) {
        if (now.treeSize() == 0) {
            return;
        }
        Witnesses.Head head = identity.log()
                .head(now.treeSize(), now.state().logRoot(), clock.instant().getEpochSecond(), tiles);
        try {
            witnesses.requireNotBehind(head, () -> store.state().treeSize());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException.Corrupt("interrupted while witnesses were asked", e);
        }
    }

    private CommitListener listener() {
        return new CommitListener() {
            @Override
            public void appended(long firstIndex, List<Appended> promises) {
                publisher.cover(firstIndex, promises);
            }

            @Override
            public void moved(Committed now) {
                publisher.wake();
            }

            @Override
            public void foreign(List<LogLeaf> leaves) {
                foreignListeners.forEach(listener -> listener.accept(leaves));
            }
        };
    }

    /**
     * Queues a record.
     *
     * @throws LedgerException.Busy when the queue is full, or a record of a package would wait behind too many that no
     *     checkpoint covers yet
     * @throws LedgerException.Unreachable while the storage does not answer
     * @throws LedgerException.Stopped after a failed write
     */
    public Appended append(NewRecord record) {
        // The operator's own always goes in: it may be what names the key that signs the next checkpoint.
        if (record.packageName() != null && isFarBehind() && standing.failure().isEmpty()) {
            throw new LedgerException.Busy();
        }
        return sequencer.append(record);
    }

    private boolean isFarBehind() {
        if (publisher.isFarBehind(Limits.UNPUBLISHED_QUEUES)) {
            // Another node may have published it all.
            adoptForeign();
            return publisher.isFarBehind(Limits.UNPUBLISHED_QUEUES);
        }
        return false;
    }

    /**
     * Has a checkpoint signed over all that is committed now, without waiting for the interval: after an operator record,
     * and when a signer became available or changed.
     */
    public void checkpointSoon() {
        publisher.soon();
    }

    /**
     * Has the evidence log state the digest of an attestation, with the next checkpoint or within the interval between two.
     * Asking again for the same record and digest states nothing twice, from any node and after any restart.
     *
     * <p><b>Crashes.</b> The question is kept in memory alone: whoever stored an attestation remembers there that it is
     * stated once this completes, and asks again at a start for those of which it is not known. An entry that is there by
     * then is found, at the cost of reading the entries that came since the record's publication ({@link #statedAt}).
     *
     * @param record that is durable
     * @param attestation digest of the attestation's bytes as they are served
     * @return index of the entry, once a published note of the evidence log covers it
     * @throws IllegalArgumentException when the ledger has no such record
     * @throws LedgerException.Busy when too many wait
     * @throws dev.lair.storage.StorageException while the storage does not answer; nothing was queued
     */
    public CompletableFuture<Long> attest(RecordId record, Digest attestation) {
        long leafIndex = requireDurable(record);
        AttestationEvidence evidence = evidenceOf(record, attestation);
        long until = evidenceStore.state().treeSize();
        OptionalLong index = EvidenceLog.find(evidenceStore, evidence, leafIndex, until);
        AttestationPromises.Wanted wanted = new AttestationPromises.Wanted(evidence, leafIndex, until);
        if (index.isPresent()) {
            adoptForeign();
            return publisher.attested(wanted, index.getAsLong());
        }
        CompletableFuture<Long> covered = publisher.attest(wanted);
        // Another node's record can be attested here once it is read.
        return leafIndex < committedSize() ? covered : sequencer.refresh().thenCompose(read -> covered);
    }

    /**
     * Where the evidence log states an attestation, under a published note or not yet. Cheap soon after the record was
     * published: it reads the entries that came since.
     *
     * @throws IllegalArgumentException when the ledger has no such record
     */
    public OptionalLong statedAt(RecordId record, Digest attestation) {
        return EvidenceLog.find(
                evidenceStore,
                evidenceOf(record, attestation),
                requireDurable(record),
                evidenceStore.state().treeSize());
    }

    private AttestationEvidence evidenceOf(RecordId record, Digest attestation) {
        return new AttestationEvidence(identity.log().origin(), record, attestation);
    }

    private long requireDurable(RecordId record) {
        return store.entry(record)
                .map(LedgerEntry::leafIndex)
                .orElseThrow(() -> new IllegalArgumentException("record " + record
                        + " is not in the ledger: an attestation is stated once its record is durable"));
    }

    /** Completes once every checkpoint that was due at this call is published, or could not be. */
    CompletableFuture<Void> settled() {
        return publisher.settled();
    }

    /** Whether other nodes write to the same storage. */
    public boolean isShared() {
        return shared;
    }

    /** Returns when this node knows all that was committed before the call. At once where there are no other nodes. */
    public void catchUp() {
        sequencer.refresh().join();
    }

    /**
     * Has {@code listener} told which leaves other nodes appended. It is called on the sequencer's thread and must not
     * wait for the ledger.
     */
    public void onForeign(Consumer<List<LogLeaf>> listener) {
        foreignListeners.add(listener);
    }

    /** The newest published checkpoint; empty only before the first is published. */
    public Optional<SignedCheckpoint> checkpoint() {
        adoptForeign();
        return publisher.checkpoint();
    }

    /** The newest published checkpoint with its notes; empty only before the first is published. */
    public Optional<Publication> publication() {
        return store.latestPublication();
    }

    private void adoptForeign() {
        if (shared) {
            store.latestPublication().ifPresent(publisher::adopt);
        }
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

    /** First line of the main log's C2SP checkpoints. */
    public String origin() {
        return identity.log().origin();
    }

    /** First line of the evidence log's checkpoints. */
    public String evidenceOrigin() {
        return identity.evidence().origin();
    }

    /** The public keys of the main log's notes, Ed25519 first. */
    public List<NoteKey> noteKeys() {
        return identity.log().keys();
    }

    /** The public keys of the evidence log's notes, Ed25519 first. */
    public List<NoteKey> evidenceKeys() {
        return identity.evidence().keys();
    }

    /** The nodes of the tree of this size, for proofs. One thread at a time may use the reader. */
    public NodeReader nodes(long treeSize) {
        return new TileNodes(tiles, treeSize);
    }

    /**
     * The first {@code width} hashes of a tile of the main log; the caller has checked that a published tree has them.
     */
    public byte[] tile(TileId id, int width) {
        return tiles.served(id, width);
    }

    /** The same of the evidence log. */
    public byte[] evidenceTile(TileId id, int width) {
        return evidenceTiles.served(id, width);
    }

    /** Entries {@code [fromIndex, untilIndex)} of the evidence log, published or not. */
    public List<byte[]> evidenceEntries(long fromIndex, long untilIndex) {
        return evidenceStore.entries(fromIndex, untilIndex);
    }

    /** Leaves of the evidence log that its published note covers. */
    public long publishedEvidenceSize() {
        adoptForeign();
        return publisher.notes().map(PublishedNotes::evidenceSize).orElse(0L);
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

    /** The entries {@code [fromIndex, untilIndex)} in leaf order. */
    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
        return store.entries(fromIndex, untilIndex);
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

    /** Number of leaves that are durable, as far as this node knows. */
    public long committedSize() {
        return sequencer.committed().treeSize();
    }

    /** Number of packages and other logs in the map, as far as this node knows. */
    public long mappedLogs() {
        return sequencer.committed().map().size();
    }

    /** Records that wait for the sequencer. */
    public int queuedRecords() {
        return sequencer.queuedRecords();
    }

    /** Why nothing can be appended now; empty while all is well. */
    public Optional<LedgerException> failure() {
        return standing.failure();
    }

    /** Lets the sequencer finish what is queued and the publisher sign it, before the storage closes. */
    @PreDestroy
    void stop() {
        sequencer.close();
        publisher.close();
        suspicion.close();
        snapshots.close();
        archive.close();
        history.close();
    }
}
