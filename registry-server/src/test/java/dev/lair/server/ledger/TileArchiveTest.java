package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.LedgerCheck.Difference;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.embedded.FolderArchive;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.TileId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the logs ends up in the archive, in what order, and what becomes of an archive that fails or differs. */
class TileArchiveTest {

    private static final TestClock CLOCK = new TestClock();
    private static PublishedLogs logs;

    private final Archive archive = MemoryStorage.open(CLOCK).archive().orElseThrow();

    @BeforeAll
    static void fill() {
        logs = PublishedLogs.of(CLOCK);
    }

    /** An archive that notes what is put and looked for, and fails where a test wants. */
    private static class WatchedArchive implements Archive {

        private final Archive archive;
        final List<String> puts = Collections.synchronizedList(new ArrayList<>());
        final List<String> gets = Collections.synchronizedList(new ArrayList<>());

        WatchedArchive(Archive archive) {
            this.archive = archive;
        }

        @Override
        public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
            boolean isNew = archive.putIfAbsent(path, bytes);
            puts.add(path);
            return isNew;
        }

        @Override
        public Optional<byte[]> get(String path) {
            gets.add(path);
            return archive.get(path);
        }

        @Override
        public Optional<String> firstAfter(String prefix, String after) {
            return archive.firstAfter(prefix, after);
        }
    }

    private static List<String> paths(Archive archive) {
        List<String> paths = new ArrayList<>();
        Optional<String> next = archive.firstAfter("", "");
        while (next.isPresent()) {
            paths.add(next.get());
            next = archive.firstAfter("", next.get());
        }
        return paths;
    }

    @Test
    void fullTilesAndBundlesOfBothLogsAreCopiedUnderThePathsTheyAreServedFrom() throws Exception {
        try (TileArchive copying = logs.archiving(archive)) {
            copying.copy(logs.treeSize(), logs.evidenceSize());
        }
        logs.requireArchived(archive);
        // Nothing else: no partial tile, no partial bundle.
        assertThat(paths(archive)).hasSize((int) (2 * (logs.treeSize() / 256) + 2 * (logs.evidenceSize() / 256)));
    }

    @Test
    void nothingBeyondThePublishedSizeIsCopied() throws Exception {
        try (TileArchive copying = logs.archiving(archive)) {
            copying.copy(5 * 256 + 255, 255);
        }
        assertThat(paths(archive)).containsExactlyInAnyOrderElementsOf(tilesAndBundles(5, 5));
        assertThat(archive.get("log/tile/0/004")).isPresent();
        assertThat(archive.get("log/tile/0/005")).isEmpty();
        assertThat(archive.get("log/tile/entries/005")).isEmpty();
    }

    @Test
    void stepThatCompletesUpperTilesHasThemToo() {
        ArchivedLog main = logs.main(1);
        assertThat(main.before(254)).extracting(ArchivedLog.Item::path).containsExactly("log/tile/entries/254");
        assertThat(main.before(255))
                .extracting(ArchivedLog.Item::path)
                .containsExactly("log/tile/entries/255", "log/tile/1/000");
        assertThat(main.before(2 * 65_536 - 1))
                .extracting(ArchivedLog.Item::path)
                .containsExactly("log/tile/entries/x131/071", "log/tile/1/511", "log/tile/2/001");
        assertThat(main.tile(1234).path()).isEqualTo("log/tile/0/x001/234");
    }

    @Test
    void nextGenerationOfTheLogHasPathsOfItsOwn() {
        assertThat(logs.main(2).tile(3).path()).isEqualTo("generation/2/log/tile/0/003");
        assertThat(logs.main(2).before(3).getFirst().path()).isEqualTo("generation/2/log/tile/entries/003");
    }

    @Test
    void foldersServeWhatABucketWould(@TempDir Path folder) throws Exception {
        try (FolderArchive files = FolderArchive.open(folder.resolve("archive"));
                TileArchive copying = logs.archiving(files)) {
            copying.copy(logs.treeSize(), logs.evidenceSize());
            logs.requireArchived(files);
        }
    }

    @Test
    void sealIsPutBehindAllElseOfItsBatch() throws Exception {
        WatchedArchive watched = new WatchedArchive(archive);
        try (TileArchive copying = logs.archiving(watched)) {
            copying.copy(16 * 256, 0);
        }
        assertThat(watched.puts).hasSize(32);
        assertThat(watched.puts.get(15)).isEqualTo("log/tile/0/007");
        assertThat(watched.puts.get(31)).isEqualTo("log/tile/0/015");
        assertThat(watched.puts.subList(0, 15)).containsExactlyInAnyOrderElementsOf(tilesAndBundles(7, 8));
    }

    /** The paths of the first so many tiles and bundles. */
    private static List<String> tilesAndBundles(int tiles, int bundles) {
        List<String> paths = new ArrayList<>();
        for (int n = 0; n < tiles; n++) {
            paths.add("log/tile/0/%03d".formatted(n));
        }
        for (int n = 0; n < bundles; n++) {
            paths.add("log/tile/entries/%03d".formatted(n));
        }
        return paths;
    }

    @Test
    void nextStartFindsItsPlaceWithFewLooksAndPutsNothingTwice() throws Exception {
        try (TileArchive copying = logs.archiving(archive)) {
            copying.copy(8 * 256, 256);
        }
        WatchedArchive watched = new WatchedArchive(archive);
        try (TileArchive copying = logs.archiving(watched)) {
            copying.copy(logs.treeSize(), 0);
        }
        assertThat(watched.gets).hasSizeLessThanOrEqualTo(5);
        assertThat(watched.puts).hasSize(16).allMatch(path -> !path.endsWith("/007"));
        logs.requireMainArchived(archive);
    }

    @Test
    void whateverACrashLeftIsCompleted() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            Archive left = MemoryStorage.open(CLOCK).archive().orElseThrow();
            AtomicInteger allowed = new AtomicInteger(random.nextInt(34));
            Archive dying = new WatchedArchive(left) {
                @Override
                public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
                    if (allowed.getAndDecrement() <= 0) {
                        throw new StorageException("the process died");
                    }
                    return super.putIfAbsent(path, bytes);
                }
            };
            try (TileArchive copying = logs.archiving(dying)) {
                copying.copy(logs.treeSize(), logs.evidenceSize());
            } catch (StorageException e) {
                assertThat(e).hasMessage("the process died");
            }
            try (TileArchive copying = logs.archiving(left)) {
                copying.copy(logs.treeSize(), logs.evidenceSize());
            }
            logs.requireArchived(left);
        }
    }

    @Test
    void twoNodesAtOnceCopyTheSame() throws Exception {
        try (TileArchive one = logs.archiving(archive);
                TileArchive two = logs.archiving(archive)) {
            List<CompletableFuture<Void>> both = new ArrayList<>();
            for (TileArchive node : List.of(one, two)) {
                both.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                node.copy(logs.treeSize(), logs.evidenceSize());
                            } catch (ArchiveConflictException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task)));
            }
            both.forEach(OpenLedger::await);
        }
        logs.requireArchived(archive);
    }

    @Test
    void batchThatAnotherNodeSealedIsNotPutAgain() throws Exception {
        WatchedArchive watched = new WatchedArchive(archive);
        try (TileArchive mine = logs.archiving(watched);
                TileArchive other = logs.archiving(archive)) {
            mine.copy(256, 0);
            watched.puts.clear();
            other.copy(logs.treeSize(), 0);
            mine.copy(logs.treeSize(), 0);
        }
        // The rest of the batch that it had begun, and nothing of those that it found sealed.
        List<String> rest = tilesAndBundles(8, 8);
        rest.removeAll(List.of("log/tile/0/000", "log/tile/entries/000"));
        assertThat(watched.puts).containsExactlyInAnyOrderElementsOf(rest);
    }

    private Storage ledgerWith(Archive with) {
        Storage memory = MemoryStorage.open(CLOCK);
        return new Storage(
                memory.ledger(),
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                Optional.of(with),
                Storage.Sharing.EXCLUSIVE,
                memory::close);
    }

    private static OpenLedger open(Storage storage) {
        return OpenLedger.open(TestSettings.of(), storage, () -> Optional.of(OperatorKeyFile.KEY), CLOCK);
    }

    /** The archive, which tells when a put of this path is over. */
    private Archive telling(String path, CompletableFuture<Void> over) {
        return new WatchedArchive(archive) {
            @Override
            public boolean putIfAbsent(String put, byte[] bytes) throws ArchiveConflictException {
                try {
                    return super.putIfAbsent(put, bytes);
                } finally {
                    if (put.equals(path)) {
                        over.complete(null);
                    }
                }
            }
        };
    }

    @Test
    void whatIsPublishedIsCopiedByTheRunningLedger() {
        CompletableFuture<Void> sealed = new CompletableFuture<>();
        try (OpenLedger ledger = open(ledgerWith(telling("log/tile/0/001", sealed)))) {
            ledger.appendAtOnce(new Chains(1, 20).next(600));
            OpenLedger.await(sealed);
            assertThat(archive.get("log/tile/0/001").orElseThrow())
                    .isEqualTo(ledger.ledger().tile(new TileId(0, 1), 256));
            assertThat(archive.get("log/tile/0/002")).isEmpty();
        }
    }

    @Test
    void otherBytesInTheArchiveStopTheLedger() throws Exception {
        archive.putIfAbsent("log/tile/0/001", new byte[8192]);
        CompletableFuture<Void> tried = new CompletableFuture<>();
        OpenLedger ledger = open(ledgerWith(telling("log/tile/0/001", tried)));
        try (ledger) {
            // Not one more than completes the tile: the ledger takes nothing any more once it was looked at.
            ledger.appendAtOnce(new Chains(1, 20).next(512));
            OpenLedger.await(tried);
        }
        // Closed, it has made up its mind about what it found; the first reason stays.
        assertThat(ledger.ledger().failure()).containsInstanceOf(Stopped.class);
        assertThat(ledger.ledger().failure().orElseThrow())
                .cause()
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("log/tile/0/001")
                .hasMessageContaining("two histories");
    }

    @Test
    void archiveThatFailsHoldsNothingUpAndIsTriedAgain() {
        CompletableFuture<Void> copied = new CompletableFuture<>();
        Set<String> refused = Collections.synchronizedSet(new HashSet<>());
        Archive failing = new WatchedArchive(archive) {
            @Override
            public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
                if (path.startsWith("log/") && refused.add(path)) {
                    throw new StorageException("the bucket is slow today");
                }
                boolean isNew = super.putIfAbsent(path, bytes);
                if (path.equals("log/tile/0/001")) {
                    copied.complete(null);
                }
                return isNew;
            }
        };
        try (OpenLedger ledger = open(ledgerWith(failing))) {
            ledger.appendAtOnce(new Chains(1, 20).next(600));
            assertThat(ledger.ledger().publishedSize()).isEqualTo(600);
            OpenLedger.await(copied);
            assertThat(ledger.ledger().failure()).isEmpty();
        }
    }

    private long check(Archive with) throws Difference {
        return ArchiveCheck.run(logs.storage(with), 1);
    }

    @Test
    void archiveThatLagsBehindPassesTheCheck() throws Exception {
        assertThat(check(archive)).isZero();
        try (TileArchive copying = logs.archiving(archive)) {
            copying.copy(3 * 256, 0);
            assertThat(check(archive)).isEqualTo(6);
            copying.copy(12 * 256, 256);
            assertThat(check(archive)).isEqualTo(26);
        }
    }

    @Test
    void changedObjectIsFoundByTheCheck() throws Exception {
        for (String path : List.of("log/tile/0/009", "log/tile/entries/002", "evidence/tile/entries/000")) {
            Archive changed = MemoryStorage.open(CLOCK).archive().orElseThrow();
            changed.putIfAbsent(path, new byte[3]);
            Archive shown = new WatchedArchive(archive) {
                @Override
                public Optional<byte[]> get(String asked) {
                    return asked.equals(path) ? changed.get(path) : super.get(asked);
                }
            };
            try (TileArchive copying = logs.archiving(archive)) {
                copying.copy(logs.treeSize(), logs.evidenceSize());
            }
            assertThatThrownBy(() -> check(shown))
                    .isInstanceOf(Difference.class)
                    .hasMessageContaining(path)
                    .hasMessageContaining("not what the records lead to");
        }
    }

    @Test
    void holeIsFoundByTheCheck() throws Exception {
        try (TileArchive copying = logs.archiving(archive)) {
            copying.copy(logs.treeSize(), logs.evidenceSize());
        }
        for (String path : List.of("log/tile/0/003", "log/tile/entries/000", "log/tile/entries/007")) {
            Archive shown = new WatchedArchive(archive) {
                @Override
                public Optional<byte[]> get(String asked) {
                    return asked.equals(path) ? Optional.empty() : super.get(asked);
                }
            };
            assertThatThrownBy(() -> check(shown))
                    .isInstanceOf(Difference.class)
                    .hasMessageContaining("`" + path + "` is missing from the archive");
        }
    }
}
