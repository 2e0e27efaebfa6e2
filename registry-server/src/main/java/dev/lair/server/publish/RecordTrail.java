package dev.lair.server.publish;

import dev.lair.server.ledger.Ledger;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.SubmissionState.Sourcing;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.Optional;
import java.util.Set;

/** Finds where a record stands, from the moment it is taken until it is published or refused. */
final class RecordTrail {

    private final PackageLogs logs;
    private final Ledger ledger;
    private final Submissions submissions;
    private final InFlight inFlight;
    private final Claims claims;

    RecordTrail(PackageLogs logs, Ledger ledger, Submissions submissions, InFlight inFlight, Claims claims) {
        this.logs = logs;
        this.ledger = ledger;
        this.submissions = submissions;
        this.inFlight = inFlight;
        this.claims = claims;
    }

    /** What this node's memory knows costs no read where no other node writes; the rest takes one read of each store. */
    Whereabouts find(LogId log, RecordId id) {
        if (!ledger.isShared()) {
            Optional<Set<Digest>> missing =
                    logs.peek(log, order -> order.find(id).map(LogOrder.Waiting::missing));
            if (missing.isPresent()) {
                return Whereabouts.here(Publication.waiting(id, missing.get()));
            }
        }
        // In this order, because a record goes this way: whoever misses it in one place finds it in the next.
        boolean onItsWay = inFlight.find(log, id).isPresent();
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
                || (ours.isEmpty() && submission.filter(Submissions::isOpen).isPresent())
                || claims.isOtherLogs(log, id);
        // Where no other node writes, memory knows all that waits: an open submission is what a failure left.
        if (ours.filter(Submissions::isOpen).isPresent() && ledger.isShared() && entry.isEmpty()) {
            return new Whereabouts(Optional.of(waiting(ours.get())), inOtherLog);
        }
        if (onItsWay) {
            return Whereabouts.here(new Publication.Processing(id));
        }
        return new Whereabouts(ours.flatMap(RecordTrail::rejection), inOtherLog);
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
}
