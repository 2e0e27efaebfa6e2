package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedFilesTest {

    @TempDir
    Path parent;

    private SealedFolder folder() throws IOException {
        SealedFolder folder = new SealedFolder(parent.resolve("deep").resolve("store"));
        folder.makeFolder("keys");
        return folder;
    }

    @Nested
    class InADirectory extends SealedFilesContract {
        @Override
        SealedFiles files() throws IOException {
            return folder();
        }
    }

    @Nested
    class InMemory extends SealedFilesContract {
        @Override
        SealedFiles files() {
            return new MemorySealedFiles();
        }
    }

    @Test
    void directoryIsMadeByTheFirstWriteAndMissedByAList() throws IOException {
        SealedFolder folder = new SealedFolder(parent.resolve("none").resolve("yet"));
        assertThat(folder.read("key-store")).isEmpty();
        assertThatThrownBy(() -> folder.list("keys")).isInstanceOf(NoSuchFileException.class);
        folder.writeNew("keys/a.key", new byte[1]);
        assertThat(folder.list("keys")).containsExactly("keys/a.key");
        if (parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(KeyFileTest.mode(parent.resolve("none/yet/keys"))).isEqualTo("rwx------");
            assertThat(KeyFileTest.mode(parent.resolve("none/yet/keys/a.key"))).isEqualTo("rw-------");
        }
    }

    @Test
    void hiddenFilesAreNotListed() throws IOException {
        SealedFolder folder = folder();
        Files.writeString(parent.resolve("deep/store/keys/.a.key.tmp-1-1"), "half");
        Files.writeString(parent.resolve("deep/store/keys/Strange one"), "x");
        assertThat(folder.list("keys")).isEqualTo(List.of("keys/Strange one"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/etc", "..", "../a", "keys/../../a", "keys/", "a/b/c", ".a", "keys/.a", "A", "a b"})
    void namesThatCouldLeadElsewhereAreRefused(String name) throws IOException {
        SealedFolder folder = folder();
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> uses = List.of(
                () -> folder.read(name),
                () -> folder.writeNew(name, new byte[1]),
                () -> folder.replace(name, new byte[1]),
                () -> folder.delete(name),
                () -> folder.list(name));
        uses.forEach(use -> assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class));
    }
}
