package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.SoundStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogLeaf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Stops the embedded backend at each durable write, or makes the write fail, and looks at what is left. */
class EmbeddedCrashTest {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(HELLO);

    @TempDir
    private Path temporary;

    private final TestClock clock = new TestClock();
    private final LedgerScript script = new LedgerScript();
    private volatile DurableFolder.Probe files = DurableFolder.Probe.NONE;
    private volatile LedgerDatabase.CommitProbe commits = LedgerDatabase.CommitProbe.NONE;

    private Path data() {
        return temporary.resolve("data");
    }

    private Storage open() {
        return EmbeddedStorage.open(
                data(),
                clock,
                (step, target) -> files.after(step, target),
                connection -> commits.beforeCommit(connection));
    }

    /** Copies the folder at each step of {@code work}. */
    private Map<DurableFolder.Step, Path> imagesDuring(Storage storage, Work work) throws Exception {
        Map<DurableFolder.Step, Path> images = new EnumMap<>(DurableFolder.Step.class);
        files = (step, target) -> images.put(step, DataFolder.copy(data(), temporary.resolve("image-" + step)));
        work.run(storage);
        files = DurableFolder.Probe.NONE;
        assertThat(images).containsOnlyKeys(DurableFolder.Step.values());
        return images;
    }

    @FunctionalInterface
    private interface Work {
        void run(Storage storage) throws Exception;
    }

    @Test
    void crashAtAnyStepOfAPutLeavesNoContentOrAllOfIt() throws Exception {
        Map<DurableFolder.Step, Path> images;
        try (Storage storage = open()) {
            images = imagesDuring(storage, s -> s.contents().put(DIGEST, new ByteArrayInputStream(HELLO), 100));
        }
        for (Map.Entry<DurableFolder.Step, Path> image : images.entrySet()) {
            try (Storage crashed = EmbeddedStorage.open(image.getValue(), clock)) {
                boolean named = image.getKey().compareTo(DurableFolder.Step.NAMED) >= 0;
                assertThat(crashed.contents().find(DIGEST).isPresent())
                        .as("%s", image.getKey())
                        .isEqualTo(named);
                assertThat(DataFolder.filesIn(image.getValue().resolve("contents/tmp")))
                        .isEmpty();
                if (named) {
                    try (InputStream in = crashed.contents().open(DIGEST, 0, HELLO.length)) {
                        assertThat(in.readAllBytes()).isEqualTo(HELLO);
                    }
                }
                SoundStore.requireContents(crashed.contents());
            }
        }
    }

    @Test
    void contentIsNotVisibleBeforeItsFolderIsSynced() throws Exception {
        try (Storage storage = open()) {
            List<Boolean> visible = new ArrayList<>();
            files = (step, target) ->
                    visible.add(storage.contents().find(DIGEST).isPresent());
            storage.contents().put(DIGEST, new ByteArrayInputStream(HELLO), 100);
            assertThat(visible).containsExactly(false, false, false, false);
            assertThat(storage.contents().find(DIGEST)).isPresent();
        }
    }

    @Test
    void crashAtAnyStepOfASnapshotLeavesTheOldOrTheNew() throws Exception {
        Map<DurableFolder.Step, Path> images;
        try (Storage storage = open()) {
            storage.snapshots().save(5, out -> out.write("old".getBytes(UTF_8)));
            images = imagesDuring(storage, s -> s.snapshots().save(5, out -> out.write(HELLO)));
        }
        for (Map.Entry<DurableFolder.Step, Path> image : images.entrySet()) {
            try (Storage crashed = EmbeddedStorage.open(image.getValue(), clock);
                    InputStream in = crashed.snapshots().open(5)) {
                boolean renamed = image.getKey().compareTo(DurableFolder.Step.NAMED) >= 0;
                assertThat(new String(in.readAllBytes(), UTF_8))
                        .as("%s", image.getKey())
                        .isEqualTo(renamed ? "hello" : "old");
                assertThat(DataFolder.filesIn(image.getValue().resolve("snapshots")))
                        .containsExactly("5.map");
            }
        }
    }

    @Test
    void failedSyncOfAContentStopsPutsButNotReads() throws Exception {
        for (DurableFolder.Step failing : List.of(DurableFolder.Step.SYNCED, DurableFolder.Step.FOLDER_SYNCED)) {
            byte[] kept = ("kept before " + failing).getBytes(UTF_8);
            byte[] lost = ("lost at " + failing).getBytes(UTF_8);
            try (Storage storage = open()) {
                storage.contents().put(Digest.of(kept), new ByteArrayInputStream(kept), 100);
                files = (step, target) -> {
                    if (step == failing) {
                        throw new IOException("the disk is gone");
                    }
                };
                assertThatThrownBy(() -> storage.contents().put(Digest.of(lost), new ByteArrayInputStream(lost), 100))
                        .isInstanceOf(StorageException.class)
                        .hasRootCauseMessage("the disk is gone");
                files = DurableFolder.Probe.NONE;
                assertThat(storage.contents().find(Digest.of(lost))).isEmpty();
                // Reads go on, so a health check has to ask.
                assertThatThrownBy(() -> storage.contents().requireWritable())
                        .isInstanceOf(StorageStoppedException.class);
                assertThatThrownBy(() -> storage.contents().put(Digest.of(lost), new ByteArrayInputStream(lost), 100))
                        .isInstanceOf(StorageStoppedException.class);
                clock.move(Duration.ofSeconds(1));
                assertThatThrownBy(() -> storage.contents().touch(Digest.of(kept)))
                        .isInstanceOf(StorageStoppedException.class);
                try (InputStream in = storage.contents().open(Digest.of(kept), 0, kept.length)) {
                    assertThat(in.readAllBytes()).isEqualTo(kept);
                }
            }
            try (Storage storage = open()) {
                storage.contents().put(Digest.of(lost), new ByteArrayInputStream(lost), 100);
                assertThat(storage.contents().find(Digest.of(lost))).isPresent();
            }
        }
    }

    @Test
    void batchIsOneTransactionOfTheDatabase() throws Exception {
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            int before = DataFolder.transactionEnds(data()).size();
            script.commit(storage.ledger(), 300);
            assertThat(DataFolder.transactionEnds(data())).hasSize(before + 1);
            script.commit(storage.ledger(), 1);
            assertThat(DataFolder.transactionEnds(data())).hasSize(before + 2);
        }
    }

    @Test
    void logFileCutAnywhereShowsWholeBatchesOnly() throws Exception {
        List<LedgerState> states = new ArrayList<>(List.of(LedgerState.EMPTY));
        Path image = temporary.resolve("image");
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            for (int count : new int[] {3, 250, 10, 1}) {
                script.commit(storage.ledger(), count);
                states.add(script.state());
            }
            DataFolder.copy(data(), image);
        }
        List<Integer> ends = DataFolder.transactionEnds(image);
        long size = Files.size(DataFolder.wal(image));
        assertThat(ends.getLast().longValue()).isEqualTo(size);
        for (int back = 0; back < 4; back++) {
            int end = ends.get(ends.size() - 1 - back);
            LedgerState whole = states.get(states.size() - 1 - back);
            assertCutShows(image, end, whole);
            assertCutShows(image, end - 1, states.get(states.size() - 2 - back));
            assertCutShows(image, end - 4096 - 10, states.get(states.size() - 2 - back));
        }
        assertCutShows(image, ends.getFirst() / 2, LedgerState.EMPTY);
        assertCutShows(image, 0, LedgerState.EMPTY);
    }

    private void assertCutShows(Path image, int length, LedgerState expected) throws Exception {
        Path cut = DataFolder.copy(image, temporary.resolve("cut-at-" + length));
        try (FileChannel wal = FileChannel.open(DataFolder.wal(cut), StandardOpenOption.WRITE)) {
            wal.truncate(length);
        }
        try (Storage storage = EmbeddedStorage.open(cut, clock)) {
            assertThat(storage.ledger().state()).as("cut at %s", length).isEqualTo(expected);
            assertSound(storage.ledger());
            // It goes on from there.
            LedgerScript retold = new LedgerScript();
            if (expected.treeSize() > 0) {
                retold.next((int) expected.treeSize());
            }
            LedgerState before = new LedgerState(retold.state().frontier(), expected.mapRoot());
            LedgerBatch next = retold.next(2);
            storage.ledger().commit(before, next);
            assertThat(storage.ledger().state()).isEqualTo(next.next());
        }
    }

    @Test
    void killedProcessLosesNothingThatItAcknowledged() throws Exception {
        for (int round = 0; round < 2; round++) {
            Path folder = temporary.resolve("killed-" + round);
            long acknowledged = CommittingProcess.run(folder).killAfter(5 + 20 * round);
            try (Storage storage = EmbeddedStorage.open(folder, clock)) {
                long size = storage.ledger().state().treeSize();
                assertThat(size).isGreaterThanOrEqualTo(acknowledged);
                assertThat(size % CommittingProcess.BATCH).isZero();
                assertSound(storage.ledger());
                PublicationCrashTest.assertSound(storage);
                assertThat(storage.ledger().latestPublication().orElseThrow().treeSize())
                        .isGreaterThanOrEqualTo(acknowledged);
                for (long at = CommittingProcess.BATCH; at <= size; at += CommittingProcess.BATCH) {
                    byte[] content = CommittingProcess.content(at);
                    assertThat(storage.contents().find(Digest.of(content))).isPresent();
                    try (InputStream in = storage.contents().open(Digest.of(content), 0, content.length)) {
                        assertThat(in.readAllBytes()).isEqualTo(content);
                    }
                }
                SoundStore.requireContents(storage.contents());
                assertThat(DataFolder.filesIn(folder.resolve("contents/tmp"))).isEmpty();
            }
        }
    }

    /** State, entries, tiles and names tell one story. */
    static void assertSound(LedgerStore ledger) {
        SoundStore.require(ledger);
        List<LogLeaf> leaves = ledger.leaves(0, Long.MAX_VALUE);
        for (int log = 0; log < LedgerScript.LOGS; log++) {
            assertThat(ledger.logName(LedgerScript.log(log)).isPresent()).isEqualTo(leaves.size() > log);
        }
    }

    @Test
    void diskErrorAtACommitStopsAllWritesButNotReads() throws Exception {
        try (Storage storage = open()) {
            script.commit(storage.ledger(), 3);
            LedgerState stored = script.state();
            LedgerBatch batch = script.next(3);
            commits = connection -> {
                throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            };
            assertThatThrownBy(() -> storage.ledger().commit(stored, batch))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("outcome is unknown");
            commits = LedgerDatabase.CommitProbe.NONE;

            assertThatThrownBy(() -> storage.ledger().commit(stored, batch))
                    .isInstanceOf(StorageStoppedException.class);
            assertThatThrownBy(() -> storage.ledger().publish(LedgerScript.publication(stored, 1, 0)))
                    .isInstanceOf(StorageStoppedException.class);
            assertThatThrownBy(() -> storage.submissions().save(submission()))
                    .isInstanceOf(StorageStoppedException.class);
            assertThat(storage.ledger().state()).isEqualTo(stored);
            assertThat(storage.ledger().entries(0, 10)).hasSize(3);
        }
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            assertSound(storage.ledger());
            assertThat(storage.ledger().state().treeSize()).isEqualTo(3);
        }
    }

    @Test
    void fullDiskAtACommitWritesNothingAndTheNextCommitMaySucceed() throws Exception {
        commits = connection -> {
            // What SQLite does by itself when the disk is full; the rollback that follows then finds no transaction.
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
            throw new SQLiteException("database or disk is full", SQLiteErrorCode.SQLITE_FULL);
        };
        try (Storage storage = open()) {
            LedgerBatch batch = script.next(3);
            assertThatThrownBy(() -> storage.ledger().commit(LedgerState.EMPTY, batch))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("nothing was written")
                    .hasRootCauseInstanceOf(SQLException.class);
            assertThat(storage.ledger().state()).isEqualTo(LedgerState.EMPTY);
            commits = LedgerDatabase.CommitProbe.NONE;
            storage.ledger().commit(LedgerState.EMPTY, batch);
            assertThat(storage.ledger().state()).isEqualTo(batch.next());
            assertSound(storage.ledger());
        }
    }

    private Submission submission() {
        NewEntry entry = LedgerScript.entry(1, "submitted");
        return new Submission(
                entry.recordId(),
                entry.logId(),
                LedgerScript.name(1),
                entry.record(),
                clock.instant(),
                new SubmissionState.Processing());
    }
}
