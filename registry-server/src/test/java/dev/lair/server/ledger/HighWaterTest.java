package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.embedded.HighWaterFile;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was put back to an older or another state is noticed by the copies outside it. */
class HighWaterTest {

    private final TestClock clock = new TestClock();
    private final Archive archive = MemoryStorage.open(clock).archive().orElseThrow();

    @TempDir
    private Path folder;

    private HighWater byFile() {
        HighWaterFile file = HighWaterFile.at(folder.resolve("high-water"));
        return new HighWater(
                Optional.of(new HighWater.Mark() {
                    @Override
                    public Optional<String> read() {
                        return file.read();
                    }

                    @Override
                    public void replace(String note) {
                        file.replace(note);
                    }
                }),
                Optional.empty(),
                1);
    }

    private HighWater byArchive(int generation) {
        return new HighWater(Optional.empty(), Optional.of(archive), generation);
    }

    private Storage database() {
        Storage memory = MemoryStorage.open(clock);
        return new Storage(
                memory.ledger(),
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                Optional.empty(),
                Sharing.EXCLUSIVE,
                () -> {});
    }

    /** Starts a ledger on this database, appends these many records of one chain, and stops it. */
    private void run(Storage database, HighWater highWater, long seed, int records) {
        run(database, highWater, new Chains(seed, 3).next(records));
    }

    private void run(Storage database, HighWater highWater, List<NewRecord> records) {
        Ledger ledger = new Ledger(
                TestSettings.of(),
                database,
                () -> Optional.of(OperatorKeyFile.KEY),
                OpenLedger.IDENTITY,
                highWater,
                Witnesses.NONE,
                clock,
                OpenLedger.noMeters());
        try (OpenLedger open = new OpenLedger(ledger)) {
            open.appendAll(records);
        }
        SoundStorage.require(database);
    }

    @Test
    void databaseBehindTheFileIsRefused() {
        run(database(), byFile(), 1, 12);
        Storage restored = database();
        run(restored, byArchive(1), 1, 5);

        assertThatThrownBy(() -> run(restored, byFile(), 2, 0))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("12 leaves, but only 5 are stored")
                .hasMessageContaining("--accept-fork");
    }

    @Test
    void databaseOfAnotherHistoryThanTheFileIsRefused() {
        run(database(), byFile(), 1, 4);
        Storage other = database();
        run(other, byArchive(1), 99, 9);

        assertThatThrownBy(() -> run(other, byFile(), 2, 0))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("4 leaves with root");
    }

    @Test
    void databaseBehindTheArchiveIsRefused() {
        run(database(), byArchive(1), 1, 12);

        assertThatThrownBy(() -> run(database(), byArchive(1), 1, 0))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("only 0 are stored");
    }

    @Test
    void databaseOfAnotherHistoryThanTheNewestArchivedCheckpointBelowItIsRefused() {
        run(database(), byArchive(1), 1, 4);
        for (int records : new int[] {5, 9, 40}) {
            Storage other = database();
            // Grown without copies of its own.
            run(other, new HighWater(Optional.empty(), Optional.empty(), 1), 99, records);

            assertThatThrownBy(() -> run(other, byArchive(1), 2, 0))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("the archive holds a signed checkpoint of 4 leaves with root");
        }
    }

    /** Keeps a checkpoint of this many records, as its signer would have. */
    private static void keep(Archive into, List<NewRecord> records) throws Exception {
        Frontier frontier = Frontier.empty();
        for (NewRecord record : records) {
            frontier = frontier.append(new LogLeaf(record.logId(), record.recordId()).hash());
        }
        keep(into, frontier);
    }

    private static void keep(Archive into, Frontier frontier) throws Exception {
        into.putIfAbsent(
                "checkpoint/1/%019d".formatted(frontier.treeSize()),
                new CheckpointText(OpenLedger.IDENTITY.log().origin(), frontier.treeSize(), frontier.root())
                        .format()
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void lostCheckpointIsFoundWhereALaterOneOfThisHistoryWasKept() throws Exception {
        for (int lost : new int[] {1, 7, 39}) {
            Archive kept = MemoryStorage.open(clock).archive().orElseThrow();
            HighWater copies = new HighWater(Optional.empty(), Optional.of(kept), 1);
            List<NewRecord> records = new Chains(99, 3).next(40);
            Storage database = database();
            run(database, new HighWater(Optional.empty(), Optional.empty(), 1), records);
            keep(kept, records);
            assertThatCode(() -> run(database, copies, List.of())).doesNotThrowAnyException();

            keep(kept, new Chains(1, 3).next(lost));
            assertThatThrownBy(() -> run(database, copies, List.of()))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("the archive holds a signed checkpoint of " + lost + " leaves with root")
                    .hasMessageContaining("--accept-fork");
        }
    }

    @Test
    void namesThatOnlyBeginLikeACopyAreNone() throws Exception {
        Archive kept = MemoryStorage.open(clock).archive().orElseThrow();
        // As a store shows them that writes under another name first.
        for (int size = 1; size <= 50; size++) {
            kept.putIfAbsent("checkpoint/1/%019d-0c3a".formatted(size), new byte[] {1});
        }
        HighWater copies = new HighWater(Optional.empty(), Optional.of(kept), 1);
        List<NewRecord> records = new Chains(99, 3).next(40);
        Storage database = database();
        run(database, new HighWater(Optional.empty(), Optional.empty(), 1), records);
        keep(kept, records);
        assertThatCode(() -> run(database, copies, List.of())).doesNotThrowAnyException();

        keep(kept, new Chains(1, 3).next(7));
        assertThatThrownBy(() -> run(database, copies, List.of())).isInstanceOf(Corrupt.class);
    }

    @Test
    void startLooksAtTheNewestCopiesOnlyHoweverManyThereAre() throws Exception {
        List<NewRecord> records = new Chains(99, 3).next(3000);
        Archive kept = MemoryStorage.open(clock).archive().orElseThrow();
        Frontier frontier = Frontier.empty();
        for (NewRecord record : records) {
            frontier = frontier.append(new LogLeaf(record.logId(), record.recordId()).hash());
            keep(kept, frontier);
        }
        AtomicInteger reads = new AtomicInteger();
        Archive counting = new Archive() {
            @Override
            public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
                return kept.putIfAbsent(path, bytes);
            }

            @Override
            public Optional<byte[]> get(String path) {
                assertThat(path).startsWith("checkpoint/1/").isGreaterThan("checkpoint/1/%019d".formatted(2900));
                reads.incrementAndGet();
                return kept.get(path);
            }

            @Override
            public Optional<String> firstAfter(String prefix, String after) {
                return kept.firstAfter(prefix, after);
            }
        };
        new HighWater(Optional.empty(), Optional.of(counting), 1)
                .require(
                        OpenLedger.IDENTITY.log().origin(),
                        3000,
                        () -> 3000,
                        size -> CheckpointText.parse(new String(
                                        kept.get("checkpoint/1/%019d".formatted(size))
                                                .orElseThrow(),
                                        StandardCharsets.UTF_8))
                                .root());
        assertThat(reads).hasValueBetween(2, 64);
    }

    @Test
    void databaseThatGrewBehindTheNewestArchivedCheckpointStarts() {
        for (int kept : new int[] {0, 1, 7}) {
            Archive other = MemoryStorage.open(clock).archive().orElseThrow();
            HighWater copies = new HighWater(Optional.empty(), Optional.of(other), 1);
            Storage database = database();
            run(database, copies, 1, kept);
            run(database, new HighWater(Optional.empty(), Optional.empty(), 1), OpenLedger.chain("grown", 30));
            assertThatCode(() -> run(database, copies, 5, 0)).doesNotThrowAnyException();
        }
    }

    @Test
    void theSameDatabaseStartsAgain() {
        Storage database = database();
        run(database, byFile(), 1, 3);
        assertThatCode(() -> run(database, byFile(), 5, 0)).doesNotThrowAnyException();
    }

    @Test
    void checkpointThatForksTheArchivedOneIsNotShown() {
        run(database(), byArchive(1), 1, 3);
        Ledger ledger = new Ledger(
                TestSettings.of(),
                database(),
                () -> Optional.of(OperatorKeyFile.KEY),
                OpenLedger.IDENTITY,
                byArchive(2),
                Witnesses.NONE,
                clock,
                OpenLedger.noMeters());
        // Another generation may sign the same sizes anew; the same generation may not.
        try (OpenLedger open = new OpenLedger(ledger)) {
            open.append(Chains.record("p", null, "a new generation"));
        }
    }
}
