package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {

    @TempDir
    Path folder;

    private LairRun lair;

    @BeforeEach
    void start() {
        lair = new LairRun(folder);
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aNewKeyIsReadableByItsOwnerOnly() throws Exception {
        LairRun.Outcome outcome = lair.run("key", "new");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        Path file = lair.home().resolve("keys/default.key");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(lair.home())).isEqualTo("rwx------");
        assertThat(mode(lair.home().resolve("keys"))).isEqualTo("rwx------");
        assertThat(outcome.out())
                .containsPattern("key        default\nkey id     sha256:[0-9a-f]{64}\npublic key ecdsa-p256:\\S{44}\n")
                .doesNotContain(Files.readString(file));
    }

    @Test
    void aSealedKeyLeavesNoPlainKeyOnDisk() throws Exception {
        lair.variables.put("LAIR_KEY_PASSPHRASE", "correct horse battery staple");
        LairRun.Outcome outcome = lair.run("key", "new", "ci", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json().get("sealed").asBoolean()).isTrue();
        assertThat(lair.home().resolve("keys")).doesNotExist();
        assertThat(mode(lair.home().resolve("sealed-keys/keys/ci.key"))).isEqualTo("rw-------");
    }

    @Test
    void aNameIsTakenOnceWhereverTheKeyLies() {
        lair.run("key", "new", "one");
        lair.variables.put("LAIR_KEY_PASSPHRASE", "correct horse battery staple");
        LairRun.Outcome sealed = lair.run("key", "new", "one");
        assertThat(sealed.exitCode()).isEqualTo(7);
        assertThat(sealed.err()).contains("there is a key called `one` already, and keys are never overwritten");
        lair.run("key", "new", "two");
        lair.variables.clear();
        lair.variables.put("LAIR_HOME", lair.home().toString());
        assertThat(lair.run("key", "new", "two").exitCode()).isEqualTo(7);
    }

    @Test
    void keysAreListedByNameWithoutAPassphrase() {
        assertThat(lair.run("key", "list").out()).contains("no keys yet");
        lair.run("key", "new", "b");
        lair.variables.put("LAIR_KEY_PASSPHRASE", "correct horse battery staple");
        lair.run("key", "new", "a");
        lair.variables.remove("LAIR_KEY_PASSPHRASE");
        LairRun.Outcome outcome = lair.run("key", "list", "--json");
        assertThat(outcome.json().get("keys")).hasSize(2);
        assertThat(outcome.json().get("keys").get(0).get("name").asString()).isEqualTo("a");
        assertThat(outcome.json().get("keys").get(0).get("sealed").asBoolean()).isTrue();
        assertThat(lair.run("key", "list").out().lines()).hasSize(2);
    }

    @Test
    void aKeyThatOthersCanReadIsListedAsUnfit() throws Exception {
        lair.run("key", "new");
        Files.setPosixFilePermissions(
                lair.home().resolve("keys/default.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(lair.run("key", "list").err())
                .contains("warning: key `default` cannot be used")
                .contains("chmod 600");
    }

    @Test
    void aShortPassphraseIsRefusedAndNotRepeated() {
        lair.variables.put("LAIR_KEY_PASSPHRASE", "short");
        LairRun.Outcome outcome = lair.run("key", "new");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("at least 12 characters").doesNotContain("short");
    }

    @Test
    void anEmptyPassphraseFileDoesNotMakeAPlainKey() throws Exception {
        Files.writeString(folder.resolve("empty"), "");
        assertThat(lair.run("key", "new", "--passphrase-file", "empty").exitCode())
                .isEqualTo(7);
        assertThat(lair.home().resolve("keys")).doesNotExist();
    }

    @Test
    void aNameThatIsAPathIsWrongUsage() {
        assertThat(lair.run("key", "new", "../evil").exitCode()).isEqualTo(2);
    }
}
