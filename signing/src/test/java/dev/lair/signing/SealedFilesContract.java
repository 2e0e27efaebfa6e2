package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link SealedFiles} must do. */
abstract class SealedFilesContract {

    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] TWO = {4};

    /** New, empty files. */
    abstract SealedFiles files() throws IOException;

    @Test
    void writtenFileIsReadAndListed() throws IOException {
        SealedFiles files = files();
        assertThat(files.read("key-store")).isEmpty();
        files.writeNew("key-store", ONE);
        files.writeNew("keys/a.key", TWO);
        files.writeNew("keys/b.laptop-2.key", ONE);
        files.writeNew("note-keys/a.key", ONE);
        assertThat(files.read("key-store")).hasValue(ONE);
        assertThat(files.read("keys/a.key")).hasValue(TWO);
        assertThat(files.list("keys")).containsExactlyInAnyOrder("keys/a.key", "keys/b.laptop-2.key");
        assertThat(files.list("note-keys")).containsExactly("note-keys/a.key");
        assertThat(files.list("nothing")).isEmpty();
    }

    @Test
    void takenNameIsRefusedAndItsFileStays() throws IOException {
        SealedFiles files = files();
        files.writeNew("keys/a.key", ONE);
        assertThatThrownBy(() -> files.writeNew("keys/a.key", TWO)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(files.read("keys/a.key")).hasValue(ONE);
    }

    @Test
    void replacingWritesWhetherOrNotThereWasAFile() throws IOException {
        SealedFiles files = files();
        files.replace("keys/a.key", ONE);
        files.replace("keys/a.key", TWO);
        assertThat(files.read("keys/a.key")).hasValue(TWO);
        assertThat(files.list("keys")).containsExactly("keys/a.key");
    }

    @Test
    void fileIsReplacedOnlyWhileItHoldsWhatIsExpected() throws IOException {
        SealedFiles files = files();
        assertThat(files.replaceIf("keys/a.key", ONE, TWO)).isFalse();
        assertThat(files.read("keys/a.key")).isEmpty();
        files.writeNew("keys/a.key", ONE);
        assertThat(files.replaceIf("keys/a.key", TWO, TWO)).isFalse();
        assertThat(files.read("keys/a.key")).hasValue(ONE);
        assertThat(files.replaceIf("keys/a.key", ONE, TWO)).isTrue();
        assertThat(files.read("keys/a.key")).hasValue(TWO);
    }

    @Test
    void ofManyThatReplaceTheSameBytesExactlyOneSucceeds() throws Exception {
        SealedFiles files = files();
        files.writeNew("key-store", ONE);
        int writers = 8;
        CountDownLatch ready = new CountDownLatch(writers);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (byte i = 0; i < writers; i++) {
            byte[] mine = {9, i};
            tasks.add(() -> {
                ready.countDown();
                ready.await();
                return files.replaceIf("key-store", ONE, mine);
            });
        }
        int won = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                won += result.get() ? 1 : 0;
            }
        }
        assertThat(won).isEqualTo(1);
    }

    @Test
    void deletedFileIsGone() throws IOException {
        SealedFiles files = files();
        files.writeNew("keys/a.key", ONE);
        assertThat(files.delete("keys/a.key")).isTrue();
        assertThat(files.delete("keys/a.key")).isFalse();
        assertThat(files.read("keys/a.key")).isEmpty();
        assertThat(files.list("keys")).isEmpty();
        files.writeNew("keys/a.key", TWO);
    }

    @Test
    void whatACallerDoesToItsArraysDoesNotReachTheFile() throws IOException {
        SealedFiles files = files();
        byte[] bytes = ONE.clone();
        files.writeNew("key-store", bytes);
        bytes[0] = 9;
        files.read("key-store").orElseThrow()[1] = 9;
        assertThat(files.read("key-store")).hasValue(ONE);
    }

    @Test
    void fileIsDescribedByItsName() throws IOException {
        assertThat(files().describe("keys/a.key")).contains("keys").contains("a.key");
    }
}
