package dev.lair.cli.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that something may take in all. Single steps have limits of their own; this one ends a peer that stays below
 * each of them for ever, like a body that comes byte by byte. Starts to run when it is made.
 */
public final class Budget {

    private final @Nullable Duration total;
    private final long endNanos;

    private Budget(@Nullable Duration total, long endNanos) {
        this.total = total;
        this.endNanos = endNanos;
    }

    /** No limit. */
    public static Budget unlimited() {
        return new Budget(null, 0);
    }

    /** So much time from now on. */
    public static Budget of(Duration total) {
        return new Budget(total, System.nanoTime() + total.toNanos());
    }

    /** This budget, or {@code total} from now on if that ends earlier. */
    public Budget atMost(Duration total) {
        Budget other = of(total);
        return this.total != null && endNanos - other.endNanos <= 0 ? this : other;
    }

    /** What a step that may take {@code step} may take now: less near the end, never less than a nanosecond. */
    public Duration cap(Duration step) {
        return total == null
                ? step
                : Duration.ofNanos(Math.clamp(endNanos - System.nanoTime(), 1, Math.max(1, step.toNanos())));
    }

    /** Whether all of the time is used. */
    public boolean isOver() {
        return total != null && System.nanoTime() - endNanos >= 0;
    }

    /** The time in all, in words. */
    @Override
    public String toString() {
        return total == null ? "any time" : Span.format(total);
    }
}
