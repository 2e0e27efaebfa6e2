package dev.lair.server.gate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One running look per asker: who sends many costly contents at once waits for its own, and not everybody for it. Whoever
 * has many keys has as many turns.
 */
final class Turns {

    private final Map<Asker, Line> lines = new ConcurrentHashMap<>();

    /** {@code users} counts who holds the turn or waits for it; guarded by the map's lock on its entry. */
    private static final class Line {
        private final Semaphore turn = new Semaphore(1, true);
        private int users;
    }

    /** A turn; to give it back more than once does no harm. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the asker's turn, in the order of coming.
     *
     * @throws GateBusyException when another of its looks still runs behind this time, or the thread is interrupted
     */
    Turn take(Asker asker, Duration atMost) {
        Line line = lines.compute(asker, (key, known) -> {
            Line found = known == null ? new Line() : known;
            found.users++;
            return found;
        });
        boolean taken = false;
        try {
            taken = line.turn.tryAcquire(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GateBusyException("interrupted while the content waited to be validated; try again");
        } finally {
            if (!taken) {
                leave(asker);
            }
        }
        if (!taken) {
            throw new GateBusyException("another content of " + asker.text()
                    + " is validated now, and each has one at a" + " time; the content is kept, try again later");
        }
        AtomicBoolean isOver = new AtomicBoolean();
        return () -> {
            if (isOver.compareAndSet(false, true)) {
                line.turn.release();
                leave(asker);
            }
        };
    }

    private void leave(Asker asker) {
        lines.computeIfPresent(asker, (key, line) -> --line.users == 0 ? null : line);
    }

    /** How many wait for their turn, about. */
    int waiting() {
        return lines.values().stream()
                .mapToInt(line -> line.turn.getQueueLength())
                .sum();
    }
}
