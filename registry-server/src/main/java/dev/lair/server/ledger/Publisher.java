package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.ledger.PublisherSchedule.Work;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.Signer;
import dev.lair.storage.CheckpointRefusedException;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.TimestampedCheckpoint;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs what is committed, never more, has it witnessed, and shows it. One checkpoint at a time is under way; while it is,
 * the sequencer commits on. What a crash leaves, step by step:
 *
 * <ol>
 *   <li>signed: nothing, the signature was in memory only;
 *   <li>stated in the evidence log: an entry about a tree that is committed, and entries about attestations of its
 *       records; no note covers them yet, which harms nobody, and who asks for one of them again finds it there;
 *   <li>kept outside the database ({@link HighWater}): the next start finds that the database has at least that much;
 *   <li>cosigned by witnesses: they remember a size that is committed, and the next checkpoint extends it;
 *   <li>published, one transaction: what was shown is what is stored, and the next start shows it again. Snapshots and
 *       archived tiles follow on threads of their own; both are derived, and a start makes up for what is missing.
 * </ol>
 *
 * <p>Several nodes may publish at once: the store keeps the larger, and the loser shows what the winner published. It
 * signs nothing beyond that, and calls no record covered by it, before it has compared its tree ({@link HistoryCheck}).
 */
final class Publisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private interface Step {
        LedgerMeters.Round take() throws InterruptedException;
    }

    private final LedgerStore store;
    private final Supplier<Committed> committed;
    private final CheckpointSigner keys;
    private final LogIdentity identity;
    private final EvidenceLog evidence;
    private final HighWater highWater;
    private final Witnesses witnesses;
    private final LogTiles tiles;
    private final MapHistory history;
    private final Optional<HistoryCheck> check;
    private final SnapshotKeeper snapshots;
    private final TileArchive archive;
    private final Clock clock;
    private final Standing standing;
    private final LedgerMeters meters;
    private final Thread thread;

    private final CoverPromises uncovered = new CoverPromises();
    private final AttestationPromises attestations = new AttestationPromises();
    private final ShownCheckpoint shown;
    private final PublisherSchedule schedule;

    /** @param check present where other nodes publish too */
    Publisher(
            LedgerSettings settings,
            LedgerStore store,
            Supplier<Committed> committed,
            CheckpointSigner keys,
            LogIdentity identity,
            EvidenceLog evidence,
            HighWater highWater,
            Witnesses witnesses,
            LogTiles tiles,
            MapHistory history,
            Optional<HistoryCheck> check,
            SnapshotKeeper snapshots,
            TileArchive archive,
            Clock clock,
            Standing standing,
            LedgerMeters meters) {
        this.store = store;
        this.committed = committed;
        this.keys = keys;
        this.identity = identity;
        this.evidence = evidence;
        this.highWater = highWater;
        this.witnesses = witnesses;
        this.tiles = tiles;
        this.history = history;
        this.check = check;
        this.snapshots = snapshots;
        this.archive = archive;
        this.clock = clock;
        this.standing = standing;
        this.meters = meters;
        this.shown = new ShownCheckpoint(store, identity, check.isPresent());
        this.schedule = new PublisherSchedule(
                settings, committed, shown, () -> !uncovered.isEmpty(), attestations::isDue, clock, standing);
        this.thread = Thread.ofPlatform().name("checkpoint-publisher").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Optional<SignedCheckpoint> checkpoint() {
        return Optional.ofNullable(shown.checkpoint());
    }

    /** Leaves of the newest checkpoint that is of this node's history for sure. */
    long comparedSize() {
        SignedCheckpoint known = shown.compared();
        return known == null ? 0 : known.contents().checkpoint().logLength();
    }

    Optional<PublishedNotes> notes() {
        return shown.notes();
    }

    /** These records are durable and wait for a checkpoint that covers them. */
    void cover(long firstIndex, List<Appended> promises) {
        uncovered.add(firstIndex, promises);
        SignedCheckpoint known = shown.compared();
        if (known != null) {
            uncovered.keep(known);
        }
    }

    /**
     * Has the next round state an attestation, and makes one due within the interval between checkpoints; completes with the
     * entry's index once a published note covers it.
     *
     * @throws LedgerException.Busy when too many wait
     */
    CompletableFuture<Long> attest(AttestationPromises.Wanted wanted) {
        CompletableFuture<Long> covered = attestations.add(wanted);
        schedule.news();
        return covered;
    }

    /** The same of an attestation that is in the evidence log already, at this place. */
    CompletableFuture<Long> attested(AttestationPromises.Wanted wanted, long index) {
        CompletableFuture<Long> covered = attestations.add(wanted, index);
        shown.notes().ifPresent(notes -> attestations.covered(notes.evidenceSize()));
        schedule.news();
        return covered;
    }

    /** There is more to sign. */
    void wake() {
        schedule.news();
    }

    /** Has the next checkpoint signed without waiting for the interval. */
    void soon() {
        schedule.soon();
    }

    /** Completes once all that was due at this call is published, or could not be. */
    CompletableFuture<Void> settled() {
        return schedule.settled();
    }

    /** Whether more committed leaves than so many full queues have no published checkpoint, as far as this node knows. */
    boolean isFarBehind(int queues) {
        return schedule.isFarBehind(queues);
    }

    /** Another node published this: it is shown here too if it is newer. */
    void adopt(Publication publication) {
        if (shown.adopt(publication)) {
            attestations.covered(publication.notes().evidenceSize());
            schedule.news();
        }
    }

    /** This checkpoint is of this node's history: what it covers is covered. On the publisher thread only. */
    private void trust(SignedCheckpoint known) {
        shown.setCompared(known);
        uncovered.keep(known);
    }

    /** Whether this checkpoint begins the tree of {@code now}; false while this node is behind it. */
    private boolean isOfOurHistory(SignedCheckpoint candidate, Committed now) {
        if (candidate.equals(shown.compared())) {
            return true;
        }
        if (check.isPresent() && !check.get().begins(candidate.contents().checkpoint(), now)) {
            return false;
        }
        trust(candidate);
        return true;
    }

    private void run() {
        try {
            for (Work work = schedule.awaitWork(); work != Work.END; work = schedule.awaitWork()) {
                if (work == Work.COMPARE) {
                    retried(this::compareShown);
                    continue;
                }
                // In this order: a leaf that changes the signer is told before it is committed here.
                Committed now = committed.get();
                Optional<Signer> signer = signer();
                if (signer.isEmpty()) {
                    schedule.setRetrying(true);
                } else if (!standing.hasStopped()) {
                    long start = System.nanoTime();
                    LedgerMeters.Round outcome = retried(() -> publish(now, signer.get()));
                    meters.published(outcome, start);
                    schedule.setRetrying(outcome == LedgerMeters.Round.RETRIED);
                }
            }
        } catch (InterruptedException e) {
            standing.stop(new Stopped("the publisher was interrupted", e));
        } catch (StorageException | LedgerException e) {
            LOG.error("the ledger stopped: {}. Restart the server; it reads what is stored before it goes on", e, e);
            standing.stop(new Stopped("publishing a checkpoint failed; the operator must restart the server", e));
        } catch (RuntimeException | Error e) {
            // A fault of ours. Nothing may be signed after it, and the fault must be seen.
            standing.stop(
                    new Stopped("the ledger stopped after an internal fault; the operator must restart the server", e));
            throw e;
        } finally {
            breakPromises();
        }
    }

    /**
     * Who signs now; not asked under a lock. Where other nodes write too, that may take a look into the storage: while it
     * does not answer nobody signs, and it is asked again.
     */
    private Optional<Signer> signer() {
        try {
            return keys.current();
        } catch (StorageStoppedException e) {
            throw e;
        } catch (StorageException e) {
            LOG.warn("who signs is not known now, asking again reason=\"{}\"", e.getMessage());
            return Optional.empty();
        }
    }

    /** Reads the storage, so neither the sequencer nor who holds the lock may wait for it. */
    private LedgerMeters.Round compareShown() {
        SignedCheckpoint newest = shown.checkpoint();
        boolean isKnown = newest == null || isOfOurHistory(newest, committed.get());
        return isKnown ? LedgerMeters.Round.PUBLISHED : LedgerMeters.Round.OUTRUN;
    }

    /** A storage that does not answer is asked again; one that stopped for good ends the ledger. */
    private static LedgerMeters.Round retried(Step step) throws InterruptedException {
        try {
            return step.take();
        } catch (StorageStoppedException e) {
            throw e;
        } catch (StorageException e) {
            LOG.warn("checkpoint not published, trying again reason=\"{}\"", e.getMessage());
            return LedgerMeters.Round.RETRIED;
        }
    }

    private LedgerMeters.Round publish(Committed now, Signer signer) throws InterruptedException {
        SignedCheckpoint last = shown.checkpoint();
        if (last != null && !isOfOurHistory(last, now)) {
            // Another node published more than this one has read yet: there is nothing to say about less.
            return LedgerMeters.Round.OUTRUN;
        }
        requireNoneLostBetween(last, now);
        Instant instant = clock.instant();
        // A clock that ran backwards must not make a checkpoint look older than one that clients have.
        long time = last == null
                ? instant.getEpochSecond()
                : Math.max(instant.getEpochSecond(), last.contents().epochSeconds());
        schedule.setSignedAt(instant);
        // 1. Sign, in memory.
        Checkpoint roots = new Checkpoint(
                now.state().logRoot(), now.treeSize(), now.state().mapRoot());
        SignedCheckpoint signed = SignedCheckpoint.sign(new TimestampedCheckpoint(roots, time), signer);
        Witnesses.Head log = identity.log().head(now.treeSize(), now.state().logRoot(), time, tiles);
        // 2. State it in the evidence log, and what was attested of its records.
        EvidenceLog.Stated entries = evidence.state(roots, attestations.unstated(now.treeSize()), time);
        attestations.stated(entries.places());
        Witnesses.Head stated = entries.head();
        // 3. Keep a copy where a restored database cannot take it back.
        highWater.keep(now.treeSize(), log.note());
        // 4. Witnesses, all at once.
        Witnesses.Round round = witnesses.cosign(log, stated);
        if (!round.mayPublish()) {
            LOG.warn("checkpoint not published reason=\"too few witnesses\" ledger.tree_size={}", now.treeSize());
            return LedgerMeters.Round.RETRIED;
        }
        // 5. Publish.
        Publication publication = new Publication(
                signed,
                new PublishedNotes(
                        round.log().format(),
                        stated.treeSize(),
                        round.evidence().format()));
        try {
            store.publish(publication);
        } catch (CheckpointRefusedException e) {
            return outrun(last, publication, e);
        }
        history.add(now.treeSize(), now.map());
        archive.offer(now.treeSize(), stated.treeSize());
        adopt(publication);
        trust(publication.checkpoint());
        snapshots.offer(now);
        return LedgerMeters.Round.PUBLISHED;
    }

    /** Another node may have signed what a failover lost, which nobody here saw published: only its copy tells. */
    private void requireNoneLostBetween(@Nullable SignedCheckpoint last, Committed now) {
        check.ifPresent(known -> highWater.requireNoneBetween(
                last == null ? 0 : last.contents().checkpoint().logLength(),
                now.treeSize(),
                () -> store.state().treeSize(),
                (size, root) -> known.isBegunBy(size, root, now)));
    }

    /** A refusal is a fault, unless another node was quicker: with a checkpoint, or with more evidence under the same. */
    private LedgerMeters.Round outrun(
            @Nullable SignedCheckpoint before, Publication refused, CheckpointRefusedException refusal) {
        Publication stored = store.latestPublication().orElse(null);
        if (stored == null
                || (stored.checkpoint().equals(before)
                        && stored.notes().evidenceSize() <= refused.notes().evidenceSize())) {
            throw new Corrupt("the storage refuses the next checkpoint: " + refusal.getMessage(), refusal);
        }
        adopt(stored);
        return LedgerMeters.Round.OUTRUN;
    }

    private void breakPromises() {
        Stopped why = standing.ended().orElseGet(standing::close);
        schedule.ended();
        uncovered.breakAll(why);
        attestations.breakAll(why);
    }

    /** Publishes what is committed if somebody waits for it, then ends the thread. */
    @Override
    public void close() {
        schedule.close();
        try {
            thread.join(Limits.PUBLISHER_CLOSES_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
