package dev.lair.server.ledger;

import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.signing.SignedCheckpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the publisher has something to do. Its thread waits here; all others only leave word. Nothing is read from the
 * storage under the lock, which the sequencer takes between two batches.
 */
final class PublisherSchedule {

    private static final Logger LOG = LoggerFactory.getLogger(PublisherSchedule.class);

    enum Work {
        /** The shown checkpoint with this node's tree. */
        COMPARE,
        /** The committed state, if there is who may. */
        SIGN,
        END
    }

    private final LedgerSettings settings;
    private final Supplier<Committed> committed;
    private final ShownCheckpoint shown;
    private final BooleanSupplier somebodyWaits;
    private final LongPredicate attestationWaits;
    private final Clock clock;
    private final Standing standing;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private boolean urgent;
    private boolean closing;
    private final List<CompletableFuture<Void>> settling = new ArrayList<>();
    private boolean retrying;
    private long retryAtNanos;
    private boolean compareLater;
    private long compareAtNanos;

    // Owned by the publisher thread.
    private Instant signedAt;

    /**
     * @param somebodyWaits for a checkpoint that covers a record
     * @param attestationWaits for the next publication of a tree of this size
     */
    PublisherSchedule(
            LedgerSettings settings,
            Supplier<Committed> committed,
            ShownCheckpoint shown,
            BooleanSupplier somebodyWaits,
            LongPredicate attestationWaits,
            Clock clock,
            Standing standing) {
        this.settings = settings;
        this.committed = committed;
        this.shown = shown;
        this.somebodyWaits = somebodyWaits;
        this.attestationWaits = attestationWaits;
        this.clock = clock;
        this.standing = standing;
        SignedCheckpoint last = shown.checkpoint();
        this.signedAt = last == null || shown.notes().isEmpty()
                ? Instant.EPOCH
                : Instant.ofEpochSecond(last.contents().epochSeconds());
    }

    /** There is more to sign, or another checkpoint to compare. */
    void news() {
        lock.lock();
        try {
            compareLater = false;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next checkpoint is due without waiting for the interval. */
    void soon() {
        lock.lock();
        try {
            urgent = true;
            retrying = false;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Completes once all that was due at this call is done, or could not be. */
    CompletableFuture<Void> settled() {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        lock.lock();
        try {
            settling.add(settled);
            changed.signal();
        } finally {
            lock.unlock();
        }
        return settled;
    }

    /** Nothing is due any more than what somebody waits for. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The publisher thread ends: nothing will be due. */
    void ended() {
        lock.lock();
        try {
            tellSettled();
        } finally {
            lock.unlock();
        }
    }

    private void tellSettled() {
        settling.forEach(waiting -> waiting.complete(null));
        settling.clear();
    }

    /** Whether the round that just ended is to be taken again after a pause. */
    void setRetrying(boolean now) {
        lock.lock();
        try {
            retrying = now;
            retryAtNanos = System.nanoTime() + Limits.PUBLISH_AGAIN.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /** A checkpoint is being signed: the interval to the next begins. On the publisher thread only. */
    void setSignedAt(Instant instant) {
        signedAt = instant;
    }

    /** Waits until something is to be done; the end is when the server closes and nothing is left. */
    Work awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (standing.hasStopped()) {
                    return Work.END;
                }
                boolean isUnknown = shown.isUnknown();
                if (isUnknown && (!compareLater || (!closing && compareAtNanos - System.nanoTime() <= 0))) {
                    // Until there is news: a newer checkpoint, or more leaves.
                    compareLater = true;
                    compareAtNanos = System.nanoTime() + Limits.PUBLISH_AGAIN.toNanos();
                    return Work.COMPARE;
                }
                if (closing) {
                    // One last round for those who wait, if it can be done at once.
                    return !retrying && !isUnknown && isWaitedFor() ? Work.SIGN : Work.END;
                }
                long pause = retrying ? Math.max(0, retryAtNanos - System.nanoTime()) : 0;
                long until = Math.max(pause, untilDue().toNanos());
                if (until == 0) {
                    urgent = false;
                    return Work.SIGN;
                }
                tellSettled();
                long left = changed.awaitNanos(Math.min(until, Limits.IDLE.toNanos()));
                LOG.trace("woken with {} ns left", left);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isWaitedFor() {
        return somebodyWaits.getAsBoolean() || areAttestationsDue();
    }

    /** Not while this node is behind what it shows: it could not publish. */
    private boolean areAttestationsDue() {
        long treeSize = committed.get().treeSize();
        return shown.treeSize() <= treeSize && attestationWaits.test(treeSize);
    }

    /** Time until the next checkpoint is due; zero when it is. Called under the lock. */
    private Duration untilDue() {
        long treeSize = committed.get().treeSize();
        if (treeSize == 0) {
            return Limits.IDLE;
        }
        if (shown.checkpoint() == null || shown.notes().isEmpty()) {
            return Duration.ZERO;
        }
        long shownSize = shown.treeSize();
        boolean grown = shownSize < treeSize || areAttestationsDue();
        if (!grown) {
            // All is signed already: the wish is granted, and must not hurry what comes later.
            urgent = false;
        }
        if (grown && (urgent || settings.checkpointInterval().isZero() || isFarBehind(Limits.HURRY_QUEUES))) {
            return Duration.ZERO;
        }
        if (shownSize > treeSize) {
            return Limits.IDLE;
        }
        Duration pause = grown ? settings.checkpointInterval() : settings.checkpointRefresh();
        Duration left = Duration.between(clock.instant(), signedAt.plus(pause));
        // More than the whole pause is left when the clock ran backwards: that must not stretch it.
        return left.isNegative() || left.compareTo(pause) > 0 ? Duration.ZERO : left;
    }

    /** Whether more committed leaves than so many full queues have no published checkpoint, as far as this node knows. */
    boolean isFarBehind(int queues) {
        return committed.get().treeSize() - shown.treeSize() > (long) queues * settings.queueRecords();
    }
}
