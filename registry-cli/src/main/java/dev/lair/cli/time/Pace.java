package dev.lair.cli.time;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How a command waits; tests pass time without waiting. */
public interface Pace {

    /** Nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();

    /** Lets this much time pass, or less when the thread is interrupted. */
    void pause(Duration time);

    /** The machine's own time. */
    static Pace ofMachine() {
        return new Pace() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration time) {
                long end = System.nanoTime() + time.toNanos();
                long left = time.toNanos();
                // parkNanos may return early.
                while (left > 0 && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(left);
                    left = end - System.nanoTime();
                }
            }
        };
    }
}
