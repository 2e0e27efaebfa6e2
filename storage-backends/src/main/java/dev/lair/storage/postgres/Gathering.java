package dev.lair.storage.postgres;

import dev.lair.storage.StorageException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts what many callers ask at the same time into one statement, so that under load they share a round trip, and a write
 * its sync. Who is alone waits for nobody. To its caller each question still looks like a statement of its own: a statement
 * takes only questions that were asked before it began, so no answer is older than its question.
 *
 * <p>An error of the database is told to all who shared the statement. One that a single question may have caused, such as a
 * damaged row, is not: then each asks again, alone.
 */
final class Gathering<Q, A> {

    /** Answers questions in their order. No two of them are of one key. */
    @FunctionalInterface
    interface Statement<Q, A> {
        List<A> run(List<Q> questions);
    }

    /** What happens to questions of one key that wait together. */
    enum Twins {
        /** They are one question: reads. */
        SHARE_AN_ANSWER,
        /** Each has its effect: writes of one row go into different statements. */
        TAKE_TURNS
    }

    private final Function<Q, ?> key;
    private final Twins twins;
    private final Statement<Q, A> statement;
    private final Executor threads;
    private final Queue<Asked<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    private static final class Asked<Q, A> {
        private final Q question;
        private final CompletableFuture<A> answer = new CompletableFuture<>();

        Asked(Q question) {
            this.question = question;
        }
    }

    /** Tells a caller that its statement failed for what may be another's question. */
    private static final class AskAloneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AskAloneException(RuntimeException cause) {
            super(cause);
        }
    }

    /**
     * @param key of a question
     * @param twins what happens to questions with equal keys
     * @param threads run the statements; an interrupt of a caller does not reach them
     */
    Gathering(Function<Q, ?> key, Twins twins, Statement<Q, A> statement, Executor threads) {
        this.key = key;
        this.twins = twins;
        this.statement = statement;
        this.threads = threads;
    }

    /**
     * The answer to one question.
     *
     * @throws StorageException as the statement
     */
    A ask(Q question) {
        Asked<Q, A> asked = new Asked<>(question);
        waiting.add(asked);
        serveIfIdle();
        try {
            return asked.answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AskAloneException) {
                return statement.run(List.of(question)).getFirst();
            }
            throw Database.rethrown(e.getCause());
        }
    }

    /** Questions that are in no statement yet. */
    int waiting() {
        return waiting.size();
    }

    private void serveIfIdle() {
        int now = running.get();
        while (now < Limits.GATHERED_STATEMENTS) {
            if (running.compareAndSet(now, now + 1)) {
                begin();
                return;
            }
            now = running.get();
        }
    }

    private void begin() {
        try {
            threads.execute(this::serve);
        } catch (RejectedExecutionException closed) {
            running.decrementAndGet();
            for (Asked<Q, A> left = waiting.poll(); left != null; left = waiting.poll()) {
                left.answer.completeExceptionally(new StorageException("the database is closed", closed));
            }
        }
    }

    private void serve() {
        try {
            for (List<List<Asked<Q, A>>> some = next(); !some.isEmpty(); some = next()) {
                answer(some);
            }
        } finally {
            running.decrementAndGet();
        }
        if (!waiting.isEmpty()) {
            // It was asked between the last look and the end, by somebody who saw us running.
            serveIfIdle();
        }
    }

    /** The questions of a statement, each with all who ask it. */
    private List<List<Asked<Q, A>>> next() {
        Map<Object, List<Asked<Q, A>>> some = new LinkedHashMap<>();
        List<Asked<Q, A>> later = new ArrayList<>();
        while (some.size() < Limits.GATHERED_QUESTIONS) {
            Asked<Q, A> asked = waiting.poll();
            if (asked == null) {
                break;
            }
            List<Asked<Q, A>> same = some.computeIfAbsent(key.apply(asked.question), none -> new ArrayList<>());
            (same.isEmpty() || twins == Twins.SHARE_AN_ANSWER ? same : later).add(asked);
        }
        waiting.addAll(later);
        return List.copyOf(some.values());
    }

    private void answer(List<List<Asked<Q, A>>> some) {
        List<A> answers;
        try {
            answers = statement.run(
                    some.stream().map(same -> same.getFirst().question).toList());
            if (answers.size() != some.size()) {
                throw new IllegalStateException(answers.size() + " answers to " + some.size() + " questions");
            }
        } catch (StorageException e) {
            boolean alone = some.size() > 1 && mayBeOfOneQuestion(e.getCause());
            fail(some, alone ? new AskAloneException(e) : e);
            return;
        } catch (RuntimeException e) {
            // A row that does not decode.
            fail(some, some.size() > 1 ? new AskAloneException(e) : e);
            return;
        } catch (Error e) {
            fail(some, e);
            return;
        }
        for (int i = 0; i < some.size(); i++) {
            for (Asked<Q, A> asked : some.get(i)) {
                asked.answer.complete(answers.get(i));
            }
        }
    }

    private static <Q, A> void fail(List<List<Asked<Q, A>>> some, Throwable why) {
        some.forEach(same -> same.forEach(asked -> asked.answer.completeExceptionally(why)));
    }

    /** No error of the server (a row that does not decode), or its word on data (22), a constraint (23), a deadlock (40). */
    private static boolean mayBeOfOneQuestion(@Nullable Throwable cause) {
        if (!(cause instanceof SQLException e)) {
            return true;
        }
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("40"));
    }
}
