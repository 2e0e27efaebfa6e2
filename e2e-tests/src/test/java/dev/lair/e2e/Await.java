package dev.lair.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks again until an answer is there. A time-out is a failure that names what was waited for; an exception of the
 * question is one at once.
 */
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Await() {}

    /** The first answer within this time. */
    static <T> T answer(String what, Duration within, Callable<Optional<T>> question) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<T> answer = question.call();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + within.toMillis() + " ms for this and it did not come: " + what);
            }
            briefly();
        }
    }

    /** A moment between two tries of the same thing, so that who waits does not load the machine. */
    static void briefly() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    /** Until it is so. */
    static void isTrue(String what, Duration within, Callable<Boolean> question) throws Exception {
        answer(what, within, () -> question.call() ? Optional.of(true) : Optional.empty());
    }
}
