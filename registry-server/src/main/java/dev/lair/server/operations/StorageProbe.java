package dev.lair.server.operations;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the storage a small question and says whether it answered. At most one question is on its way, however many ask
 * for health, and its answer is believed for {@link #FRESH}: neither a hanging disk nor a busy prober piles up work.
 *
 * @param <T> what an answer shows
 */
final class StorageProbe<T> implements AutoCloseable {

    /** How long a good or bad answer stands. */
    static final Duration FRESH = Duration.ofSeconds(2);

    /** An outage is logged when it begins, after each of these, and when it ends: not at each look. */
    static final Duration TELL_AGAIN = Duration.ofMinutes(1);

    /** How long the storage may take. Probers give up after a few seconds themselves. */
    static final Duration WITHIN = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(StorageProbe.class);

    private final Supplier<T> question;
    private final LongSupplier nanoTime;
    private final ExecutorService thread;

    // Guarded by this.
    private @Nullable Round round;

    private volatile @Nullable T seen;

    // Owned by the probe's thread.
    private boolean failing;
    private long toldNanos;

    /** One question; its answer is empty when all is well. */
    private static final class Round {

        private final long beganNanos;
        private final CompletableFuture<Optional<String>> objection = new CompletableFuture<>();
        private volatile long endedNanos;

        private Round(long beganNanos) {
            this.beganNanos = beganNanos;
        }
    }

    /** {@code question} returns when the storage answered, and throws when it failed. */
    StorageProbe(Supplier<T> question, LongSupplier nanoTime) {
        this.question = question;
        this.nanoTime = nanoTime;
        // A thread of its own: native database calls would pin the carriers of virtual threads.
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("storage-probe").daemon().factory());
    }

    /** What is wrong with the storage, in words for strangers; empty when it answers. */
    Optional<String> objection() {
        Round current = current();
        long left = WITHIN.toNanos() - (nanoTime.getAsLong() - current.beganNanos);
        try {
            return current.objection.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of("the storage did not answer within " + WITHIN.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while the storage was asked");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a round ends with an answer only", e);
        }
    }

    /** What the newest good answer showed, however long ago; empty before the first. */
    Optional<T> seen() {
        return Optional.ofNullable(seen);
    }

    private synchronized Round current() {
        Round last = round;
        if (last == null || (last.objection.isDone() && nanoTime.getAsLong() - last.endedNanos >= FRESH.toNanos())) {
            Round next = new Round(nanoTime.getAsLong());
            round = next;
            thread.execute(() -> ask(next));
            return next;
        }
        return last;
    }

    private void ask(Round asked) {
        Optional<String> objection;
        try {
            seen = question.get();
            objection = Optional.empty();
            if (failing) {
                failing = false;
                LOG.info("storage answers again");
            }
        } catch (RuntimeException | Error e) {
            tell(e);
            objection = Optional.of("the storage failed; the server's log has the details");
        }
        asked.endedNanos = nanoTime.getAsLong();
        asked.objection.complete(objection);
    }

    private void tell(Throwable failure) {
        long now = nanoTime.getAsLong();
        if (!failing || now - toldNanos >= TELL_AGAIN.toNanos()) {
            LOG.warn("storage probe failed, this node is not ready reason=\"{}\"", failure.getMessage());
            toldNanos = now;
        }
        failing = true;
    }

    /** Does not wait for a question that hangs. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
