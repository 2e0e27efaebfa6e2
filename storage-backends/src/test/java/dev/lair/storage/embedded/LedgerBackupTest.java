package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.EvidenceScript;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerBackupTest {

    @TempDir
    private Path temporary;

    private final TestClock clock = new TestClock();
    private final LedgerScript script = new LedgerScript();
    private final EvidenceScript evidence = new EvidenceScript();

    private Path data() {
        return temporary.resolve("data");
    }

    /** A new data folder whose ledger is to be a copy. */
    private Path restored(String name) throws IOException {
        return Files.createDirectory(temporary.resolve(name)).resolve("ledger.db");
    }

    private static Path folderOf(Path copy) {
        return Objects.requireNonNull(copy.getParent());
    }

    private Publication publishNext(Storage storage) throws Exception {
        script.commit(storage.ledger(), CommittingProcess.BATCH);
        evidence.append(storage.evidence(), 1);
        Publication publication = LedgerScript.publication(
                script.state(), 1_800_000_000, evidence.state().treeSize());
        storage.ledger().publish(publication);
        return publication;
    }

    private void assertSound(Path copy, LedgerState state) {
        try (Storage storage = EmbeddedStorage.open(folderOf(copy), clock)) {
            assertThat(storage.ledger().state()).isEqualTo(state);
            assertThat(state.treeSize() % CommittingProcess.BATCH).isZero();
            EmbeddedCrashTest.assertSound(storage.ledger());
            PublicationCrashTest.assertSound(storage);
            // One moment: the three steps of a round are at most one apart.
            long rounds = state.treeSize() / CommittingProcess.BATCH;
            assertThat(storage.evidence().state().treeSize()).isBetween(rounds - 1, rounds);
        }
    }

    @Test
    void copyOfAFolderThatIsOpenHoldsAllThatWasPublished() throws Exception {
        Path copy = restored("copy");
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            Publication published = publishNext(storage);
            assertThat(LedgerBackup.copy(data(), copy)).isEqualTo(script.state());
            publishNext(storage);
            try (Storage restored = EmbeddedStorage.open(folderOf(copy), clock)) {
                assertThat(restored.ledger().latestPublication()).contains(published);
                assertThat(restored.evidence().entries(0, 9)).hasSize(1);
            }
            assertThat(storage.ledger().state()).isEqualTo(script.state());
        }
    }

    @Test
    void copyOfAFolderThatNobodyHasOpenIsMadeToo() throws Exception {
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            publishNext(storage);
        }
        Path copy = restored("copy");
        assertSound(copy, LedgerBackup.copy(data(), copy));
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            publishNext(storage);
        }
    }

    @Test
    void copiesMadeWhileTheRegistryWritesAreEachOfOneMoment() throws Exception {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        AtomicBoolean done = new AtomicBoolean();
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            publishNext(storage);
            Future<Integer> writing = writer.submit(() -> {
                int rounds = 0;
                while (!done.get()) {
                    publishNext(storage);
                    rounds++;
                }
                return rounds;
            });
            long size = 0;
            for (int i = 0; i < 5; i++) {
                Path copy = restored("copy-" + i);
                LedgerState state = LedgerBackup.copy(data(), copy);
                assertThat(state.treeSize()).isGreaterThanOrEqualTo(size);
                size = state.treeSize();
                assertSound(copy, state);
            }
            done.set(true);
            assertThat(writing.get()).isPositive();
            EmbeddedCrashTest.assertSound(storage.ledger());
        } finally {
            done.set(true);
            writer.shutdownNow();
        }
    }

    @Test
    void copiesMadeWhileAnotherProcessWritesAreEachOfOneMomentAndItLosesNothing() throws Exception {
        CommittingProcess process = CommittingProcess.run(data());
        for (int i = 0; i < 3; i++) {
            long atLeast = process.next();
            Path copy = restored("copy-" + i);
            LedgerState state = LedgerBackup.copy(data(), copy);
            assertThat(state.treeSize()).isGreaterThanOrEqualTo(atLeast);
            assertSound(copy, state);
        }
        long acknowledged = process.killAfter(3);
        Path last = restored("after-the-kill");
        LedgerState state = LedgerBackup.copy(data(), last);
        assertThat(state.treeSize()).isGreaterThanOrEqualTo(acknowledged);
        assertSound(last, state);
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            assertThat(storage.ledger().state()).isEqualTo(state);
        }
    }

    @Test
    void crashAtAnyStepLeavesNoCopyOrAllOfIt() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("backups"));
        Map<DurableFolder.Step, Path> images = new EnumMap<>(DurableFolder.Step.class);
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            publishNext(storage);
            LedgerBackup.copy(
                    data(),
                    folder.resolve("ledger.db"),
                    (step, target) -> images.put(step, DataFolder.copy(folder, temporary.resolve("image-" + step))));
        }
        assertThat(images).containsOnlyKeys(DurableFolder.Step.values());
        for (Map.Entry<DurableFolder.Step, Path> image : images.entrySet()) {
            Path copy = image.getValue().resolve("ledger.db");
            if (image.getKey().compareTo(DurableFolder.Step.NAMED) >= 0) {
                assertSound(copy, script.state());
            } else {
                assertThat(copy).doesNotExist();
                // The next one clears up.
                LedgerBackup.copy(data(), copy);
                assertThat(DataFolder.filesIn(image.getValue())).containsExactly("ledger.db");
            }
        }
    }

    @Test
    void copyIsForItsOwnerOnly() throws Exception {
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            publishNext(storage);
        }
        Path copy = restored("copy");
        LedgerBackup.copy(data(), copy);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsThereIsNotReplacedAndWhatIsNotThereIsNotCopied() throws Exception {
        assertThatThrownBy(() -> LedgerBackup.copy(data(), temporary.resolve("copy")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("holds no ledger.db");
        try (Storage storage = EmbeddedStorage.open(data(), clock)) {
            publishNext(storage);
        }
        Path there = Files.writeString(temporary.resolve("there"), "precious");
        assertThatThrownBy(() -> LedgerBackup.copy(data(), there))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("there")
                .hasMessageContaining("is there already");
        assertThat(there).hasContent("precious");
        assertThatThrownBy(() -> LedgerBackup.copy(data(), temporary.resolve("no/such/folder")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("create it first");
        assertThat(DataFolder.filesIn(temporary).stream().filter(name -> name.contains("draft")))
                .isEqualTo(List.of());
    }
}
