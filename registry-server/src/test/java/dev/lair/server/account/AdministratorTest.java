package dev.lair.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SecretFile;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.RegistryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class AdministratorTest {

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final SecureRandom random = new SecureRandom();
    private final RandomIds ids = new RandomIds(random);
    private final RegistryStore store =
            RegistryStore.over(MemoryStorage.open(clock).registry());
    private final Passwords passwords = new Passwords(random);
    private final Logins logins = new Logins(store, passwords, new Sessions(store, random, clock), clock);

    private Administrator start(String... settings) throws IOException {
        LairSettings all = TestSettings.of(settings);
        return new Administrator(all, store, passwords, ids, clock);
    }

    private String[] embedded() {
        return new String[] {
            "storage", "embedded", "data", folder.resolve("data").toString()
        };
    }

    private void requireLogin(String password) {
        assertThat(logins.login("administrator", password, "r").account().administrator())
                .isTrue();
    }

    private void requireNoLogin(String password) {
        assertThatThrownBy(() -> logins.login("administrator", password, "r")).isInstanceOf(ProblemException.class);
    }

    private boolean isAlive(Sessions.Begun session) {
        return store.read(rows -> rows.sessions().find(session.token().digest()).isPresent());
    }

    private List<String> acts() {
        return store.read(rows -> rows.audit().all(Long.MAX_VALUE, 10)).reversed().stream()
                .map(row -> row.act().act())
                .toList();
    }

    @Test
    void firstStartWritesAPasswordThatOnlyTheOwnerOfTheFolderReadsAndNoLogHas(CapturedOutput output) throws Exception {
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel("dev.lair", LogLevel.TRACE);
        try {
            start(embedded());
        } finally {
            logging.setLogLevel("dev.lair", null);
        }
        Path file = folder.resolve("data").resolve("administrator.password");
        String password = SecretFile.read(file);
        assertThat(password).hasSize(28);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(output.getAll()).contains("administrator.password").doesNotContain(password);
        requireLogin(password);

        Files.delete(file);
        start(embedded());
        assertThat(file).doesNotExist();
        requireLogin(password);
        assertThat(acts()).containsExactly("administrator-created", "login", "login");
    }

    /** A crash between the file and the table left a password that opens nothing. */
    @Test
    void fileOfAStartThatBrokeOffIsWrittenAnew() throws Exception {
        Path file = Files.createDirectories(folder.resolve("data")).resolve("administrator.password");
        SecretFile.write(file, "opens nothing at all");
        start(embedded());
        requireNoLogin("opens nothing at all");
        requireLogin(SecretFile.read(file));
    }

    @Test
    void passwordOfTheSettingsIsTakenAtEachStartAndEndsSessionsWhenItChanged() throws Exception {
        Path file = folder.resolve("given");
        SecretFile.write(file, "the first password");
        start("accounts.administrator-password-file", file.toString());
        requireLogin("the first password");
        Sessions.Begun session = logins.login("administrator", "the first password", "r");
        start("accounts.administrator-password-file", file.toString());
        assertThat(isAlive(session)).isTrue();

        SecretFile.write(file, "the second password");
        start("accounts.administrator-password-file", file.toString());
        requireNoLogin("the first password");
        requireLogin("the second password");
        assertThat(isAlive(session)).isFalse();
        assertThat(acts())
                .containsExactly("administrator-created", "login", "login", "administrator-password-set", "login");
    }

    @Test
    void passwordThatAnybodyCouldReadOrGuessIsRefused() throws Exception {
        Path file = folder.resolve("given");
        SecretFile.write(file, "short");
        assertThatThrownBy(() -> start("accounts.administrator-password-file", file.toString()))
                .hasMessageContaining("12");
        SecretFile.write(file, "long enough for us");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> start("accounts.administrator-password-file", file.toString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void registryInMemoryHasNoAdministratorUnlessItIsTold() throws Exception {
        start();
        boolean made = store.read(rows -> rows.accounts().hasAdministrator());
        assertThat(made).isFalse();
    }
}
