package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.EvidenceScript;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.NewEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found when a data folder is opened again, and who may open it. */
class EmbeddedRestartTest {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private final LedgerScript script = new LedgerScript();
    private final EvidenceScript evidenceScript = new EvidenceScript();

    private Storage open() {
        return EmbeddedStorage.open(folder, clock);
    }

    @Test
    void everythingIsFoundAgain() throws Exception {
        NewEntry submitted = LedgerScript.entry(1, "submitted");
        Submission submission = new Submission(
                submitted.recordId(),
                submitted.logId(),
                LedgerScript.name(1),
                submitted.record(),
                clock.instant(),
                new SubmissionState.Processing());
        Publication publication;
        StoredContent content;
        byte[] tile;
        try (Storage storage = open()) {
            script.commit(storage.ledger(), 300);
            publication = LedgerScript.publication(script.state(), 1_800_000_000, 256);
            evidenceScript.append(storage.evidence(), 257);
            storage.ledger().publish(publication);
            tile = storage.ledger().tile(0, 0).orElseThrow();
            storage.submissions().save(submission);
            content = storage.contents().put(Digest.of(HELLO), new ByteArrayInputStream(HELLO), 5);
            storage.snapshots().save(300, out -> out.write(HELLO));
        }
        try (Storage storage = open()) {
            assertThat(storage.ledger().state()).isEqualTo(script.state());
            assertThat(storage.ledger().entries(0, 1000)).isEqualTo(script.told());
            assertThat(storage.ledger().tile(0, 0))
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(tile));
            assertThat(storage.ledger().latestPublication()).contains(publication);
            assertThat(storage.evidence().state()).isEqualTo(evidenceScript.state());
            assertThat(storage.evidence().entries(0, 300)).hasSize(257);
            assertThat(storage.evidence().tile(0, 0)).isPresent();
            assertThat(storage.ledger().logName(LedgerScript.log(2))).contains(LedgerScript.name(2));
            assertThat(storage.submissions().open(0, 100).submissions()).containsExactly(submission);
            assertThat(storage.contents().find(Digest.of(HELLO))).contains(content);
            assertThat(storage.snapshots().sizes()).containsExactly(300L);
            LedgerState before = script.state();
            script.commit(storage.ledger(), 300);
            assertThat(storage.ledger().state()).isNotEqualTo(before).isEqualTo(script.state());
        }
    }

    @Test
    void secondOpenOfAFolderIsRefusedAndTheFirstGoesOn() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolveSibling(folder.getFileName() + "-link"), folder);
        try (Storage storage = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(DataFolderInUseException.class)
                    .hasMessageContaining(folder.toRealPath().toString())
                    .hasMessageContaining("this process");
            assertThatThrownBy(() -> EmbeddedStorage.open(link, clock)).isInstanceOf(DataFolderInUseException.class);
            script.commit(storage.ledger(), 3);
            // A failed attempt here must not have dropped the lock that other processes see.
            assertThat(CommittingProcess.run(folder).refusal()).contains("is in use by process ");
        }
        open().close();
    }

    @Test
    void closedStorageRefusesWork() {
        Storage storage = open();
        storage.close();
        storage.close();
        assertThatThrownBy(() -> storage.ledger().state())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> storage.ledger().commit(LedgerState.EMPTY, script.next(1)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void folderThatIsAFileIsRefused() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> EmbeddedStorage.open(file, clock))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void damagedDatabaseIsRefusedAndTheFolderIsGivenUp() throws Exception {
        Files.writeString(folder.resolve("ledger.db"), "this is no database, whatever its name says".repeat(100));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StorageException.class)
                    .isNotInstanceOf(DataFolderInUseException.class)
                    .hasMessageContaining("ledger.db");
        }
    }

    @Test
    void leftoverTemporaryFilesAreRemovedAndForeignFilesAreNot() throws Exception {
        open().close();
        Files.write(folder.resolve("contents/tmp/upload"), HELLO);
        Files.write(folder.resolve("snapshots/tmp/half"), HELLO);
        Files.write(folder.resolve("contents/ab/notes.txt"), HELLO);
        Files.write(folder.resolve("snapshots/old.map"), HELLO);
        try (Storage storage = open()) {
            assertThat(DataFolder.filesIn(folder.resolve("contents"))).containsExactly("ab/notes.txt");
            assertThat(DataFolder.filesIn(folder.resolve("snapshots"))).containsExactly("old.map");
            assertThat(storage.snapshots().sizes()).isEmpty();
            assertThat(storage.contents().untouchedSince(TestClock.START, null, 10))
                    .isEmpty();
        }
    }

    @Test
    void refusedUploadsLeaveNoFile() throws Exception {
        try (Storage storage = open()) {
            List<String> before = DataFolder.filesIn(folder.resolve("contents"));
            InputStream bytes = new ByteArrayInputStream(HELLO);
            assertThatThrownBy(() -> storage.contents().put(LedgerScript.content("other"), bytes, 5))
                    .isInstanceOf(Exception.class);
            assertThatThrownBy(() -> storage.snapshots().save(5, out -> {
                        throw new IllegalStateException("bug");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(DataFolder.filesIn(folder.resolve("contents"))).isEqualTo(before);
            assertThat(DataFolder.filesIn(folder.resolve("snapshots"))).isEmpty();
        }
    }

    @Test
    void interruptedCallerStillLearnsHowItsCommitEnded() throws Exception {
        try (Storage storage = open()) {
            Thread.currentThread().interrupt();
            script.commit(storage.ledger(), 3);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(storage.ledger().state()).isEqualTo(script.state());
        }
    }
}
