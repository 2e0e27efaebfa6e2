package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.server.LairServer;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.namespace.OpenNamespaces;
import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.RegistryKeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of {@code lair backup}: whatever lies in a data folder is copied, or is left out for a reason that is told. */
class BackupListTest {

    private static final LogId PACKAGE_LOG = PackageName.parse("test:copied").logId();

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private Path data;

    @BeforeEach
    void registry() throws Exception {
        data = folder.resolve("data");
        LairSettings settings = TestSettings.of(
                "storage", "embedded", "data", data.toString(), "ledger.snapshot-records", "4", "namespaces", "test");
        try (Storage storage = EmbeddedStorage.open(data, clock);
                OpenNamespaces opened = OpenNamespaces.open(settings, storage, clock)) {
            for (NewRecord record : OpenLedger.chain("copied", 9)) {
                OpenLedger.await(opened.opened().ledger().append(record).covered());
            }
            byte[] content = "released".getBytes(StandardCharsets.US_ASCII);
            storage.contents().put(Digest.of(content), new ByteArrayInputStream(content), content.length);
        }
        SecureRandom random = new SecureRandom();
        RegistryKeyStore.inFolder(data, settings.masterKeyFile(), random, clock)
                .addPackageKey(PACKAGE_LOG, PrivateKey.generate(random));
    }

    private static int run(String... arguments) {
        return ServerCommand.run(LairServer.class, arguments);
    }

    private static Set<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            all.forEach(one -> names.add(String.valueOf(one.getFileName())));
            return names;
        }
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .forEach(one -> files.add(folder.relativize(one).toString()));
        }
        return files;
    }

    @Test
    void everythingInADataFolderIsCopiedOrLeftOutForAReason() throws Exception {
        Path copy = folder.resolve("copy");
        assertThat(run("backup", "--data", data.toString(), copy.toString())).isZero();

        Set<String> known = new HashSet<>(BackupCommand.FOLDERS);
        known.add(DataFolder.LEDGER);
        known.add(DataFolder.REGISTRY);
        known.addAll(BackupCommand.LEFT_OUT.keySet());
        assertThat(namesIn(data)).isSubsetOf(known).contains("ledger.db", "keys", "contents", "snapshots");
        assertThat(namesIn(copy)).containsExactlyInAnyOrder("ledger.db", "registry.db", "keys", "contents");
        assertThat(filesBelow(copy.resolve("keys"))).contains("package-keys/" + PACKAGE_LOG.hex() + ".key");
        for (String copied : BackupCommand.FOLDERS) {
            assertThat(filesBelow(copy.resolve(copied)))
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(filesBelow(data.resolve(copied)).stream()
                            .filter(file -> !file.startsWith("tmp/"))
                            .toList());
        }
    }

    @Test
    void aFileThatIsGoneWhenItsTurnComesIsLeftOut() throws Exception {
        Path contents = data.resolve("contents");
        long files = filesBelow(contents).stream()
                .filter(file -> !file.startsWith("tmp/"))
                .count();
        // Listed, and not there: what a collected upload looks like to who listed the folder before.
        Files.createSymbolicLink(contents.resolve("collected"), folder.resolve("nothing"));
        Path copy = folder.resolve("copy");
        assertThat(BackupCommand.copyFolder(contents, copy)).isEqualTo(files);
        assertThat(copy.resolve("collected")).doesNotExist();
    }

    @Test
    void aFolderThatIsThereIsNotWrittenInto() throws Exception {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        assertThat(run("backup", "--data", data.toString(), copy.toString())).isEqualTo(1);
        assertThat(namesIn(copy)).isEmpty();
    }

    @Test
    void aFolderWhoseRegistryMovedAwayIsNotCopied() throws Exception {
        Files.writeString(data.resolve(DataFolder.MOVED_AWAY), "moved");
        Path copy = folder.resolve("copy");
        assertThat(run("backup", "--data", data.toString(), copy.toString())).isEqualTo(1);
        assertThat(copy).doesNotExist();
    }

    @Test
    void keysWithoutWhatOpensThemAreRefusedAndNoNewKeyIsMade() throws Exception {
        Path copy = folder.resolve("copy");
        assertThat(run("backup", "--data", data.toString(), copy.toString())).isZero();

        assertThat(run("fsck", "--data", copy.toString())).isEqualTo(1);
        assertThat(copy.resolve("master.key")).doesNotExist();
        assertThat(run(
                        "rebuild",
                        "--data",
                        copy.toString(),
                        "--master-key",
                        data.resolve("master.key").toString()))
                .isZero();
    }
}
