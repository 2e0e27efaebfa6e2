package dev.lair.server.gate;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many bytes are worked on together. What does not fit waits in the order of coming, so that a large one is
 * not overtaken for ever by small ones. A content that is larger than the budget takes all of it and goes alone.
 *
 * <p>Counted in KiB, rounded up: a semaphore counts in {@code int}.
 */
final class ByteBudget {

    private static final int UNIT_BYTES = 1024;

    private final int units;
    private final Semaphore free;
    private final String refusal;

    /**
     * A budget.
     *
     * @param refusal what is told to whoever finds no room in time
     */
    ByteBudget(long bytes, String refusal) {
        this.units = units(bytes);
        this.free = new Semaphore(units, true);
        this.refusal = refusal;
    }

    private static int units(long bytes) {
        return (int) Math.max(1, Math.min((bytes + UNIT_BYTES - 1) / UNIT_BYTES, Integer.MAX_VALUE));
    }

    /** A part of the budget, to be given back once. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for a part of the budget.
     *
     * @throws GateBusyException when there is none in time, or the thread is interrupted
     */
    Share take(long bytes, Duration atMost) {
        int wanted = Math.min(units(bytes), units);
        try {
            if (!free.tryAcquire(wanted, Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS)) {
                throw new GateBusyException(refusal);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GateBusyException("interrupted while bytes of content waited for room; try again");
        }
        return () -> free.release(wanted);
    }

    /** Bytes that are worked on now, rounded up. */
    long takenBytes() {
        return (units - (long) free.availablePermits()) * UNIT_BYTES;
    }

    /** How many wait for a part, about. */
    int waiting() {
        return free.getQueueLength();
    }
}
