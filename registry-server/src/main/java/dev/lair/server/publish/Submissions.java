package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.settings.LairSettings.PublishSettings;
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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is stored of the records that wait or were refused, in the publisher's words. */
final class Submissions {

    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

    private final SubmissionStore store;
    private final Clock clock;
    private final Duration uploadDeadline;
    private final Duration rejectedRetention;

    Submissions(SubmissionStore store, Clock clock, PublishSettings settings) {
        this.store = store;
        this.clock = clock;
        this.uploadDeadline = settings.uploadDeadline();
        this.rejectedRetention = settings.rejectedRetention();
    }

    static boolean isOpen(Submission submission) {
        return !(submission.state() instanceof SubmissionState.Rejected);
    }

    static boolean isOverdue(Submission submission, Instant now) {
        return submission.state() instanceof Sourcing sourcing
                && sourcing.deadline().isBefore(now);
    }

    static PublishRequest request(Submission submission) {
        try {
            return new PublishRequest(
                    PackageName.parse(submission.packageName()), SignedPackageRecord.decode(submission.record()));
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(
                    "the stored submission " + submission.recordId() + " is not a record: " + e.getMessage(), e);
        }
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

    Optional<Submission> find(RecordId id) {
        return store.find(id);
    }

    List<Submission> openOf(LogId log) {
        return store.openOf(log);
    }

    /** As {@link SubmissionStore#open(long, int)}, a whole page. */
    SubmissionStore.Page pageBehind(long place) {
        return store.open(place, SubmissionStore.PAGE);
    }

    void forEachOpen(Consumer<Submission> look) {
        store.forEachOpen(look);
    }

    /** Whether this log's record is stored as one that waits. */
    boolean isOpen(LogId log, RecordId id) {
        return store.find(id)
                .filter(stored -> stored.logId().equals(log) && isOpen(stored))
                .isPresent();
    }

    /** @throws LedgerException.RecordInOtherLog when another log's submission of this record waits */
    void requireNotElsewhere(LogId log, RecordId id) {
        if (store.find(id)
                .filter(stored -> !stored.logId().equals(log) && isOpen(stored))
                .isPresent()) {
            throw new LedgerException.RecordInOtherLog();
        }
    }

    /**
     * Stores a record that waits for these contents, or for its turn only when there are none.
     *
     * @throws LedgerException.RecordInOtherLog when another log has it
     */
    void waits(PublishRequest request, Set<Digest> missing) {
        save(submission(request, waitingState(missing), clock.instant()));
    }

    private SubmissionState waitingState(Set<Digest> missing) {
        return missing.isEmpty()
                ? new SubmissionState.Processing()
                : new Sourcing(missing, clock.instant().plus(uploadDeadline));
    }

    /** Content arrived: what is stored says what is still missing, with the deadline that it had. */
    void arrived(RecordId id, Set<Digest> stillMissing) {
        store.find(id).ifPresent(stored -> {
            if (stored.state() instanceof Sourcing sourcing) {
                save(stored.with(
                        stillMissing.isEmpty()
                                ? new SubmissionState.Processing()
                                : new Sourcing(stillMissing, sourcing.deadline())));
            }
        });
    }

    /** A stored record is taken up again and waits for these contents. */
    void retaken(Submission submission, Set<Digest> missing) {
        if (!missing.isEmpty() && submission.state() instanceof SubmissionState.Processing) {
            // Its content was lost while nothing ran; it is asked for again, with a deadline.
            save(submission.with(waitingState(missing)));
        } else if (submission.state() instanceof Sourcing sourcing && !missing.equals(sourcing.missing())) {
            save(submission.with(new Sourcing(missing, sourcing.deadline())));
        }
    }

    private void save(Submission submission) {
        try {
            store.save(submission);
        } catch (SubmissionElsewhereException e) {
            throw new LedgerException.RecordInOtherLog();
        }
    }

    /** Keeps the reason for the author, unless another name has the record. */
    void rejected(PublishRequest request, String reason) {
        Instant now = clock.instant();
        try {
            store.save(submission(request, new SubmissionState.Rejected(reason, now), now));
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

    /** Deletes what is stored of records that the ledger has. */
    void delete(Collection<RecordId> ids) {
        if (!ids.isEmpty()) {
            store.deleteAll(ids);
        }
    }

    /** Forgets rejections that were kept long enough. */
    void forgetOldRejections(Instant now) {
        store.deleteRejectedBefore(now.minus(rejectedRetention));
    }
}
