package dev.lair.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for moments. */
final class Pace {

    private Pace() {}

    static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /** Returns at this {@link System#nanoTime}, not before; at once when it has passed. */
    static void until(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void rest(Duration pause) {
        until(System.nanoTime() + pause.toNanos());
    }
}
