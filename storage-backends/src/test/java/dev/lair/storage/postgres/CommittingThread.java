package dev.lair.storage.postgres;

import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.StorageException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Commits batch after batch, as a sequencer does while its database comes and goes: after an error it reads the state
 * until it gets it, and knows by it whether the batch was written.
 */
final class CommittingThread implements Callable<LedgerScript> {

    private static final int BATCH = 7;

    /** Readings of the state for one batch; each waits several seconds for a connection. */
    private static final int MAX_READINGS = 20;

    private final LedgerStore ledger;
    private final LedgerScript script = new LedgerScript();
    private final Semaphore acknowledged = new Semaphore(0);
    private final AtomicInteger failures = new AtomicInteger();
    private final FutureTask<LedgerScript> task = new FutureTask<>(this);
    private volatile boolean ending;

    private CommittingThread(LedgerStore ledger) {
        this.ledger = ledger;
    }

    static CommittingThread start(LedgerStore ledger) {
        CommittingThread committing = new CommittingThread(ledger);
        Thread.ofPlatform().daemon().name("committing").start(committing.task);
        return committing;
    }

    @Override
    public LedgerScript call() throws Exception {
        while (!ending) {
            LedgerState before = script.state();
            commit(before, script.next(BATCH));
            acknowledged.release();
        }
        return script;
    }

    private void commit(LedgerState before, LedgerBatch batch) throws StaleLedgerException {
        for (int reading = 0; reading < MAX_READINGS; reading++) {
            try {
                ledger.commit(before, batch);
                return;
            } catch (StorageException e) {
                failures.incrementAndGet();
            }
            try {
                LedgerState found = ledger.state();
                if (found.equals(batch.next())) {
                    return;
                }
                if (!found.equals(before)) {
                    throw new AssertionError("after " + before + " comes " + batch.next() + ", not " + found);
                }
            } catch (StorageException e) {
                failures.incrementAndGet();
            }
        }
        throw new AssertionError("the database does not come back");
    }

    /** Waits until {@code batches} more were acknowledged. */
    void await(int batches) throws Exception {
        if (!acknowledged.tryAcquire(batches, 2, TimeUnit.MINUTES)) {
            end();
            throw new AssertionError("no more commits");
        }
    }

    /** Waits for the next one from now on. */
    void awaitNext() throws Exception {
        acknowledged.drainPermits();
        await(2);
    }

    /** How many calls failed so far. */
    int failures() {
        return failures.get();
    }

    /** Lets it end and answers all that was acknowledged. */
    LedgerScript end() throws Exception {
        ending = true;
        return task.get(2, TimeUnit.MINUTES);
    }
}
