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
import dev.lair.signing.PublicKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.ContentStore;
import dev.lair.storage.Storage;
import dev.lair.storage.Submission;
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
import java.util.HashMap;
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

    /** Records of one log that wait: pipelines are shorter, and all of them are held in memory. */
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

    /** Which log a record on its way belongs to: content bytes do not name the package, so one record fits two. */
    private final Map<RecordId, LogId> claimed = new ConcurrentHashMap<>();

    /** The records on their way that release this content. */
    private final Map<Digest, Set<RecordId>> wanted = new ConcurrentHashMap<>();

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
        if (ledger.isShared()) {
            logs.onOpen(this::stored);
        }
    }

    /** Reads what this node or another took of a log; the answer adds it to the log's order. */
    private Consumer<LogOrder> stored(LogId log) {
        List<Submission> open = submissions.openOf(log).stream()
                .filter(submission -> ledger.entry(submission.recordId()).isEmpty())
                .toList();
        return order -> open.forEach(submission -> retake(order, submission, request(submission)));
    }

    /** The log's state just before this record, as far as the records on their way are appended. */
    PackageLog.State stateBefore(LogId log, SignedPackageRecord record) {
        return logs.locked(log, order -> order.stateBefore(record));
    }

    /** The key that should have signed this record; empty when its log knows no such key. */
    Optional<PublicKey> signerKey(LogId log, SignedPackageRecord record) {
        return logs.locked(log, order -> Optional.ofNullable(LogOrder.signerKey(record, order.stateBefore(record))));
    }

    /** Contents that this record still waits for; empty when nobody handed the record in, or it is in the ledger. */
    Optional<Set<Digest>> missing(LogId log, RecordId id) {
        if (ledger.isShared()) {
            return storedMissing(log, id);
        }
        return logs.peek(log, order -> order.find(id).map(LogOrder.Waiting::missing));
    }

    /** The same where other nodes write too, and this node's memory proves nothing. */
    private Optional<Set<Digest>> storedMissing(LogId log, RecordId id) {
        if (ledger.entry(id).isPresent()) {
            return Optional.empty();
        }
        return submissions
                .find(id)
                .filter(submission -> submission.logId().equals(log))
                .flatMap(submission -> switch (submission.state()) {
                    case Sourcing sourcing -> Optional.of(sourcing.missing());
                    case SubmissionState.Processing processing -> Optional.of(Set.<Digest>of());
                    case SubmissionState.Rejected rejected -> Optional.empty();
                });
    }

    /** What the ledger has in hand; empty when it is covered, or was never handed on. */
    Optional<Appended> inFlight(LogId log, RecordId id) {
        return Optional.ofNullable(inFlight.get(id))
                .filter(onItsWay -> onItsWay.log().equals(log))
                .map(InFlight::appended);
    }

    /** Why the record was rejected, if it was. */
    Optional<String> rejection(LogId log, RecordId id) {
        return submissions
                .find(id)
                .filter(submission -> submission.logId().equals(log))
                .flatMap(submission -> submission.state() instanceof SubmissionState.Rejected rejected
                        ? Optional.of(rejected.reason())
                        : Optional.empty());
    }

    /**
     * Takes a record into its log's order and hands on what can go to the ledger. When this returns, a record that waits is
     * stored.
     *
     * @return what the ledger promised for this record; empty when it waits
     * @throws RecordRejected by the log's own rules
     * @throws LedgerException when the ledger takes no records now, or another log has the record; it was not taken
     */
    Optional<Appended> take(PublishRequest request, Set<Digest> missing) throws RecordRejected {
        LogId log = request.packageName().logId();
        RecordId id = request.record().id();
        return logs.<Optional<Appended>, RecordRejected>locked(log, order -> {
            if (order.find(id).isPresent()) {
                return Optional.empty();
            }
            if (order.waitingRecords() >= MAX_WAITING_RECORDS) {
                throw new LedgerException.Busy();
            }
            requireNotElsewhere(request);
            LogOrder.Waiting taken = order.take(request, missing);
            wantOrDrop(order, request);
            boolean goesOnNow = order.nextReady() == taken;
            try {
                if (!goesOnNow) {
                    // Crash before the save: the author got no answer. After it: the record is taken up again at start.
                    submissions.save(submission(request, waitingState(taken), clock.instant()));
                }
                Map<RecordId, Appended> appended = handOn(order, log);
                if (goesOnNow && order.find(id).isPresent()) {
                    throw new LedgerException.Busy();
                }
                return Optional.ofNullable(appended.get(id));
            } catch (RuntimeException e) {
                if (order.find(id).isPresent() && submissions.find(id).isEmpty()) {
                    // Nothing is stored: as if the record had never come.
                    order.drop(id);
                    unwant(request);
                }
                throw e;
            }
        });
    }

    private SubmissionState waitingState(LogOrder.Waiting taken) {
        return taken.missing().isEmpty()
                ? new SubmissionState.Processing()
                : new Sourcing(taken.missing(), clock.instant().plus(uploadDeadline));
    }

    /**
     * Content arrived, checked: the record waits for it no longer.
     *
     * @return what the ledger promised for this record; empty when it still waits
     */
    Optional<Appended> arrived(LogId log, RecordId id, Digest content) {
        return logs.<Optional<Appended>, RuntimeException>locked(log, order -> {
            order.find(id).ifPresent(waiting -> waiting.arrived(content));
            Map<RecordId, Appended> appended = handOn(order, log);
            // It still waits, for other content or for its turn: a restart must not ask for this content again.
            order.find(id).ifPresent(this::saveProgress);
            return Optional.ofNullable(appended.get(id));
        });
    }

    private void saveProgress(LogOrder.Waiting waiting) {
        submissions.find(waiting.id()).ifPresent(stored -> {
            if (stored.state() instanceof Sourcing sourcing) {
                submissions.save(stored.with(
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
            unwant(request);
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
        }
        order.dropOvertaken().forEach((waiting, why) -> {
            unwant(waiting.request());
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

    private Appended append(LogId log, LogOrder.Waiting ready) {
        RecordId id = ready.id();
        PublishRequest request = ready.request();
        Appended promise = ledger.append(new NewRecord(
                log, id, ready.prev(), request.record().envelope(), request.packageName(), releases(request.record())));
        // Who waits for these waits for our own bookkeeping too: what an answer says is true when it is given.
        CompletableFuture<Long> durable = promise.leafIndex().whenComplete((leafIndex, failure) -> {
            if (failure != null) {
                LOG.warn("record not appended record.id={} reason=\"{}\"", id, failure.getMessage());
                inFlight.remove(id);
                logs.reread(log);
            }
        });
        CompletableFuture<SignedCheckpoint> covered = promise.covered().whenComplete((checkpoint, failure) -> {
            inFlight.remove(id);
            unwant(request);
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

    /** Takes up what was stored, in its order, after a start or after the ledger refused what we took for a log's head. */
    void resume() {
        for (Submission submission : submissions.open()) {
            RecordId id = submission.recordId();
            PublishRequest request = request(submission);
            logs.<Boolean, RuntimeException>locked(submission.logId(), order -> {
                // Under the lock: outside it, a record may pass from here to the ledger between two looks.
                if (order.find(id).isPresent() || inFlight.containsKey(id)) {
                    // Opened anew, the log has it already; it may be its turn.
                    if (ledger.isShared()) {
                        handOn(order, submission.logId());
                    }
                    return true;
                }
                if (ledger.entry(id).isPresent()) {
                    submissions.delete(id);
                } else {
                    retake(order, submission, request);
                    handOn(order, submission.logId());
                }
                return true;
            });
        }
    }

    private void retake(LogOrder order, Submission submission, PublishRequest request) {
        // Content that is here was put by an upload whose answer the crash swallowed. The author sends it again and the
        // gate looks at it then; only a record that was complete goes on by itself.
        Set<Digest> missing = new LinkedHashSet<>();
        if (submission.state() instanceof Sourcing sourcing) {
            missing.addAll(sourcing.missing());
        } else {
            releases(request.record()).stream()
                    .filter(content -> contents.find(content).isEmpty())
                    .forEach(missing::add);
        }
        try {
            LogOrder.Waiting retaken = order.take(request, missing);
            want(request);
            if (!missing.isEmpty() && submission.state() instanceof SubmissionState.Processing) {
                // Its content was lost while nothing ran; it is asked for again, with a deadline.
                submissions.save(submission.with(waitingState(retaken)));
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
        List<RecordId> done = new ArrayList<>();
        for (RecordId id = settled.poll(); id != null; id = settled.poll()) {
            done.add(id);
        }
        submissions.deleteAll(done);
        resume();
        for (Submission submission : submissions.open()) {
            if (submission.state() instanceof Sourcing sourcing
                    && sourcing.deadline().isBefore(now)) {
                rejectSourcing(
                        submission.logId(),
                        submission.recordId(),
                        "the content was not uploaded before " + sourcing.deadline() + "; publish again");
            }
            arrivedNothing(submission.logId());
        }
        submissions.deleteRejectedBefore(now.minus(rejectedRetention));
    }

    private void arrivedNothing(LogId log) {
        logs.<Boolean, RuntimeException>locked(log, order -> {
            handOn(order, log);
            return true;
        });
    }

    @Override
    public boolean references(Digest content) {
        return wanted.containsKey(content) || (ledger.isShared() && isWantedSomewhere(content));
    }

    private boolean isWantedSomewhere(Digest content) {
        return submissions.open().stream()
                .anyMatch(submission -> releases(request(submission).record()).contains(content));
    }

    /**
     * A signed record does not say for which package it is, so a stranger could hand in somebody's first record under
     * another name. Record ids are unique in this registry: the first name keeps it.
     *
     * @throws LedgerException.RecordInOtherLog when another log has the record, or is about to
     */
    void requireNotElsewhere(PublishRequest request) {
        LogId log = request.packageName().logId();
        RecordId id = request.record().id();
        boolean logged =
                ledger.entry(id).filter(entry -> !entry.logId().equals(log)).isPresent();
        if (logged || storedElsewhere(log, id) || !log.equals(claimed.getOrDefault(id, log))) {
            throw new LedgerException.RecordInOtherLog();
        }
    }

    private boolean storedElsewhere(LogId log, RecordId id) {
        return submissions
                .find(id)
                .filter(stored -> !stored.logId().equals(log))
                .filter(stored -> !(stored.state() instanceof SubmissionState.Rejected))
                .isPresent();
    }

    private void wantOrDrop(LogOrder order, PublishRequest request) {
        try {
            want(request);
        } catch (LedgerException.RecordInOtherLog e) {
            order.drop(request.record().id());
            throw e;
        }
    }

    private void want(PublishRequest request) {
        if (ledger.isShared()) {
            // The store is asked instead: what another node ends would never be taken out here.
            return;
        }
        RecordId id = request.record().id();
        LogId log = request.packageName().logId();
        // Two logs have two locks: only the map itself can say who came first.
        if (!log.equals(claimed.computeIfAbsent(id, none -> log))) {
            throw new LedgerException.RecordInOtherLog();
        }
        releases(request.record())
                .forEach(content -> wanted.computeIfAbsent(content, none -> ConcurrentHashMap.newKeySet())
                        .add(id));
    }

    private void unwant(PublishRequest request) {
        RecordId id = request.record().id();
        claimed.remove(id, request.packageName().logId());
        releases(request.record())
                .forEach(content -> wanted.computeIfPresent(content, (key, records) -> {
                    records.remove(id);
                    return records.isEmpty() ? null : records;
                }));
    }

    private void settleRejected(PublishRequest request, String reason) {
        Instant now = clock.instant();
        if (!storedElsewhere(request.packageName().logId(), request.record().id())) {
            submissions.save(submission(request, new SubmissionState.Rejected(reason, now), now));
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
