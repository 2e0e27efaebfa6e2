package dev.lair.server.publish;

import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.Ledger;
import dev.lair.storage.ContentStore;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionState.Sourcing;
import dev.lair.storage.SubmissionStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up stored records that this node has not in hand: after a start, when a log is opened beside other nodes, and
 * whatever an earlier failure left. A submission whose record reached the ledger is garbage, and is deleted here.
 */
final class Resumption {

    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    private final PackageLogs logs;
    private final Ledger ledger;
    private final ContentStore contents;
    private final Submissions submissions;
    private final InFlight inFlight;
    private final Backlog backlog;
    private final Consumer<PublishRequest> claim;
    private final Steps steps;

    /** What moves a log on; called under its lock. */
    interface Steps {

        /** Gives the ledger all that can follow now. */
        void handOn(LogOrder order);

        /** Ends a record that waits. */
        void reject(LogOrder order, PublishRequest request, String reason);
    }

    /** One walk over what is stored. Once the backlog was full, nothing more is taken up: what is left may follow it. */
    private static final class Round {
        private final Set<RecordId> seen = new HashSet<>();
        private int leftOut;
    }

    Resumption(
            PackageLogs logs,
            Ledger ledger,
            ContentStore contents,
            Submissions submissions,
            InFlight inFlight,
            Backlog backlog,
            Consumer<PublishRequest> claim,
            Steps steps) {
        this.logs = logs;
        this.ledger = ledger;
        this.contents = contents;
        this.submissions = submissions;
        this.inFlight = inFlight;
        this.backlog = backlog;
        this.claim = claim;
        this.steps = steps;
    }

    /** Reads what this node or another took of a log; the answer adds it to the log's order. */
    Consumer<LogOrder> stored(LogId log) {
        List<Submission> open = submissions.openOf(log);
        return order -> open.forEach(submission -> {
            PublishRequest request = Submissions.request(submission);
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

    /** Takes up what is stored and not in hand, hands on whose turn it is, and ends what was due before {@code now}. */
    void takeUpAll(Instant now) {
        Set<RecordId> counted = backlog.ids();
        Round round = new Round();
        SubmissionStore.Page page = new SubmissionStore.Page(List.of(), 0);
        do {
            page = submissions.pageBehind(page.last());
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
                if (order.find(id).isEmpty() && !inFlight.contains(id)) {
                    takeUpLost(order, id, round);
                }
            }
            steps.handOn(order);
            for (Submission submission : stored) {
                if (Submissions.isOverdue(submission, now)) {
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
                .filter(found -> found.logId().equals(order.log()) && Submissions.isOpen(found))
                .orElse(null);
        if (submission == null) {
            return;
        }
        if (ledger.entry(id).isPresent()) {
            submissions.delete(List.of(id));
            return;
        }
        PublishRequest request = Submissions.request(submission);
        if (!ledger.isShared() && (round.leftOut > 0 || !backlog.hasRoomFor(request.record()))) {
            round.leftOut++;
            return;
        }
        retake(order, submission, request);
    }

    private void endOverdue(LogOrder order, RecordId id, Instant now) {
        order.find(id)
                .filter(waiting -> !waiting.missing().isEmpty())
                .ifPresent(waiting -> submissions
                        .find(id)
                        .filter(stored -> Submissions.isOverdue(stored, now))
                        .ifPresent(stored -> steps.reject(
                                order,
                                waiting.request(),
                                "the content was not uploaded before " + ((Sourcing) stored.state()).deadline()
                                        + "; publish again")));
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
            Intake.releases(request.record()).stream()
                    .filter(content -> contents.find(content).isEmpty())
                    .forEach(missing::add);
        }
        try {
            order.take(request, missing);
            claim.accept(request);
            backlog.add(request.record());
            submissions.retaken(submission, missing);
        } catch (RecordRejected e) {
            if (ledger.isShared() && ledger.entry(submission.recordId()).isPresent()) {
                // It got there while the log was opened.
                return;
            }
            submissions.rejected(request, String.valueOf(e.getMessage()));
        }
    }
}
