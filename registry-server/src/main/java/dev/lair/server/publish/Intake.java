package dev.lair.server.publish;

import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.content.ContentReferences;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
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

    /** Records of one log that wait: pipelines are shorter. How many wait in all is a setting. */
    static final int MAX_WAITING_RECORDS = 100;

    private final PackageLogs logs;
    private final Ledger ledger;
    private final Clock clock;
    private final Submissions submissions;
    private final Claims claims = new Claims();
    private final Backlog backlog;
    private final InFlight inFlight;
    private final RecordTrail trail;
    private final Resumption resumption;

    /** Records that reached the ledger and may still have a stored submission. */
    private final ConcurrentLinkedQueue<RecordId> settled = new ConcurrentLinkedQueue<>();

    /** Logs whose next record has still to be judged. */
    private final Set<LogId> unjudged = ConcurrentHashMap.newKeySet();

    private volatile Consumer<RecordId> committed = id -> {};

    Intake(PackageLogs logs, Ledger ledger, Storage storage, Clock clock, LairSettings settings) {
        this.logs = logs;
        this.ledger = ledger;
        this.clock = clock;
        this.submissions = new Submissions(storage.submissions(), clock, settings.publish());
        this.backlog = new Backlog(
                settings.publish().waitingRecords(),
                settings.publish().waitingBytes().toBytes());
        this.inFlight = new InFlight(ledger, logs, listener());
        this.trail = new RecordTrail(logs, ledger, submissions, inFlight, claims);
        this.resumption =
                new Resumption(logs, ledger, storage.contents(), submissions, inFlight, backlog, this::claim, steps());
        logs.beforeReread(inFlight::awaitSettled);
        if (ledger.isShared()) {
            logs.onOpen(resumption::stored);
        }
    }

    private Resumption.Steps steps() {
        return new Resumption.Steps() {
            @Override
            public void handOn(LogOrder order) {
                Intake.this.handOn(order);
            }

            @Override
            public void reject(LogOrder order, PublishRequest request, String reason) {
                Intake.this.reject(order, request, reason);
            }
        };
    }

    private InFlight.Listener listener() {
        return new InFlight.Listener() {
            @Override
            public void durable(RecordId id) {
                committed.accept(id);
            }

            @Override
            public void ended(PublishRequest request, boolean isCovered) {
                claims.remove(request);
                if (isCovered) {
                    settled.add(request.record().id());
                }
            }
        };
    }

    /** Has {@code told} called for each record that this node brought into the ledger, on its threads: it must not wait. */
    void onCommitted(Consumer<RecordId> told) {
        committed = told;
    }

    /** The log's state just before this record, as far as the records on their way are appended. */
    PackageLog.State stateBefore(LogId log, SignedPackageRecord record) {
        return logs.locked(log, order -> order.stateBefore(record));
    }

    /** The log's state behind all that the ledger has or has in hand: what the next record follows. */
    PackageLog.State tip(LogId log) {
        return logs.locked(log, LogOrder::tip);
    }

    /** Where a record stands. */
    Whereabouts find(LogId log, RecordId id) {
        return trail.find(log, id);
    }

    /** What the ledger has in hand; empty when it is covered, or was never handed on. */
    Optional<Appended> inFlight(LogId log, RecordId id) {
        return inFlight.find(log, id);
    }

    /**
     * Takes a record into its log's order and hands on what can go to the ledger. When this returns, a record that waits is
     * stored. Nothing is taken when the log's state just before the record is no longer {@code before}, in which it was
     * judged: the record that it follows may have come meanwhile.
     *
     * @param isJudged whether the gate said all that it will ever say; else the record waits for its turn, and for
     *     {@link #unjudged} then
     * @throws RecordRejected by the log's own rules
     * @throws LedgerException when the ledger takes no records now, or another log has the record; it was not taken
     */
    Progress take(PublishRequest request, Set<Digest> missing, PackageLog.State before, boolean isJudged)
            throws RecordRejected {
        LogId log = request.packageName().logId();
        RecordId id = request.record().id();
        return logs.<Progress, RecordRejected>locked(log, order -> {
            if (order.find(id).isPresent()) {
                return new Progress.Overtaken();
            }
            if (order.waitingRecords() >= MAX_WAITING_RECORDS) {
                throw new LedgerException.Busy();
            }
            if (!order.stateBefore(request.record()).head().equals(before.head())) {
                return new Progress.Moved();
            }
            LogOrder.Waiting taken = order.take(request, missing);
            if (isJudged) {
                taken.judged();
            }
            claimOrDrop(order, request);
            boolean goesOnNow = order.nextReady() == taken;
            try {
                if (!goesOnNow) {
                    if (!backlog.hasRoomFor(request.record())) {
                        throw new LedgerException.Busy();
                    }
                    // Crash before the save: the author got no answer. After it: the record is taken up again at start.
                    submissions.waits(request, taken.missing());
                    backlog.add(request.record());
                } else if (ledger.isShared()) {
                    // Nothing is saved, so the store does not say by itself that another log's record waits.
                    submissions.requireNotElsewhere(log, id);
                }
                Map<RecordId, Appended> appended = handOn(order);
                if (goesOnNow && order.find(id).isPresent()) {
                    throw new LedgerException.Busy();
                }
                return progress(order, id, appended);
            } catch (RuntimeException e) {
                if (order.find(id).isPresent() && !submissions.isOpen(log, id)) {
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

    /** A record that waits, what it waits for, and the state of its log just before it. */
    record Placed(PublishRequest request, Set<Digest> missing, PackageLog.State before) {}

    private static Placed placed(LogOrder order, LogOrder.Waiting waiting) {
        return new Placed(
                waiting.request(),
                waiting.missing(),
                order.stateBefore(waiting.request().record()));
    }

    /** A record that waits. */
    Optional<Placed> placed(LogId log, RecordId id) {
        return logs.locked(log, order -> order.find(id).map(waiting -> placed(order, waiting)));
    }

    /**
     * The next record of a log, when it is complete and nothing is in its way but the gate's last word. To be given to
     * {@link #judged} or {@link #reject}, or to {@link #judgeLater}.
     */
    Optional<Placed> unjudged(LogId log) {
        if (!unjudged.remove(log)) {
            return Optional.empty();
        }
        return logs.locked(
                log, order -> Optional.ofNullable(order.nextUnjudged()).map(waiting -> placed(order, waiting)));
    }

    /** Logs whose next record was to be judged and was not. */
    Set<LogId> unjudged() {
        return Set.copyOf(unjudged);
    }

    void judgeLater(LogId log) {
        unjudged.add(log);
    }

    /** The gate has nothing against a record whose turn it is: it goes on. */
    void judged(PublishRequest request) {
        logs.<Boolean, RuntimeException>locked(request.packageName().logId(), order -> {
            order.find(request.record().id()).ifPresent(LogOrder.Waiting::judged);
            handOn(order);
            return true;
        });
    }

    /** Content arrived, checked: the record waits for it no longer. {@code isJudged} as in {@link #take}. */
    Progress arrived(LogId log, RecordId id, Digest content, boolean isJudged) {
        return logs.<Progress, RuntimeException>locked(log, order -> {
            order.find(id).ifPresent(waiting -> {
                waiting.arrived(content);
                if (isJudged) {
                    waiting.judged();
                }
            });
            boolean isNoted = false;
            try {
                Map<RecordId, Appended> appended = handOn(order);
                // It still waits, for other content or for its turn: a restart must not ask for this content again.
                order.find(id).ifPresent(waiting -> submissions.arrived(id, waiting.missing()));
                isNoted = true;
                return progress(order, id, appended);
            } finally {
                if (!isNoted) {
                    // A restart would ask for it again: nobody may be told before that it has come.
                    order.find(id).ifPresent(waiting -> waiting.lacks(content));
                }
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
        submissions.rejected(request, reason);
        if (order.find(request.record().id()).isPresent()) {
            order.drop(request.record().id());
            backlog.remove(request.record().id());
            claims.remove(request);
            handOn(order);
        }
    }

    /** Gives the ledger all that can follow now, in order, and ends what never can. Called under the log's lock. */
    private Map<RecordId, Appended> handOn(LogOrder order) {
        Map<RecordId, Appended> appended = new HashMap<>();
        for (LogOrder.Waiting ready = order.nextReady(); ready != null; ready = order.nextReady()) {
            try {
                Appended promise = inFlight.append(order.log(), ready);
                if (ledger.isShared() && !InFlight.isDurable(promise)) {
                    // Another node's record took this place: the log as it is now says what becomes of ours.
                    order.continueFrom(logs.truth(order.log()));
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
            submissions.rejected(waiting.request(), String.valueOf(why.getMessage()));
        });
        if (order.nextUnjudged() != null) {
            unjudged.add(order.log());
        }
        return appended;
    }

    /** Takes up what was stored, in its order, after a start. */
    void resume() {
        resumption.takeUpAll(Instant.MIN);
    }

    /** Ends records whose content did not come in time, tries again what found the ledger busy, forgets old rejections. */
    void sweep() {
        Instant now = clock.instant();
        forgetSettled();
        resumption.takeUpAll(now);
        submissions.forgetOldRejections(now);
    }

    /** Deletes the submissions of records that a checkpoint covers: a row each is read whenever their log is opened. */
    void forgetSettled() {
        List<RecordId> done = new ArrayList<>();
        for (RecordId id = settled.poll(); id != null; id = settled.poll()) {
            done.add(id);
        }
        submissions.delete(done);
    }

    @Override
    public Set<Digest> referenced(Collection<Digest> asked) {
        Set<Digest> referenced = new HashSet<>();
        asked.stream().filter(claims::include).forEach(referenced::add);
        if (ledger.isShared()) {
            Set<Digest> wanted = Set.copyOf(asked);
            submissions.forEachOpen(
                    submission -> releases(Submissions.request(submission).record()).stream()
                            .filter(wanted::contains)
                            .forEach(referenced::add));
        }
        return referenced;
    }

    private void claimOrDrop(LogOrder order, PublishRequest request) {
        try {
            claim(request);
        } catch (LedgerException.RecordInOtherLog e) {
            order.drop(request.record().id());
            throw e;
        }
    }

    /** Where other nodes write, the store is asked instead: what another node ends would never be taken out here. */
    private void claim(PublishRequest request) {
        if (!ledger.isShared()) {
            claims.add(request);
        }
    }

    /** Contents that a record releases, each once. */
    static List<Digest> releases(SignedPackageRecord record) {
        return releases(record.contents());
    }

    /** The same of a record that is not signed yet. */
    static List<Digest> releases(PackageRecord record) {
        return record.entries().stream()
                .filter(PackageEntry.Release.class::isInstance)
                .map(entry -> ((PackageEntry.Release) entry).content())
                .distinct()
                .toList();
    }
}
