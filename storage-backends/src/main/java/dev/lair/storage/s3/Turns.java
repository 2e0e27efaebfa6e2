package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds how much runs at once, and lets a close wait until nothing runs. First come, first served. */
final class Turns {

    private final String what;
    private final int count;
    private final Semaphore free;

    Turns(String what, int count) {
        this.what = what;
        this.count = count;
        this.free = new Semaphore(count, true);
    }

    /** Waits for a turn; what it answers gives the turn back, once however often it runs. */
    Runnable take() {
        try {
            if (!free.tryAcquire(Limits.QUEUE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StorageException(count + " " + what + " to the S3 server are under way and none ended within "
                        + Limits.QUEUE_TIMEOUT.toSeconds() + " s: try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while waiting for a connection to the S3 server", e);
        }
        AtomicBoolean given = new AtomicBoolean();
        return () -> {
            if (!given.getAndSet(true)) {
                free.release();
            }
        };
    }

    /** Takes all turns for good; false when not all came back in time. */
    boolean end() {
        try {
            return free.tryAcquire(count, Limits.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
