package dev.lair.cli.time;

import java.time.Duration;
import java.util.Optional;

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
        return another(Optional.empty());
    }

    /** The same, and as long as was asked for, if that is known. */
    public boolean another(Optional<Duration> asked) {
        long left = end - pace.nanos();
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        Duration wanted = asked.filter(time -> time.compareTo(FIRST) > 0).orElse(next);
        pace.pause(wanted.toNanos() < left ? wanted : Duration.ofNanos(left));
        Duration longer = next.multipliedBy(2);
        next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        return true;
    }
}
