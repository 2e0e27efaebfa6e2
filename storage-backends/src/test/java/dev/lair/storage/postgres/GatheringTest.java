package dev.lair.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.StorageException;
import dev.lair.storage.postgres.Gathering.Twins;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** The statements that ran, with their questions. */
    private final List<List<Integer>> statements = new CopyOnWriteArrayList<>();

    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        callers.close();
        threads.close();
    }

    @Test
    void whoeverWaitsTogetherSharesStatementsAndGetsTheAnswerToItsOwnQuestion() {
        Gathering<Integer, String> gathering = gathering(questions -> answers(questions));
        List<CompletableFuture<String>> asked =
                askWhileBusy(gathering, IntStream.range(0, 1000).boxed().toList());

        go.countDown();

        for (int i = 0; i < asked.size(); i++) {
            assertThat(asked.get(i).join()).isEqualTo("answer " + i);
        }
        assertThat(statements.stream().mapToInt(List::size).max()).hasValue(Limits.GATHERED_QUESTIONS);
        assertThat(statements).hasSizeLessThan(1000 / Limits.GATHERED_QUESTIONS + 10);
    }

    @Test
    void whoeverIsAloneWaitsForNobody() {
        Gathering<Integer, String> gathering = gathering(questions -> answers(questions));
        go.countDown();

        assertThat(gathering.ask(7)).isEqualTo("answer 7");

        assertThat(statements).containsExactly(List.of(7));
    }

    @Test
    void writesOfOneRowGoIntoDifferentStatements() {
        Gathering<Integer, String> gathering = gathering(Twins.TAKE_TURNS, questions -> answers(questions));
        List<CompletableFuture<String>> asked = askWhileBusy(gathering, List.of(5, 5, 5, 6));

        go.countDown();

        assertThat(asked.stream().map(CompletableFuture::join))
                .containsExactly("answer 5", "answer 5", "answer 5", "answer 6");
        assertThat(statements).allSatisfy(questions -> assertThat(questions).doesNotHaveDuplicates());
        assertThat(statements.stream().filter(questions -> questions.contains(5)))
                .as("each of the three writes is done")
                .hasSize(3);
    }

    @Test
    void equalReadsShareAnAnswer() {
        Gathering<Integer, String> gathering = gathering(questions -> answers(questions));
        List<CompletableFuture<String>> asked = askWhileBusy(gathering, List.of(5, 5, 5, 6));

        go.countDown();

        assertThat(asked.stream().map(CompletableFuture::join))
                .containsExactly("answer 5", "answer 5", "answer 5", "answer 6");
        // Of those who wait, each statement that ends takes some: two that end together may each take a twin.
        assertThat(statements.stream().flatMap(List::stream).filter(question -> question == 5))
                .hasSizeLessThanOrEqualTo(Limits.GATHERED_STATEMENTS);
    }

    @Test
    void aQuestionThatBreaksItsStatementFailsAlone() {
        StorageException damaged = new StorageException("row 3 is damaged");
        Gathering<Integer, String> gathering = gathering(questions -> {
            if (questions.contains(3)) {
                throw damaged;
            }
            return answers(questions);
        });
        List<CompletableFuture<String>> asked = askWhileBusy(gathering, List.of(1, 2, 3, 4));

        go.countDown();

        assertThat(asked.get(0).join()).isEqualTo("answer 1");
        assertThat(asked.get(1).join()).isEqualTo("answer 2");
        assertThat(asked.get(3).join()).isEqualTo("answer 4");
        assertThatThrownBy(asked.get(2)::join)
                .isInstanceOf(CompletionException.class)
                .hasCause(damaged);
    }

    @Test
    void aRowThatDoesNotDecodeFailsOnlyWhoAskedForIt() {
        IllegalArgumentException undecodable = new IllegalArgumentException("row 3 is no envelope");
        Gathering<Integer, String> gathering = gathering(questions -> {
            if (questions.contains(3)) {
                throw undecodable;
            }
            return answers(questions);
        });
        List<CompletableFuture<String>> asked = askWhileBusy(gathering, List.of(1, 3));

        go.countDown();

        assertThat(asked.get(0).join()).isEqualTo("answer 1");
        assertThatThrownBy(asked.get(1)::join).hasCause(undecodable);
    }

    @Test
    void aLostConnectionIsToldToAllAndNobodyAsksAgain() {
        StorageException lost = new StorageException("lost", new SQLException("terminating connection", "57P01"));
        Gathering<Integer, String> gathering = gathering(questions -> {
            throw lost;
        });
        List<CompletableFuture<String>> asked = askWhileBusy(gathering, List.of(1, 2, 3));

        go.countDown();

        assertThat(asked).allSatisfy(one -> assertThatThrownBy(one::join).hasCause(lost));
        assertThat(statements.stream().flatMap(List::stream).filter(question -> question > 0))
                .containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void aStatementThatForgetsAnAnswerIsAnErrorForAll() {
        Gathering<Integer, String> gathering = gathering(questions -> List.of());
        go.countDown();

        assertThatThrownBy(() -> gathering.ask(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> gathering.ask(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterTheCloseEachQuestionIsRefused() {
        Gathering<Integer, String> gathering = gathering(questions -> answers(questions));
        threads.shutdown();

        assertThatThrownBy(() -> gathering.ask(1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> gathering.ask(2))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
    }

    private Gathering<Integer, String> gathering(Gathering.Statement<Integer, String> statement) {
        return gathering(Twins.SHARE_AN_ANSWER, statement);
    }

    private Gathering<Integer, String> gathering(Twins twins, Gathering.Statement<Integer, String> statement) {
        return new Gathering<>(
                question -> question,
                twins,
                questions -> {
                    statements.add(questions);
                    await(go);
                    return statement.run(questions);
                },
                threads);
    }

    private static List<String> answers(List<Integer> questions) {
        return questions.stream().map(question -> "answer " + question).toList();
    }

    /** Asks all while the statements that may run at once are held up by questions below 0. */
    private List<CompletableFuture<String>> askWhileBusy(
            Gathering<Integer, String> gathering, List<Integer> questions) {
        for (int i = 1; i <= Limits.GATHERED_STATEMENTS; i++) {
            int holdsUp = -i;
            callers.submit(() -> gathering.ask(holdsUp));
            while (statements.size() < i) {
                Thread.onSpinWait();
            }
        }
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int question : questions) {
            asked.add(CompletableFuture.supplyAsync(() -> gathering.ask(question), callers));
        }
        while (gathering.waiting() < questions.size()) {
            Thread.onSpinWait();
        }
        return asked;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
