package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    private static final PrivateKey KEY = WargVectors.ALICE;

    @TempDir
    Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static void assumeModes(Path path) {
        assumeTrue(
                path.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "SKIPPED: this file system has no POSIX modes, so file modes are not tested");
    }

    static void chmod(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keyIsReadBackAndTheFileHoldsItsTextOnly() throws IOException {
        KeyFile.create(file("key"), KEY);
        assertThat(file("key")).hasContent(KEY.text());
        assertThat(KeyFile.read(file("key")).publicKey()).isEqualTo(KEY.publicKey());
        assertThat(names()).containsExactly("key");
    }

    @Test
    void newAndReplacedFilesAreForTheirOwnerOnly() throws IOException {
        assumeModes(directory);
        KeyFile.create(file("key"), KEY);
        assertThat(mode(file("key"))).isEqualTo("rw-------");
        chmod(file("key"), "rw-r--r--");
        KeyFile.replace(file("key"), WargVectors.BOB);
        assertThat(mode(file("key"))).isEqualTo("rw-------");
    }

    @Test
    void createNeverOverwrites() throws IOException {
        Files.writeString(file("key"), "precious");
        assertThatThrownBy(() -> KeyFile.create(file("key"), KEY)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file("key")).hasContent("precious");
        assertThat(names()).containsExactly("key");
    }

    @Test
    void replaceOverwritesAndAlsoCreates() throws IOException {
        KeyFile.replace(file("key"), KEY);
        KeyFile.replace(file("key"), WargVectors.BOB);
        assertThat(KeyFile.read(file("key")).keyId()).isEqualTo(WargVectors.BOB.keyId());
        assertThat(names()).containsExactly("key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-r--r--", "rw--w----", "rw-----w-", "rw---x---", "rw------x"})
    void fileThatOthersMayAccessIsRefusedWithTheRemedy(String mode) throws IOException {
        assumeModes(directory);
        KeyFile.create(file("key"), KEY);
        chmod(file("key"), mode);
        assertThatThrownBy(() -> KeyFile.read(file("key")))
                .isInstanceOf(UnsafeFileModeException.class)
                .hasMessageContaining(mode)
                .hasMessageEndingWith("chmod 600 " + file("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
    void fileOfItsOwnerOnlyIsRead(String mode) throws IOException {
        assumeModes(directory);
        KeyFile.create(file("key"), KEY);
        chmod(file("key"), mode);
        assertThat(KeyFile.read(file("key")).keyId()).isEqualTo(KEY.keyId());
    }

    @Test
    void oneLineFeedAtTheEndIsToleratedAndNothingElse() throws IOException {
        KeyFile.create(file("key"), KEY);
        Files.writeString(file("key"), KEY.text() + "\n");
        assertThat(KeyFile.read(file("key")).keyId()).isEqualTo(KEY.keyId());
        for (String text : List.of("", "\n", KEY.text() + "\n\n", " " + KEY.text(), KEY.text() + KEY.text())) {
            Files.writeString(file("key"), text);
            assertThatThrownBy(() -> KeyFile.read(file("key")))
                    .isInstanceOf(MalformedKeyException.class)
                    .hasMessageContaining(file("key").toString())
                    .hasMessageNotContaining(KEY.text().substring(20, 30));
        }
    }

    @Test
    void absentFileAndDirectoryAreNoKeys() {
        assertThatThrownBy(() -> KeyFile.read(file("absent"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> KeyFile.read(directory)).isInstanceOf(FileSystemException.class);
    }

    @Test
    void linkIsReadByTheModeOfTheFileItEndsAt() throws IOException {
        assumeModes(directory);
        KeyFile.create(file("key"), KEY);
        Files.createSymbolicLink(file("link"), file("key"));
        assertThat(KeyFile.read(file("link")).keyId()).isEqualTo(KEY.keyId());
        chmod(file("key"), "rw-r--r--");
        assertThatThrownBy(() -> KeyFile.read(file("link"))).isInstanceOf(UnsafeFileModeException.class);
    }

    @Test
    void createDoesNotWriteThroughADanglingLink() throws IOException {
        assumeModes(directory);
        Files.createSymbolicLink(file("link"), file("elsewhere"));
        assertThatThrownBy(() -> KeyFile.create(file("link"), KEY)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(names()).containsExactly("link");
    }

    @Test
    void replaceReplacesALinkAndNotItsTarget() throws IOException {
        assumeModes(directory);
        Files.writeString(file("target"), "untouched");
        Files.createSymbolicLink(file("link"), file("target"));
        KeyFile.replace(file("link"), KEY);
        assertThat(file("target")).hasContent("untouched");
        assertThat(Files.isSymbolicLink(file("link"))).isFalse();
        assertThat(mode(file("link"))).isEqualTo("rw-------");
    }

    /** A temporary file that a crash left, even with the next number, neither blocks a write nor is touched. */
    @Test
    void leftoversOfACrashDoNotBlockWriting() throws IOException {
        for (int number = 0; number < 200; number++) {
            Files.writeString(file(".key.tmp-" + ProcessHandle.current().pid() + "-" + number), "left");
        }
        KeyFile.create(file("key"), KEY);
        assertThat(KeyFile.read(file("key")).keyId()).isEqualTo(KEY.keyId());
        assertThat(names()).hasSize(201);
    }

    @Test
    void writingWhereThereIsNoDirectoryFails() {
        assertThatThrownBy(() -> KeyFile.create(file("absent").resolve("key"), KEY))
                .isInstanceOf(NoSuchFileException.class);
    }
}
