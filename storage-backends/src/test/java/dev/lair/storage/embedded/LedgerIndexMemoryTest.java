package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.transparency.Digest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index holds in memory is bounded by keys: entries that release a hundred contents cost no more than others. */
class LedgerIndexMemoryTest {

    private static final int RELEASES = 100;

    /** Of an entry: record, log and contents. */
    private static final int KEYS = RELEASES + 2;

    /** Three entries make a generation, and nine are too many for memory. */
    private static final LedgerIndex.Sizes SMALL = new LedgerIndex.Sizes(300, 900, 40, 300);

    @TempDir
    private Path folder;

    private final LedgerScript script = new LedgerScript();
    private volatile LedgerDatabase.CommitProbe commits = LedgerDatabase.CommitProbe.NONE;
    private LedgerDatabase database;
    private LedgerIndex index;
    private LedgerStore ledger;

    @BeforeEach
    void open() {
        open(SMALL);
    }

    private void open(LedgerIndex.Sizes sizes) {
        database = LedgerDatabase.open(folder.resolve("ledger.db"), connection -> commits.beforeCommit(connection));
        index = LedgerIndex.open(database, sizes);
        ledger = new SqliteLedger(database, index);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void reopen(LedgerIndex.Sizes sizes) {
        close();
        open(sizes);
    }

    private static NewEntry entry(int number) {
        NewEntry plain = LedgerScript.entry(number % LedgerScript.LOGS, "record " + number);
        List<Digest> releases = IntStream.range(0, RELEASES)
                .mapToObj(i -> LedgerScript.content("content " + i + " of record " + number))
                .toList();
        return new NewEntry(plain.logId(), plain.recordId(), plain.record(), null, releases);
    }

    private void commit(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            LedgerState before = script.state();
            ledger.commit(before, script.next(List.of(entry((int) before.treeSize()))));
        }
    }

    private void assertFound(int count) {
        for (int i = 0; i < count; i++) {
            for (Digest content : entry(i).releases()) {
                assertThat(ledger.releasedAt(content)).hasValue(i);
            }
        }
        assertThat(ledger.releasedAt(entry(count).releases().getFirst())).isEmpty();
    }

    private long indexed() {
        return database.read(IndexTable::indexed);
    }

    private static long rows(Connection connection) throws SQLException {
        return Rows.all(connection, "SELECT count(*) FROM log_index", Rows.Binder.NOTHING, row -> row.getLong(1))
                .getFirst();
    }

    @Test
    void commitsWaitWhenMemoryIsFullHoweverFewEntriesFillIt() throws Exception {
        List<Long> inMemory = new CopyOnWriteArrayList<>();
        commits = connection -> inMemory.add(index.keysInMemory());
        commit(60);
        assertThat(Collections.max(inMemory))
                .as("at 900 keys a commit waits, below that one brings 102")
                .isGreaterThan(300)
                .isLessThan(900 + KEYS);
        assertFound(60);
    }

    @Test
    void openingHoldsWhatMemoryIsMeantForAndIndexesTheRestInPages() throws Exception {
        reopen(LedgerIndex.Sizes.PRODUCTION);
        commit(8);
        reopen(SMALL);
        assertThat(indexed()).isZero();
        assertThat(index.keysInMemory()).isEqualTo(8 * KEYS);
        assertFound(8);

        reopen(LedgerIndex.Sizes.PRODUCTION);
        commit(52);
        assertThat(indexed()).isZero();
        List<Long> rowsAt = new CopyOnWriteArrayList<>();
        commits = connection -> rowsAt.add(rows(connection));
        reopen(SMALL);
        assertThat(index.keysInMemory()).isZero();
        assertThat(rowsAt).isEqualTo(pages());
        assertFound(60);

        rowsAt.clear();
        assertThat(ledger.reindex()).hasValue(60);
        assertThat(rowsAt.removeFirst()).as("cleared").isZero();
        assertThat(rowsAt).isEqualTo(pages());
        assertFound(60);
    }

    /** Rows behind each transaction: the keys of three entries more, 300 at least, up to those of all 60. */
    private static List<Long> pages() {
        return LongStream.rangeClosed(1, 20)
                .map(page -> page * 3 * KEYS)
                .boxed()
                .toList();
    }
}
