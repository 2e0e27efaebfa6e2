package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.LairServer;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.namespace.OpenNamespaces;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.RegistryKeyStore;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.EmbeddedStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair rekey} on a data folder. */
class RekeyTest {

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final SecureRandom random = new SecureRandom();
    private Path data;
    private List<KeyStore.Entry> keys;

    @BeforeEach
    void registry() throws Exception {
        data = folder.resolve("data");
        LairSettings settings = TestSettings.of("storage", "embedded", "data", data.toString(), "namespaces", "test");
        try (Storage storage = EmbeddedStorage.open(data, clock);
                OpenNamespaces opened = OpenNamespaces.open(settings, storage, clock)) {
            for (NewRecord record : OpenLedger.chain("kept", 3)) {
                OpenLedger.await(opened.opened().ledger().append(record).covered());
            }
        }
        keys = open(null).list();
    }

    private KeyStore open(@Nullable Path masterKey) throws IOException {
        return RegistryKeyStore.inFolder(data, masterKey, random, clock);
    }

    private int run(String... arguments) {
        return ServerCommand.run(LairServer.class, arguments);
    }

    private int rekey(String... more) {
        String[] all = new String[more.length + 3];
        System.arraycopy(new String[] {"rekey", "--data", data.toString()}, 0, all, 0, 3);
        System.arraycopy(more, 0, all, 3, more.length);
        return run(all);
    }

    @Test
    void folderWithItsOwnKeyGetsANewOneAndStaysTheSameRegistry() throws Exception {
        byte[] before = Files.readAllBytes(data.resolve("master.key"));
        assertThat(rekey()).isZero();
        assertThat(Files.readAllBytes(data.resolve("master.key"))).isNotEqualTo(before);
        assertThat(data.resolve("master.key.new")).doesNotExist();
        assertThat(open(null).list()).isEqualTo(keys);
        assertThat(run("rebuild", "--data", data.toString())).isZero();
        assertThat(rekey()).isZero();
        assertThat(open(null).list()).isEqualTo(keys);
    }

    @Test
    void newKeyMayBeAFileThatIsMadeAndIsTheOneToNameFromThenOn() throws Exception {
        Path next = folder.resolve("next.key");
        assertThat(rekey("--new-master-key", next.toString())).isZero();
        assertThat(Files.size(next)).isEqualTo(32);
        assertThat(run("rebuild", "--data", data.toString())).isEqualTo(1);
        assertThat(run("rebuild", "--data", data.toString(), "--master-key", next.toString()))
                .isZero();
        assertThat(open(next).list()).isEqualTo(keys);
    }

    /** Killed behind the header, with the new key in a file that somebody named: run again, as it was run before. */
    @Test
    void runAgainAfterAKillItSaysThatItIsDone() throws Exception {
        Path next = folder.resolve("next.key");
        MasterKey made = MasterKey.createFile(next, random);
        open(null).reseal(made);
        assertThat(rekey("--new-master-key", next.toString())).isZero();
        assertThat(open(next).list()).isEqualTo(keys);
    }

    @Test
    void presentKeyThatDoesNotOpenTheStoreIsRefusedAndNothingChanges() throws Exception {
        Path other = folder.resolve("other.key");
        assertThat(MasterKey.createFile(other, random)).isNotNull();
        assertThat(rekey(
                        "--master-key",
                        other.toString(),
                        "--new-master-key",
                        folder.resolve("n").toString()))
                .isEqualTo(1);
        assertThat(open(null).list()).isEqualTo(keys);
    }

    @Test
    void registryWhoseServerRunsIsRefused() throws Exception {
        try (Storage running = EmbeddedStorage.open(data, clock)) {
            assertThat(running).isNotNull();
            assertThat(rekey()).isEqualTo(1);
        }
        assertThat(open(null).list()).isEqualTo(keys);
    }

    @Test
    void masterKeyOnTheCommandLineIsRefusedWithoutBeingRepeated() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream err = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(run("fsck", "--data", data.toString(), "--set", "lair.master-key=" + "07".repeat(32)))
                    .isEqualTo(1);
        } finally {
            System.setErr(err);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("`lair.master-key` is no setting")
                .contains("LAIR_MASTER_KEY")
                .doesNotContain("0707");
    }
}
