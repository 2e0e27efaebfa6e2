package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair rebuild}, on a stopped registry and beside nodes that go on. */
class RebuildIT {

    private static final Map<String, String> OFTEN = Map.of("lair.ledger.snapshot-records", "4");
    private static final Pattern SNAPSHOTS =
            Pattern.compile("rebuilt map snapshots: (\\d+) written( \\[[0-9, ]+])?, (\\d+) removed; (\\d+) leaves");

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private final PackageAuthor author = new PackageAuthor(Keys.BOB, "test:rebuilt");

    @AfterEach
    void stop() {
        processes.close();
    }

    private void release(Registry registry, String version) throws Exception {
        byte[] content = Wasm.module("release " + version);
        registry.publish(author.name(), author.release(version, content), content);
    }

    private static Matcher counts(Command.Result result) {
        Matcher counts = SNAPSHOTS.matcher(result.succeeded().out());
        assertThat(counts.find()).as(result.toString()).isTrue();
        return counts;
    }

    @Test
    void damagedAndLostSnapshotsOfAStoppedRegistryComeBack() throws Exception {
        Path data = work.resolve("data");
        ServerProcess.Options options = ServerProcess.in(work).namespace("test").set(OFTEN);
        ServerProcess server = options.start(processes);
        for (int i = 0; i < 12; i++) {
            release(server.registry(), "1.0." + i);
        }
        long length = server.registry().length();
        Command.Result busy = Fsck.command("rebuild", work, data, OFTEN, List.of());
        assertThat(busy.exitCode()).as(busy.toString()).isEqualTo(1);
        assertThat(busy.err())
                .startsWith("error: ")
                .containsPattern("in use|already")
                .hasLineCount(1);
        assertThat(busy.out()).as("nothing of the framework's").isEmpty();
        server.stop();

        Path snapshots = data.resolve("snapshots");
        for (Path one : FolderCopy.everythingIn(snapshots)) {
            if (Files.isRegularFile(one)) {
                Files.delete(one);
            }
        }
        Files.writeString(snapshots.resolve("4.map"), "damaged");
        Files.writeString(snapshots.resolve("777.map"), "of another history");

        Matcher counts = counts(Fsck.command("rebuild", work, data, OFTEN, List.of()));

        assertThat(counts.group(1)).isEqualTo("3");
        assertThat(counts.group(3)).isEqualTo("1");
        assertThat(counts.group(4)).isEqualTo(String.valueOf(length));
        assertThat(snapshots.resolve("4.map")).isNotEmptyFile();
        assertThat(Files.size(snapshots.resolve("4.map"))).isGreaterThan("damaged".length());
        assertThat(snapshots.resolve("12.map")).exists();
        assertThat(snapshots.resolve("777.map")).doesNotExist();
        ServerProcess again = options.start(processes);
        assertThat(again.log()).doesNotContain("passed over");
        release(again.registry(), "2.0.0");
        Audit.of(again.registry());
        again.stop();
        Fsck.requireClean(work, data, OFTEN);
    }

    @Test
    void folderWithoutARegistryIsSaidToBeNoneAndStaysEmpty() throws Exception {
        Command.Result none = Fsck.command("rebuild", work, work.resolve("absent"), Map.of(), List.of());
        assertThat(none.exitCode()).as(none.toString()).isEqualTo(1);
        assertThat(none.err()).startsWith("error: ").contains("no registry");
        assertThat(work.resolve("absent")).doesNotExist();
    }

    @Test
    void snapshotsOfASharedStoreAreRebuiltBesideANodeThatGoesOn() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            ServerProcess node = store.node("a").set(OFTEN).start(processes);
            for (int i = 0; i < 9; i++) {
                release(node.registry(), "1.0." + i);
            }
            Map<String, String> settings = new TreeMap<>(store.settings());
            settings.putAll(OFTEN);

            Matcher counts = counts(Fsck.command("rebuild", work, work.resolve("of-rebuild"), settings, List.of()));

            assertThat(Long.parseLong(counts.group(1))).isPositive();
            assertThat(counts.group(4)).isEqualTo(String.valueOf(node.registry().length()));
            release(node.registry(), "2.0.0");
            ServerProcess second = store.node("b").set(OFTEN).start(processes);
            assertThat(second.log()).doesNotContain("passed over");
            release(second.registry(), "2.1.0");
            Audit.of(second.registry());
            store.requireClean();
        }
    }
}
