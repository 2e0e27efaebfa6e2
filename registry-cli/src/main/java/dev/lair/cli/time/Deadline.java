package dev.lair.cli.time;

import java.time.Duration;

/** Waits between questions, ever longer up to a second, until a time is over. */
public final class Deadline {

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Pace pace;
    private final long end;
    private Duration next = FIRST;

    public Deadline(Pace pace, Duration timeout) {
        this.pace = pace;
        this.end = pace.nanos() + timeout.toNanos();
    }

    /** Waits a little; false when the time is over. */
    public boolean another() {
        long left = end - pace.nanos();
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        pace.pause(next.toNanos() < left ? next : Duration.ofNanos(left));
        Duration longer = next.multipliedBy(2);
        next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        return true;
    }
}
