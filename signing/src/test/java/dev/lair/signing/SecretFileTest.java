package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {

    @TempDir
    Path folder;

    @Test
    void lineIsReadAgainAndNobodyElseMayReadIt() throws IOException {
        Path file = folder.resolve("secret");
        SecretFile.write(file, "first");
        SecretFile.write(file, "second");
        assertThat(SecretFile.read(file)).isEqualTo("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SecretFile.delete(file)).isTrue();
        assertThat(SecretFile.delete(file)).isFalse();
    }

    @Test
    void fileThatOthersMayReadIsRefused() throws IOException {
        Path file = folder.resolve("secret");
        SecretFile.write(file, "first");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> SecretFile.read(file)).isInstanceOf(UnsafeFileModeException.class);
    }

    @Test
    void fileThatIsNoLineIsRefused() throws IOException {
        Path file = folder.resolve("secret");
        SecretFile.write(file, "x".repeat(5000));
        assertThatThrownBy(() -> SecretFile.read(file)).isInstanceOf(IOException.class);
    }
}
