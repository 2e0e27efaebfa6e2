package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Busy;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.transparency.AttestationEvidence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the evidence log to state an attestation, and for a published note that covers the entry. Each attestation
 * is here once, however often it is asked for. Any thread may call; none waits for more than memory.
 *
 * <p>All of it is in memory: a crash forgets who waited, and they ask again. What was stated by then is found in the log.
 */
final class AttestationPromises {

    /**
     * What is to be stated.
     *
     * @param leafIndex of the record in the main log
     * @param searchedUntil entries of the evidence log among which it is not, for sure
     */
    record Wanted(AttestationEvidence evidence, long leafIndex, long searchedUntil) {}

    private static final long UNSTATED = -1;

    /** One that waits; {@code index} is guarded by the outer lock. */
    private static final class Promise {

        private final Wanted wanted;
        private final CompletableFuture<Long> covered = new CompletableFuture<>();
        private long index = UNSTATED;

        Promise(Wanted wanted) {
            this.wanted = wanted;
        }
    }

    /** In the order in which they were asked for. */
    private final Map<AttestationEvidence, Promise> waiting = new LinkedHashMap<>();

    private @Nullable Stopped ended;

    /**
     * This waits from now on.
     *
     * @throws Busy when too many wait
     */
    CompletableFuture<Long> add(Wanted wanted) {
        return add(wanted, UNSTATED);
    }

    /** The same of one that is in the log already, under no published note yet. */
    synchronized CompletableFuture<Long> add(Wanted wanted, long index) {
        if (ended != null) {
            return CompletableFuture.failedFuture(ended);
        }
        Promise promise = waiting.get(wanted.evidence());
        if (promise == null) {
            if (waiting.size() == Limits.WAITING_ATTESTATIONS) {
                throw new Busy();
            }
            promise = new Promise(wanted);
            promise.index = index;
            waiting.put(wanted.evidence(), promise);
        }
        // A copy: what one caller does to its own must not end the others'.
        return promise.covered.copy();
    }

    /** Whether a publication of a tree of this size would do something for somebody. */
    synchronized boolean isDue(long treeSize) {
        for (Promise promise : waiting.values()) {
            if (promise.wanted.leafIndex() < treeSize) {
                return true;
            }
        }
        return false;
    }

    /** The oldest that are still to be stated and whose records this tree has: as many as one round takes. */
    synchronized List<Wanted> unstated(long treeSize) {
        List<Wanted> due = new ArrayList<>();
        for (Promise promise : waiting.values()) {
            if (promise.index == UNSTATED && promise.wanted.leafIndex() < treeSize) {
                due.add(promise.wanted);
                if (due.size() == Limits.ATTESTATIONS_A_ROUND) {
                    break;
                }
            }
        }
        return due;
    }

    /** These are durable at their places; who waits is told once a note covers them. */
    synchronized void stated(Map<AttestationEvidence, Long> places) {
        places.forEach((evidence, index) -> {
            Promise promise = waiting.get(evidence);
            if (promise != null) {
                promise.index = index;
            }
        });
    }

    /** A published note covers so many entries. */
    void covered(long evidenceSize) {
        take(evidenceSize).forEach(promise -> promise.covered.complete(promise.index));
    }

    /** Nothing is stated any more; who asks from now on is told at once. */
    void breakAll(Stopped why) {
        List<Promise> broken;
        synchronized (this) {
            ended = why;
            broken = List.copyOf(waiting.values());
            waiting.clear();
        }
        broken.forEach(promise -> promise.covered.completeExceptionally(why));
    }

    /** Told outside the lock: who waits may do anything. */
    private synchronized List<Promise> take(long evidenceSize) {
        List<Promise> taken = new ArrayList<>();
        for (Iterator<Promise> each = waiting.values().iterator(); each.hasNext(); ) {
            Promise promise = each.next();
            if (promise.index != UNSTATED && promise.index < evidenceSize) {
                taken.add(promise);
                each.remove();
            }
        }
        return taken;
    }
}
