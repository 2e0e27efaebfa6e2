package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What callers see of writes that share a transaction: nothing. */
class GroupWriterTest {

    @TempDir
    private Path folder;

    private volatile LedgerDatabase.CommitProbe commits = LedgerDatabase.CommitProbe.NONE;
    private LedgerDatabase database;

    @BeforeEach
    void open() {
        database = LedgerDatabase.open(folder.resolve("ledger.db"), connection -> commits.beforeCommit(connection));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static LedgerDatabase.Work<Integer> insert(long index, String entry) {
        return connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("INSERT INTO evidence_entry (idx, entry) VALUES (?, ?)")) {
                statement.setLong(1, index);
                statement.setBytes(2, entry.getBytes(UTF_8));
                return statement.executeUpdate();
            }
        };
    }

    private static final LedgerDatabase.Work<List<String>> ENTRIES = connection -> Rows.all(
            connection,
            "SELECT CAST(entry AS TEXT) FROM evidence_entry ORDER BY idx",
            Rows.Binder.NOTHING,
            row -> row.getString(1));

    private List<String> entries() {
        return database.read(ENTRIES);
    }

    /** Queues these works while the writer is busy, so that they become one group. */
    private List<CompletableFuture<?>> grouped(LedgerDatabase.Work<?>... works) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<?> first = database.queue(connection -> {
            running.countDown();
            await(goOn);
            return 0;
        });
        running.await();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (LedgerDatabase.Work<?> work : works) {
            answers.add(database.queue(work));
        }
        goOn.countDown();
        first.get();
        return answers;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Throwable failure(CompletableFuture<?> answer) throws InterruptedException {
        try {
            throw new AssertionError("answered " + answer.get());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    @Test
    void writesThatWaitTogetherAreOneTransaction() throws Exception {
        int before = DataFolder.transactionEnds(folder).size();
        for (CompletableFuture<?> answer : grouped(insert(0, "a"), insert(1, "b"), insert(2, "c"))) {
            assertThat(answer.get()).isEqualTo(1);
        }
        assertThat(DataFolder.transactionEnds(folder)).hasSize(before + 1);
        assertThat(entries()).containsExactly("a", "b", "c");
    }

    @Test
    void laterWriteOfAGroupSeesTheEarlier() throws Exception {
        List<CompletableFuture<?>> answers = grouped(insert(0, "a"), ENTRIES);
        assertThat(answers.get(1).get()).isEqualTo(List.of("a"));
    }

    @Test
    void writeThatBreaksARuleTakesNobodyWithItAndLeavesNothing() throws Exception {
        LedgerDatabase.Work<Integer> halfDone = connection -> {
            insert(7, "half done").run(connection);
            throw new IllegalArgumentException("the caller's own");
        };
        LedgerDatabase.Work<Integer> twice = connection -> {
            insert(8, "half done too").run(connection);
            return insert(0, "again").run(connection);
        };
        LedgerDatabase.Work<Integer> tooLarge = connection -> {
            insert(9, "half done as well").run(connection);
            throw new SQLiteException("string or blob too big", SQLiteErrorCode.SQLITE_TOOBIG);
        };
        List<CompletableFuture<?>> answers = grouped(insert(0, "a"), halfDone, twice, tooLarge, insert(1, "b"));

        assertThat(answers.get(0).get()).isEqualTo(1);
        assertThat(failure(answers.get(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the caller's own");
        assertThat(failure(answers.get(2))).isInstanceOf(ConstraintBrokenException.class);
        assertThat(failure(answers.get(3)))
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(StorageStoppedException.class)
                .hasMessageContaining("nothing was written");
        assertThat(answers.get(4).get()).isEqualTo(1);
        assertThat(entries()).containsExactly("a", "b");
    }

    @Test
    void writeThatBreaksARuleAloneLeavesNothing() throws Exception {
        int before = DataFolder.transactionEnds(folder).size();
        assertThatThrownBy(() -> database.write(connection -> {
                    insert(7, "half done").run(connection);
                    throw new IllegalArgumentException("the caller's own");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        database.write(insert(0, "a"));
        assertThatThrownBy(() -> database.write(connection -> {
                    insert(7, "half done").run(connection);
                    return insert(0, "again").run(connection);
                }))
                .isInstanceOf(ConstraintBrokenException.class);
        assertThat(entries()).containsExactly("a");
        assertThat(DataFolder.transactionEnds(folder)).hasSize(before + 1);
    }

    @Test
    void nobodyOfAGroupIsAnsweredBeforeItIsDurable() throws Exception {
        List<Boolean> answeredEarly = new ArrayList<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        LedgerDatabase.Work<Integer> refused = connection -> {
            // Installed by a work of the group itself, behind the commit of the blocking one.
            commits = same -> answers.forEach(answer -> answeredEarly.add(answer.isDone()));
            throw new IllegalStateException("refused");
        };
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<?> first = database.queue(connection -> {
            running.countDown();
            await(goOn);
            return 0;
        });
        running.await();
        answers.add(database.queue(insert(0, "a")));
        answers.add(database.queue(refused));
        goOn.countDown();
        first.get();
        assertThat(answers.get(0).get()).isEqualTo(1);
        assertThat(failure(answers.get(1))).isInstanceOf(IllegalStateException.class);
        assertThat(answeredEarly).containsExactly(false, false);
    }

    @Test
    void fullDiskFailsTheWholeGroupAndTheNextMaySucceed() throws Exception {
        LedgerDatabase.Work<Integer> full = connection -> {
            throw new SQLiteException("database or disk is full", SQLiteErrorCode.SQLITE_FULL);
        };
        for (CompletableFuture<?> answer : grouped(insert(0, "a"), full, insert(1, "b"))) {
            assertThat(failure(answer))
                    .isInstanceOf(StorageException.class)
                    .isNotInstanceOf(StorageStoppedException.class)
                    .hasMessageContaining("nothing was written");
        }
        assertThat(entries()).isEmpty();
        database.write(insert(0, "a"));
        assertThat(entries()).containsExactly("a");
    }

    @Test
    void diskErrorFailsTheWholeGroupAndAllThatFollow() throws Exception {
        LedgerDatabase.Work<Integer> broken = connection -> {
            throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
        };
        for (CompletableFuture<?> answer : grouped(insert(0, "a"), broken, insert(1, "b"))) {
            assertThat(failure(answer)).isInstanceOf(StorageStoppedException.class);
        }
        assertThatThrownBy(() -> database.write(insert(0, "a"))).isInstanceOf(StorageStoppedException.class);
        assertThat(entries()).isEmpty();
    }

    @Test
    void faultOfTheProgramStopsWritesButNotTheAnswers() throws Exception {
        commits = connection -> {
            throw new LinkageError("no such class");
        };
        assertThatThrownBy(() -> database.write(insert(0, "a"))).isInstanceOf(LinkageError.class);
        commits = connection -> {
            throw new SQLException("not reached");
        };
        assertThatThrownBy(() -> database.write(insert(0, "a")))
                .isInstanceOf(StorageStoppedException.class)
                .hasCauseInstanceOf(LinkageError.class);
    }

    @Test
    void closeWaitsForWhatIsQueuedAndRefusesWhatComesLater() throws Exception {
        List<CompletableFuture<?>> answers = grouped(insert(0, "a"), insert(1, "b"));
        database.close();
        assertThat(answers.get(1).get()).isEqualTo(1);
        assertThatThrownBy(() -> database.write(insert(2, "c")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
        open();
        assertThat(entries()).containsExactly("a", "b");
    }
}
