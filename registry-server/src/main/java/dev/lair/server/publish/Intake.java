package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.content.ContentReferences;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.ContentStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Storage;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionElsewhereException;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.SubmissionState.Sourcing;
import dev.lair.storage.SubmissionStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The records that were taken and are not in the ledger yet: those that wait for an upload, those that wait for the record
 * before them, and those that the ledger has in hand. It keeps promises; the one thing it refuses is a record that another
 * log has.
 *
 * <p>What a crash leaves: a record that was answered "sourcing" is stored as a submission and taken up again by
 * {@link #resume}; one that went straight to the ledger was not answered before it was durable there. A submission whose
 * record reached the ledger is garbage, and is deleted when it is met.
 */
@Component
final class Intake implements ContentReferences {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** Records of one log that wait: pipelines are shorter. How many wait in all is a setting. */
    static final int MAX_WAITING_RECORDS = 100;

    private final PackageLogs logs;
    private final Ledger ledger;
    private final SubmissionStore submissions;
    private final ContentStore contents;
    private final Clock clock;
    private final Duration uploadDeadline;
    private final Duration rejectedRetention;

    /** Handed to the ledger, and not covered by a checkpoint yet. */
    private final Map<RecordId, InFlight> inFlight = new ConcurrentHashMap<>();

    private final Claims claims = new Claims();

    private final Backlog backlog;

    /** Records that reached the ledger and may still have a stored submission. */
    private final ConcurrentLinkedQueue<RecordId> settled = new ConcurrentLinkedQueue<>();

    private record InFlight(LogId log, Appended appended) {}

    Intake(PackageLogs logs, Ledger ledger, Storage storage, Clock clock, LairSettings settings) {
        this.logs = logs;
        this.ledger = ledger;
        this.submissions = storage.submissions();
        this.contents = storage.contents();
        this.clock = clock;
        this.uploadDeadline = settings.publish().uploadDeadline();
        this.rejectedRetention = settings.publish().rejectedRetention();
        this.backlog = new Backlog(
                settings.publish().waitingRecords(),
                settings.publish().waitingBytes().toBytes());
        logs.beforeReread(this::awaitSettled);
        if (ledger.isShared()) {
            logs.onOpen(this::stored);
        }
    }

    /** Reads what this node or another took of a log; the answer adds it to the log's order. */
    private Consumer<LogOrder> stored(LogId log) {
        List<Submission> open = submissions.openOf(log);
        return order -> open.forEach(submission -> {
            PublishRequest request = request(submission);
            if (!isReleased(request.record(), order.tip())) {
                retake(order, submission, request);
            }
        });
    }

    /**
     * Whether the log has this record already, as far as its releases tell: a submission outlives its record's way into the
     * ledger by a moment, and this spares a read for each.
     */
    private static boolean isReleased(SignedPackageRecord record, PackageLog.State tip) {
        for (PackageEntry entry : record.contents().entries()) {
            if (entry instanceof PackageEntry.Release release) {
                return tip.release(release.version())
                        .filter(released -> released.releasedIn().equals(record.id()))
                        .isPresent();
            }
        }
        return false;
    }

    /** The log's state just before this record, as far as the records on their way are appended. */
    PackageLog.State stateBefore(LogId log, SignedPackageRecord record) {
        return logs.locked(log, order -> order.stateBefore(record));
    }

    /**
     * Where a record stands. What this node's memory knows costs no read where no other node writes; the rest takes one
     * read of each store.
     */
    Whereabouts find(LogId log, RecordId id) {
        if (!ledger.isShared()) {
            Optional<Set<Digest>> missing =
                    logs.peek(log, order -> order.find(id).map(LogOrder.Waiting::missing));
            if (missing.isPresent()) {
                return Whereabouts.here(Publication.waiting(id, missing.get()));
            }
        }
        // In this order, because a record goes this way: whoever misses it in one place finds it in the next.
        boolean onItsWay = inFlight(log, id).isPresent();
        if (onItsWay && !ledger.isShared()) {
            return Whereabouts.here(new Publication.Processing(id));
        }
        Optional<Submission> submission = submissions.find(id);
        Optional<LedgerEntry> entry = ledger.entry(id);
        if (entry.isPresent() && entry.get().logId().equals(log)) {
            long leafIndex = entry.get().leafIndex();
            return Whereabouts.here(
                    leafIndex < ledger.publishedSize()
                            ? new Publication.Published(id, leafIndex)
                            : new Publication.Processing(id));
        }
        Optional<Submission> ours = submission.filter(stored -> stored.logId().equals(log));
        boolean inOtherLog = entry.isPresent()
                || (ours.isEmpty() && submission.filter(Intake::isOpen).isPresent())
                || claims.isOtherLogs(log, id);
        // Where no other node writes, memory knows all that waits: an open submission is what a failure left.
        if (ours.filter(Intake::isOpen).isPresent() && ledger.isShared() && entry.isEmpty()) {
            return new Whereabouts(Optional.of(waiting(ours.get())), inOtherLog);
        }
        if (onItsWay) {
            return Whereabouts.here(new Publication.Processing(id));
        }
        return new Whereabouts(ours.flatMap(Intake::rejection), inOtherLog);
    }

    private static Publication waiting(Submission open) {
        return Publication.waiting(
                open.recordId(), open.state() instanceof Sourcing sourcing ? sourcing.missing() : Set.of());
    }

    private static Optional<Publication> rejection(Submission submission) {
        return submission.state() instanceof SubmissionState.Rejected rejected
                ? Optional.of(new Publication.Rejected(submission.recordId(), rejected.reason()))
                : Optional.empty();
    }

    private static boolean isOpen(Submission submission) {
        return !(submission.state() instanceof SubmissionState.Rejected);
    }

    /** What the ledger has in hand; empty when it is covered, or was never handed on. */
    Optional<Appended> inFlight(LogId log, RecordId id) {
        return Optional.ofNullable(inFlight.get(id))
                .filter(onItsWay -> onItsWay.log().equals(log))
                .map(InFlight::appended);
    }

    /**
     * Takes a record into its log's order and hands on what can go to the ledger. When this returns, a record that waits is
     * stored.
     *
     * @throws RecordRejected by the log's own rules
     * @throws LedgerException when the ledger takes no records now, or another log has the record; it was not taken
     */
    Progress take(PublishRequest request, Set<Digest> missing) throws RecordRejected {
        LogId log = request.packageName().logId();
        RecordId id = request.record().id();
        return logs.<Progress, RecordRejected>locked(log, order -> {
            if (order.find(id).isPresent()) {
                return new Progress.Overtaken();
            }
            if (order.waitingRecords() >= MAX_WAITING_RECORDS) {
                throw new LedgerException.Busy();
            }
            LogOrder.Waiting taken = order.take(request, missing);
            wantOrDrop(order, request);
            boolean goesOnNow = order.nextReady() == taken;
            try {
                if (!goesOnNow) {
                    if (!backlog.hasRoomFor(request.record())) {
                        throw new LedgerException.Busy();
                    }
                    // Crash before the save: the author got no answer. After it: the record is taken up again at start.
                    save(submission(request, waitingState(taken), clock.instant()));
                    backlog.add(request.record());
                } else if (ledger.isShared()) {
                    // Nothing is saved, so the store does not say by itself that another log's record waits.
                    requireNotStoredElsewhere(log, id);
                }
                Map<RecordId, Appended> appended = handOn(order, log);
                if (goesOnNow && order.find(id).isPresent()) {
                    throw new LedgerException.Busy();
                }
                return progress(order, id, appended);
            } catch (RuntimeException e) {
                if (order.find(id).isPresent() && !isStored(log, id)) {
                    // Nothing is stored: as if the record had never come.
                    order.drop(id);
                    claims.remove(request);
                }
                throw e;
            }
        });
    }

    private static Progress progress(LogOrder order, RecordId id, Map<RecordId, Appended> appended) {
        Appended promise = appended.get(id);
        return promise != null
                ? new Progress.OnItsWay(promise)
                : order.find(id)
                        .<Progress>map(waiting -> new Progress.Waits(waiting.missing()))
                        .orElseGet(Progress.Overtaken::new);
    }

    private SubmissionState waitingState(LogOrder.Waiting taken) {
        return taken.missing().isEmpty()
                ? new SubmissionState.Processing()
                : new Sourcing(taken.missing(), clock.instant().plus(uploadDeadline));
    }

    /** Content arrived, checked: the record waits for it no longer. */
    Progress arrived(LogId log, RecordId id, Digest content) {
        return logs.<Progress, RuntimeException>locked(log, order -> {
            order.find(id).ifPresent(waiting -> waiting.arrived(content));
            Map<RecordId, Appended> appended = handOn(order, log);
            // It still waits, for other content or for its turn: a restart must not ask for this content again.
            order.find(id).ifPresent(this::saveProgress);
            return progress(order, id, appended);
        });
    }

    private void saveProgress(LogOrder.Waiting waiting) {
        submissions.find(waiting.id()).ifPresent(stored -> {
            if (stored.state() instanceof Sourcing sourcing) {
                save(stored.with(
                        waiting.missing().isEmpty()
                                ? new SubmissionState.Processing()
                                : new Sourcing(waiting.missing(), sourcing.deadline())));
            }
        });
    }

    /** Ends a record that was not taken, or that waits, with a reason; what waited behind it ends too. */
    void reject(PublishRequest request, String reason) {
        LogId log = request.packageName().logId();
        logs.<Boolean, RuntimeException>locked(log, order -> {
            reject(order, request, reason);
            return true;
        });
    }

    /** Ends the record of this id, if it still waits for content. */
    void rejectSourcing(LogId log, RecordId id, String reason) {
        logs.<Boolean, RuntimeException>locked(log, order -> {
            order.find(id)
                    .filter(waiting -> !waiting.missing().isEmpty())
                    .ifPresent(waiting -> reject(order, waiting.request(), reason));
            return true;
        });
    }

    private void reject(LogOrder order, PublishRequest request, String reason) {
        settleRejected(request, reason);
        if (order.find(request.record().id()).isPresent()) {
            order.drop(request.record().id());
            backlog.remove(request.record().id());
            claims.remove(request);
            handOn(order, request.packageName().logId());
        }
    }

    /** Gives the ledger all that can follow now, in order, and ends what never can. Called under the log's lock. */
    private Map<RecordId, Appended> handOn(LogOrder order, LogId log) {
        Map<RecordId, Appended> appended = new HashMap<>();
        for (LogOrder.Waiting ready = order.nextReady(); ready != null; ready = order.nextReady()) {
            try {
                Appended promise = append(log, ready);
                if (ledger.isShared() && !isDurable(promise)) {
                    // Another node's record took this place: the log as it is now says what becomes of ours.
                    order.continueFrom(logs.truth(log));
                    continue;
                }
                appended.put(ready.id(), promise);
            } catch (LedgerException.Busy e) {
                // It keeps its place; the next arrival or sweep of this log tries again.
                return appended;
            }
            order.handedOn(ready);
            backlog.remove(ready.id());
        }
        order.dropOvertaken().forEach((waiting, why) -> {
            backlog.remove(waiting.id());
            claims.remove(waiting.request());
            settleRejected(waiting.request(), String.valueOf(why.getMessage()));
        });
        return appended;
    }

    /**
     * Waits until the record is in the ledger; false when another record came first. Where other nodes write too the lock
     * on a log is held until then, because the next look at it reads the ledger.
     */
    private static boolean isDurable(Appended promise) {
        try {
            promise.leafIndex().join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException.HeadMoved) {
                return false;
            }
            if (e.getCause() instanceof LedgerException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Returns when the ledger has appended or refused what it has in hand of a log; it takes no lock of a log for that. */
    private void awaitSettled(LogId log) {
        for (InFlight onItsWay : inFlight.values()) {
            if (onItsWay.log().equals(log)) {
                onItsWay.appended().leafIndex().exceptionally(refused -> -1L).join();
            }
        }
    }

    private Appended append(LogId log, LogOrder.Waiting ready) {
        RecordId id = ready.id();
        PublishRequest request = ready.request();
        Appended promise = ledger.append(new NewRecord(
                log, id, ready.prev(), request.record().envelope(), request.packageName(), releases(request.record())));
        // Who waits for these waits for our own bookkeeping too: what an answer says is true when it is given.
        CompletableFuture<Long> durable = promise.leafIndex().whenComplete((leafIndex, failure) -> {
            if (failure != null) {
                LOG.warn("record not appended record.id={} reason=\"{}\"", id, failure.getMessage());
                // In this order: who finds nothing in flight finds the log stale.
                logs.reread(log);
                inFlight.remove(id);
            }
        });
        CompletableFuture<SignedCheckpoint> covered = promise.covered().whenComplete((checkpoint, failure) -> {
            inFlight.remove(id);
            claims.remove(request);
            if (failure == null) {
                settled.add(id);
            }
        });
        Appended appended = new Appended(durable, covered);
        inFlight.put(id, new InFlight(log, appended));
        if (promise.covered().isDone()) {
            // It may have been removed before it was there.
            inFlight.remove(id);
        }
        return appended;
    }

    /** Takes up what was stored, in its order, after a start. */
    void resume() {
        takeUpAll(Instant.MIN);
    }

    /** One walk over what is stored. Once the backlog was full, nothing more is taken up: what is left may follow it. */
    private static final class Round {
        private final Set<RecordId> seen = new HashSet<>();
        private int leftOut;
    }

    /** Takes up what is stored and not in hand, hands on whose turn it is, and ends what was due before {@code now}. */
    private void takeUpAll(Instant now) {
        Set<RecordId> counted = backlog.ids();
        Round round = new Round();
        SubmissionStore.Page page = new SubmissionStore.Page(List.of(), 0);
        do {
            page = submissions.open(page.last(), SubmissionStore.PAGE);
            Map<LogId, List<Submission>> byLog = new LinkedHashMap<>();
            for (Submission submission : page.submissions()) {
                round.seen.add(submission.recordId());
                byLog.computeIfAbsent(submission.logId(), none -> new ArrayList<>())
                        .add(submission);
            }
            byLog.forEach((log, stored) -> takeUp(log, stored, now, round));
        } while (page.submissions().size() == SubmissionStore.PAGE);
        if (ledger.isShared()) {
            // Whatever other nodes ended.
            counted.stream().filter(id -> !round.seen.contains(id)).forEach(backlog::remove);
        }
        if (round.leftOut > 0) {
            LOG.warn(
                    "more records wait than lair.publish.waiting-records and waiting-bytes allow; the rest is taken up as"
                            + " these end records.left_out={}",
                    round.leftOut);
        }
    }

    private void takeUp(LogId log, List<Submission> stored, Instant now, Round round) {
        logs.<Boolean, RuntimeException>locked(log, order -> {
            for (Submission submission : stored) {
                RecordId id = submission.recordId();
                // Under the lock: outside it, a record may pass from here to the ledger between two looks.
                if (order.find(id).isEmpty() && !inFlight.containsKey(id)) {
                    takeUpLost(order, id, round);
                }
            }
            handOn(order, log);
            for (Submission submission : stored) {
                if (isOverdue(submission, now)) {
                    endOverdue(order, submission.recordId(), now);
                }
            }
            return true;
        });
    }

    private void takeUpLost(LogOrder order, RecordId id, Round round) {
        // Read again: it may have ended between the page and the lock.
        Submission submission = submissions
                .find(id)
                .filter(found -> found.logId().equals(order.log()) && isOpen(found))
                .orElse(null);
        if (submission == null) {
            return;
        }
        if (ledger.entry(id).isPresent()) {
            submissions.delete(id);
            return;
        }
        PublishRequest request = request(submission);
        if (!ledger.isShared() && (round.leftOut > 0 || !backlog.hasRoomFor(request.record()))) {
            round.leftOut++;
            return;
        }
        retake(order, submission, request);
    }

    private static boolean isOverdue(Submission submission, Instant now) {
        return submission.state() instanceof Sourcing sourcing
                && sourcing.deadline().isBefore(now);
    }

    private void endOverdue(LogOrder order, RecordId id, Instant now) {
        order.find(id)
                .filter(waiting -> !waiting.missing().isEmpty())
                .ifPresent(waiting -> submissions
                        .find(id)
                        .filter(stored -> isOverdue(stored, now))
                        .ifPresent(stored -> reject(order, waiting.request(), overdue(stored.state()))));
    }

    private static String overdue(SubmissionState state) {
        return "the content was not uploaded before " + ((Sourcing) state).deadline() + "; publish again";
    }

    private void retake(LogOrder order, Submission submission, PublishRequest request) {
        // Content that is here was put by an upload whose answer the crash swallowed. The author sends it again and the
        // gate looks at it then; only a record that was complete goes on by itself.
        Set<Digest> missing = new LinkedHashSet<>();
        if (submission.state() instanceof Sourcing sourcing) {
            missing.addAll(sourcing.missing());
        }
        // Where other nodes write, a log is opened at each look: too often to ask for contents that have come.
        if (!ledger.isShared() || missing.isEmpty()) {
            releases(request.record()).stream()
                    .filter(content -> contents.find(content).isEmpty())
                    .forEach(missing::add);
        }
        try {
            LogOrder.Waiting retaken = order.take(request, missing);
            want(request);
            backlog.add(request.record());
            if (!missing.isEmpty() && submission.state() instanceof SubmissionState.Processing) {
                // Its content was lost while nothing ran; it is asked for again, with a deadline.
                save(submission.with(waitingState(retaken)));
            } else if (submission.state() instanceof Sourcing sourcing && !missing.equals(sourcing.missing())) {
                save(submission.with(new Sourcing(missing, sourcing.deadline())));
            }
        } catch (RecordRejected e) {
            if (ledger.isShared() && ledger.entry(submission.recordId()).isPresent()) {
                // It got there while the log was opened.
                return;
            }
            settleRejected(request, String.valueOf(e.getMessage()));
        }
    }

    /** Ends records whose content did not come in time, tries again what found the ledger busy, forgets old rejections. */
    void sweep() {
        Instant now = clock.instant();
        forgetSettled();
        takeUpAll(now);
        submissions.deleteRejectedBefore(now.minus(rejectedRetention));
    }

    /** Deletes the submissions of records that a checkpoint covers: a row each is read whenever their log is opened. */
    void forgetSettled() {
        List<RecordId> done = new ArrayList<>();
        for (RecordId id = settled.poll(); id != null; id = settled.poll()) {
            done.add(id);
        }
        if (!done.isEmpty()) {
            submissions.deleteAll(done);
        }
    }

    @Override
    public Set<Digest> referenced(Collection<Digest> asked) {
        Set<Digest> referenced = new HashSet<>();
        asked.stream().filter(claims::include).forEach(referenced::add);
        if (ledger.isShared()) {
            Set<Digest> wanted = Set.copyOf(asked);
            submissions.forEachOpen(submission -> releases(request(submission).record()).stream()
                    .filter(wanted::contains)
                    .forEach(referenced::add));
        }
        return referenced;
    }

    private void requireNotStoredElsewhere(LogId log, RecordId id) {
        if (submissions
                .find(id)
                .filter(stored -> !stored.logId().equals(log) && isOpen(stored))
                .isPresent()) {
            throw new LedgerException.RecordInOtherLog();
        }
    }

    private boolean isStored(LogId log, RecordId id) {
        return submissions
                .find(id)
                .filter(stored -> stored.logId().equals(log) && isOpen(stored))
                .isPresent();
    }

    private void save(Submission submission) {
        try {
            submissions.save(submission);
        } catch (SubmissionElsewhereException e) {
            throw new LedgerException.RecordInOtherLog();
        }
    }

    private void wantOrDrop(LogOrder order, PublishRequest request) {
        try {
            want(request);
        } catch (LedgerException.RecordInOtherLog e) {
            order.drop(request.record().id());
            throw e;
        }
    }

    /** Where other nodes write, the store is asked instead: what another node ends would never be taken out here. */
    private void want(PublishRequest request) {
        if (!ledger.isShared()) {
            claims.add(request);
        }
    }

    private void settleRejected(PublishRequest request, String reason) {
        Instant now = clock.instant();
        try {
            submissions.save(submission(request, new SubmissionState.Rejected(reason, now), now));
        } catch (SubmissionElsewhereException e) {
            // What another name has, waiting or with a reason for its author, is worth more than our reason.
            LOG.debug("rejection not kept record.id={}", request.record().id(), e);
        }
        LOG.info(
                "record rejected record.id={} package.name={} reason=\"{}\"",
                request.record().id(),
                request.packageName(),
                reason);
    }

    private static Submission submission(PublishRequest request, SubmissionState state, Instant now) {
        return new Submission(
                request.record().id(),
                request.packageName().logId(),
                request.packageName().toString(),
                request.record().envelope(),
                now,
                state);
    }

    private static PublishRequest request(Submission submission) {
        try {
            return new PublishRequest(
                    PackageName.parse(submission.packageName()), SignedPackageRecord.decode(submission.record()));
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(
                    "the stored submission " + submission.recordId() + " is not a record: " + e.getMessage(), e);
        }
    }

    /** Contents that a record releases, each once. */
    static List<Digest> releases(SignedPackageRecord record) {
        return record.contents().entries().stream()
                .filter(PackageEntry.Release.class::isInstance)
                .map(entry -> ((PackageEntry.Release) entry).content())
                .distinct()
                .toList();
    }
}
