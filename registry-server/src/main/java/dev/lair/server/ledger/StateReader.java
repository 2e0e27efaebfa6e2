package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Unreachable;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is committed, however long the storage takes to answer; meanwhile everybody is told that it does not. A storage
 * that stopped for good is not waited for.
 */
final class StateReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateReader.class);

    private final LedgerStore store;
    private final Standing standing;
    private final CountDownLatch closing = new CountDownLatch(1);

    StateReader(LedgerStore store, Standing standing) {
        this.store = store;
        this.standing = standing;
    }

    /** The stored state; null when the server closes before the storage answers. */
    @Nullable
    LedgerState read() throws InterruptedException {
        try {
            return store.state();
        } catch (StorageException e) {
            LOG.warn("the storage does not answer reason=\"{}\"", e.getMessage());
            return readAfter(e);
        }
    }

    /** The same where the storage just failed. */
    @Nullable
    LedgerState readAfter(StorageException failure) throws InterruptedException {
        Duration pause = Limits.FIRST_STORAGE_PAUSE;
        // Said at once: a storage that is gone takes its time to say so itself.
        standing.unreachable(new Unreachable(failure));
        while (true) {
            try {
                LedgerState stored = store.state();
                standing.reachable();
                return stored;
            } catch (StorageStoppedException e) {
                throw e;
            } catch (StorageException e) {
                if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return null;
                }
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(Limits.LONGEST_STORAGE_PAUSE) < 0 ? twice : Limits.LONGEST_STORAGE_PAUSE;
            }
        }
    }

    /** Who waits waits no longer. */
    @Override
    public void close() {
        closing.countDown();
    }
}
