package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.DuplicateRecordException;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The index that lags behind the entries: nobody sees that it does, and a crash or a full disk anywhere costs nothing. */
class LedgerIndexTest {

    /** Four entries make a generation of twelve keys, which moves in three chunks. */
    private static final LedgerIndex.Sizes SMALL = new LedgerIndex.Sizes(12, 48, 5, 400);

    @TempDir
    private Path temporary;

    private final LedgerScript script = new LedgerScript();
    private volatile LedgerDatabase.CommitProbe commits = LedgerDatabase.CommitProbe.NONE;
    private LedgerDatabase database;
    private LedgerStore ledger;

    private Path data() {
        return temporary.resolve("data");
    }

    @BeforeEach
    void open() throws Exception {
        open(Files.createDirectories(data()), SMALL);
    }

    private void open(Path folder, LedgerIndex.Sizes sizes) {
        database = LedgerDatabase.open(folder.resolve("ledger.db"), connection -> commits.beforeCommit(connection));
        ledger = new SqliteLedger(database, LedgerIndex.open(database, sizes));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void reopen(LedgerIndex.Sizes sizes) {
        close();
        open(data(), sizes);
    }

    /** Waits until nothing moves any more: each chunk is queued by the end of the one before. */
    private void settle() {
        long before;
        do {
            before = indexed();
            for (int chunk = 0; chunk < 20; chunk++) {
                database.write(connection -> 0);
            }
        } while (indexed() != before);
    }

    private long indexed() {
        return database.read(IndexTable::indexed);
    }

    private long rows() {
        return database.read(LedgerIndexTest::rows);
    }

    private static long rows(Connection connection) throws SQLException {
        return Rows.all(connection, "SELECT count(*) FROM log_index", Rows.Binder.NOTHING, row -> row.getLong(1))
                .getFirst();
    }

    /** The first entries of the script's story are found by record, log and content, those behind them are not. */
    private static void assertFound(LedgerStore ledger, List<LedgerEntry> told, long committed) {
        for (LedgerEntry entry : told) {
            long index = entry.leafIndex();
            if (index < committed) {
                assertThat(ledger.entry(entry.recordId())).contains(entry);
            } else {
                assertThat(ledger.entry(entry.recordId())).isEmpty();
            }
            var released = ledger.releasedAt(LedgerScript.content("content of record " + index));
            assertThat(released.orElse(-1)).isEqualTo(index < committed ? index : -1);
        }
        for (int log = 0; log < LedgerScript.LOGS; log++) {
            LogId id = LedgerScript.log(log);
            List<LedgerEntry> ofLog = told.stream()
                    .filter(entry -> entry.logId().equals(id) && entry.leafIndex() < committed)
                    .toList();
            assertThat(ledger.logEntries(id, 0, Long.MAX_VALUE, 999)).isEqualTo(ofLog);
            assertThat(inPages(ledger, id)).isEqualTo(ofLog);
        }
    }

    private static List<LedgerEntry> inPages(LedgerStore ledger, LogId log) {
        List<LedgerEntry> all = new ArrayList<>();
        List<LedgerEntry> page;
        do {
            long from = all.isEmpty() ? 0 : all.getLast().leafIndex() + 1;
            page = ledger.logEntries(log, from, Long.MAX_VALUE, 2);
            all.addAll(page);
        } while (page.size() == 2);
        return all;
    }

    @Test
    void entriesAreFoundBeforeWhileAndAfterTheirKeysMove() throws Exception {
        LedgerScript whole = new LedgerScript();
        whole.next(27);
        List<Long> indexedAt = new CopyOnWriteArrayList<>();
        // On the writer's thread, between any two transactions.
        commits = connection -> {
            indexedAt.add(indexed());
            assertFound(ledger, whole.told(), database.read(IndexTable::size));
        };
        for (int count : new int[] {1, 3, 1, 9, 2, 2, 2, 2, 2, 2, 1}) {
            script.commit(ledger, count);
            assertFound(ledger, script.told(), script.state().treeSize());
        }
        settle();
        assertFound(ledger, script.told(), script.state().treeSize());
        assertThat(indexed()).isPositive().isLessThan(27);
        assertThat(indexedAt).contains(0L, indexed());
        assertThat(rows()).isEqualTo(3 * indexed());
    }

    @Test
    void crashAtAnyTransactionLosesNoEntryAndTheIndexGoesOn() throws Exception {
        List<Path> images = new ArrayList<>();
        commits = connection -> {
            try {
                images.add(DataFolder.copy(data(), temporary.resolve("image-" + images.size())));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        for (int batch = 0; batch < 6; batch++) {
            script.commit(ledger, 3);
        }
        settle();
        commits = LedgerDatabase.CommitProbe.NONE;
        boolean[] partlyMoved = new boolean[1];
        for (Path image : images) {
            close();
            open(image, SMALL);
            partlyMoved[0] |= rows() > 3 * indexed();
            long size = ledger.state().treeSize();
            LedgerScript retold = new LedgerScript();
            if (size > 0) {
                retold.next((int) size);
            }
            assertFound(ledger, retold.told(), size);
            LedgerState before =
                    new LedgerState(retold.state().frontier(), ledger.state().mapRoot());
            ledger.commit(before, retold.next(9));
            retold.commit(ledger, 1);
            settle();
            assertFound(ledger, retold.told(), size + 10);
            assertThat(indexed()).isGreaterThanOrEqualTo(Math.min(size, 8));
        }
        assertThat(partlyMoved[0]).as("one image lies between two chunks").isTrue();
    }

    @Test
    void openingReadsTheKeysThatTheTableDoesNotHave() throws Exception {
        script.commit(ledger, 15);
        settle();
        assertThat(indexed()).isZero();
        for (int i = 0; i < 2; i++) {
            reopen(SMALL);
            assertThat(rows()).isZero();
            assertFound(ledger, script.told(), 15);
        }
        script.commit(ledger, 1);
        settle();
        assertThat(indexed()).isEqualTo(12);
        assertFound(ledger, script.told(), 16);
    }

    @Test
    void openingIndexesWhatIsTooMuchForMemory() throws Exception {
        close();
        open(data(), LedgerIndex.Sizes.PRODUCTION);
        script.commit(ledger, 100);
        assertThat(indexed()).isZero();
        reopen(SMALL);
        assertThat(indexed()).isEqualTo(100);
        assertThat(rows()).isEqualTo(300);
        assertFound(ledger, script.told(), 100);
        script.commit(ledger, 3);
        assertFound(ledger, script.told(), 103);
    }

    @Test
    void recordThatIsThereIsRefusedWhereverItsKeyIs() throws Exception {
        script.commit(ledger, 3);
        assertRefused(1);
        script.commit(ledger, 10);
        script.commit(ledger, 3);
        settle();
        assertThat(indexed()).isEqualTo(13);
        assertRefused(1);
        assertRefused(15);
        assertFound(ledger, script.told(), 16);
    }

    private void assertRefused(int there) {
        LedgerState stored = script.state();
        LedgerScript other = new LedgerScript();
        other.next((int) stored.treeSize());
        NewEntry fresh = LedgerScript.entry(1, "fresh at " + stored.treeSize());
        NewEntry again = LedgerScript.entry(2, "record " + there);
        LedgerBatch batch = other.next(List.of(fresh, again));
        assertThatThrownBy(() -> ledger.commit(stored, batch))
                .isInstanceOfSatisfying(
                        DuplicateRecordException.class,
                        e -> assertThat(e.recordId()).isEqualTo(again.recordId()));
        assertThat(ledger.entry(fresh.recordId())).isEmpty();
        assertThat(ledger.state()).isEqualTo(stored);
    }

    @Test
    void recordThatABatchBringsTwiceIsRefused() {
        NewEntry entry = LedgerScript.entry(1, "twice");
        assertThatThrownBy(() -> script.next(List.of(entry, entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    /** 32 bytes that begin like all others of this kind. */
    private static byte[] twin(int number) {
        byte[] bytes = Digest.of(new byte[] {1}).bytes();
        bytes[31] = (byte) number;
        return bytes;
    }

    private static NewEntry twinEntry(int number) {
        NewEntry plain = LedgerScript.entry(1, "twin " + number);
        return new NewEntry(
                LogId.ofBytes(twin(number % 2)),
                RecordId.ofBytes(twin(number)),
                plain.record(),
                null,
                List.of(Digest.ofBytes(twin(100)), Digest.ofBytes(twin(number + 1))));
    }

    private void assertTwinsApart(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(ledger.entry(RecordId.ofBytes(twin(i))).orElseThrow().leafIndex())
                    .isEqualTo(i);
            assertThat(ledger.releasedAt(Digest.ofBytes(twin(i + 1)))).hasValue(i);
        }
        assertThat(ledger.entry(RecordId.ofBytes(twin(count)))).isEmpty();
        assertThat(ledger.releasedAt(Digest.ofBytes(twin(0)))).isEmpty();
        assertThat(ledger.releasedAt(Digest.ofBytes(twin(100)))).hasValue(0);
        for (int log = 0; log < 2; log++) {
            int parity = log;
            assertThat(inPages(ledger, LogId.ofBytes(twin(log))))
                    .extracting(LedgerEntry::leafIndex)
                    .isEqualTo(LongStream.range(0, count)
                            .filter(index -> index % 2 == parity)
                            .boxed()
                            .toList());
        }
        assertThat(ledger.logEntries(LogId.ofBytes(twin(2)), 0, 99, 99)).isEmpty();
    }

    @Test
    void keysThatBeginAlikeAreToldApart() throws Exception {
        for (int i = 0; i < 3; i++) {
            LedgerState before = script.state();
            ledger.commit(before, script.next(List.of(twinEntry(i))));
        }
        assertTwinsApart(3);
        for (int i = 3; i < 23; i++) {
            LedgerState before = script.state();
            ledger.commit(before, script.next(List.of(twinEntry(i))));
        }
        settle();
        assertThat(indexed()).isBetween(4L, 22L);
        assertTwinsApart(23);
        reopen(new LedgerIndex.Sizes(12, 1, 5, 400));
        assertThat(indexed()).isEqualTo(23);
        assertTwinsApart(23);
    }

    @Test
    void keysOfACommitThatFailedLeadNowhere() throws Exception {
        script.commit(ledger, 3);
        LedgerState stored = script.state();
        LedgerBatch lost = new LedgerScriptAt(stored).next("lost");
        commits = connection -> {
            throw new SQLiteException("database or disk is full", SQLiteErrorCode.SQLITE_FULL);
        };
        assertThatThrownBy(() -> ledger.commit(stored, lost)).isInstanceOf(StorageException.class);
        commits = LedgerDatabase.CommitProbe.NONE;
        RecordId gone = lost.entries().getFirst().recordId();
        assertThat(ledger.entry(gone)).isEmpty();

        script.commit(ledger, 6);
        assertThat(ledger.entry(gone)).isEmpty();
        LedgerState before = script.state();
        ledger.commit(before, script.next(List.of(lost.entries().getFirst())));
        assertThat(ledger.entry(gone).orElseThrow().leafIndex()).isEqualTo(9);
        settle();
        assertThat(indexed()).isEqualTo(9);
        assertThat(rows()).isEqualTo(27);
    }

    /** Another story behind the one that is told. */
    private static final class LedgerScriptAt {
        private final LedgerScript script = new LedgerScript();

        LedgerScriptAt(LedgerState stored) {
            script.next((int) stored.treeSize());
        }

        LedgerBatch next(String text) {
            return script.next(List.of(LedgerScript.entry(1, text), LedgerScript.entry(2, text + " too")));
        }
    }

    private void execute(String sql) {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    @Test
    void commitsWaitForATableThatCannotBeWrittenAndGoOnWhenItCan() throws Exception {
        execute("CREATE TRIGGER broken BEFORE INSERT ON log_index BEGIN SELECT RAISE(ABORT, 'broken'); END");
        for (int i = 0; i < 4; i++) {
            script.commit(ledger, 4);
        }
        LedgerState stored = script.state();
        LedgerBatch refused = new LedgerScriptAt(stored).next("refused");
        assertThatThrownBy(() -> ledger.commit(stored, refused))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("nothing was written");
        assertFound(ledger, script.told(), 16);
        assertThat(indexed()).isZero();

        execute("DROP TRIGGER broken");
        script.commit(ledger, 4);
        settle();
        assertThat(indexed()).isEqualTo(16);
        assertFound(ledger, script.told(), 20);
    }

    private void damage(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data().resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    @Test
    void indexThatLostRowsIsMadeAgain() throws Exception {
        script.commit(ledger, 30);
        reopen(SMALL);
        assertThat(indexed()).isEqualTo(30);
        close();
        damage("DELETE FROM log_index WHERE idx % 2 = 0", "INSERT INTO log_index VALUES (0, 1, 2), (7, 8, 999)");
        open(data(), SMALL);
        assertThat(ledger.entry(script.told().get(4).recordId())).isEmpty();

        assertThat(ledger.reindex()).hasValue(30);

        assertFound(ledger, script.told(), 30);
        reopen(SMALL);
        assertFound(ledger, script.told(), 30);
        assertThat(rows()).isEqualTo(90);
    }

    @Test
    void rowsThatLieLeadNowhere() throws Exception {
        script.commit(ledger, 30);
        reopen(SMALL);
        close();
        // Every key leads to every entry as well.
        damage("INSERT OR IGNORE INTO log_index SELECT i.kind, i.prefix, e.idx FROM log_index i, log_entry e");
        open(data(), SMALL);
        assertThat(rows()).isGreaterThan(90);
        assertFound(ledger, script.told(), 30);
    }

    @Test
    void indexOfALongerLedgerIsMadeAgain() throws Exception {
        script.commit(ledger, 30);
        close();
        damage("UPDATE log_indexed SET size = 31");
        open(data(), SMALL);
        assertThat(indexed()).isEqualTo(30);
        assertFound(ledger, script.told(), 30);
    }

    @Test
    void entriesOfOneLogAreReadByTheirKeyInTheTable() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data().resolve("ledger.db"));
                Statement statement = connection.createStatement();
                ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + LedgerIndex.FROM_TABLE)) {
            List<String> steps = new ArrayList<>();
            while (plan.next()) {
                steps.add(plan.getString("detail"));
            }
            assertThat(steps)
                    .containsExactly(
                            "SEARCH i USING PRIMARY KEY (kind=? AND prefix=? AND idx>? AND idx<?)",
                            "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)");
        }
    }
}
