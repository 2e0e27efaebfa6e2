package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import dev.lair.storage.postgres.PostgresSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An older state of the storage is put back: no second history is signed under the old names. */
class RestoredBackupIT {

    private static final String ADVICE = "restore --accept-fork";

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private final PackageAuthor author = new PackageAuthor(Keys.BOB, "test:restored");

    @AfterEach
    void stop() {
        processes.close();
    }

    /** Publishes a release; answers its leaf. */
    private long release(Registry registry, PackageAuthor by, String version) throws Exception {
        byte[] content = Wasm.module("release " + version);
        return registry.publish(by.name(), by.release(version, content), content);
    }

    /** The last start line of what a server said before it ended. */
    private static String error(String said) {
        return said.lines()
                .filter(line -> line.startsWith("error: "))
                .reduce("no error line in:\n" + said, (a, b) -> b);
    }

    /** First line of the C2SP checkpoint. */
    private static String origin(Registry registry) throws Exception {
        HttpReply note = registry.get("log/checkpoint");
        assertThat(note.status()).as(note.toString()).isEqualTo(200);
        return note.text().lines().findFirst().orElseThrow();
    }

    @Test
    void folderThatWasPutBackIsRefusedAndGoesOnAsAForkOnlyWhenThatIsAccepted() throws Exception {
        Map<String, String> settings = Map.of(
                "lair.ledger.high-water-file",
                work.resolve("elsewhere").toString(),
                "lair.ledger.origin",
                SharedStore.ORIGIN);
        ServerProcess.Options server = ServerProcess.in(work).namespace("test").set(settings);
        Path data = work.resolve("data");
        ServerProcess first = server.start(processes);
        release(first.registry(), author, "1.0.0");
        SignedCheckpoint kept = first.registry().checkpoint();
        first.stop();
        Path backup = FolderCopy.copy(data, work.resolve("backup"));

        ServerProcess second = server.start(processes);
        PackageAuthor lost = new PackageAuthor(Keys.ALICE, "test:lost");
        SignedPackageRecord lostRelease = lost.release("1.0.0", Wasm.module("lost"));
        second.registry().publish(lost.name(), lostRelease, Wasm.module("lost"));
        SignedCheckpoint shown = second.registry().checkpoint();
        assertThat(origin(second.registry())).isEqualTo(SharedStore.ORIGIN + "/log");
        second.stop();
        FolderCopy.putBack(backup, data);

        // Not once and not twice.
        for (int i = 0; i < 2; i++) {
            assertThat(error(server.refused(processes)))
                    .contains("high-water")
                    .contains(String.valueOf(shown.contents().checkpoint().logLength()))
                    .contains(ADVICE);
        }
        Command.Result unsure = Fsck.command("restore", work, data, settings, List.of());
        assertThat(unsure.exitCode()).as(unsure.toString()).isEqualTo(2);
        assertThat(unsure.err()).contains("--accept-fork");
        assertThat(error(server.refused(processes))).contains(ADVICE);

        Command.Result restored = Fsck.command("restore", work, data, settings, List.of("--accept-fork"))
                .succeeded();
        String fork = SharedStore.ORIGIN + "/fork-2/log";
        assertThat(restored.out()).contains(fork);
        goesOnAs(fork, server, kept, lost);
        // And the fork is guarded as the first history was.
        Fsck.requireClean(work, data, settings);
        FolderCopy.putBack(backup, data);
        Fsck.command("restore", work, data, settings, List.of("--accept-fork")).succeeded();
        assertThat(error(server.refused(processes))).contains("high-water").contains(ADVICE);
    }

    /** The fork begins at what was kept, and takes what was lost, and more, again. */
    private void goesOnAs(String origin, ServerProcess.Options server, SignedCheckpoint kept, PackageAuthor lost)
            throws Exception {
        ServerProcess fork = server.start(processes);
        Registry registry = fork.registry();
        assertThat(origin(registry)).isEqualTo(origin);
        assertThat(registry.checkpoint().contents().checkpoint())
                .isEqualTo(kept.contents().checkpoint());
        PackageAuthor again = new PackageAuthor(Keys.ALICE, lost.name().toString());
        assertThat(release(registry, again, "2.0.0"))
                .isEqualTo(kept.contents().checkpoint().logLength());
        release(registry, author, "1.1.0");
        Audit.of(registry).extendsCheckpoint(registry, kept);
        fork.stop();
        ServerProcess later = server.start(processes);
        assertThat(origin(later.registry())).isEqualTo(origin);
        later.stop();
    }

    @Test
    void databaseThatFellBackBehindTheBucketIsRefused() throws Exception {
        PostgresServer postgres = PostgresServer.orSkip();
        try (FreshDatabase database = postgres.createDatabase();
                FreshDatabase bystander = postgres.createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            ServerProcess first = store.node("a").start(processes);
            release(first.registry(), author, "1.0.0");
            SignedCheckpoint kept = first.registry().checkpoint();
            first.stop();
            PostgresSettings earlier = copyOf(database.settings(), bystander);
            try {
                ServerProcess second = store.node("a").start(processes);
                PackageAuthor lost = new PackageAuthor(Keys.ALICE, "test:lost");
                release(second.registry(), lost, "1.0.0");
                long shown = second.registry().length();
                second.stop();

                SharedStore fallen = store.over(earlier);
                for (String node : List.of("a", "b")) {
                    assertThat(error(fallen.node(node).refused(processes)))
                            .contains("the archive holds a signed checkpoint of")
                            .contains("only " + kept.contents().checkpoint().logLength() + " are stored")
                            .contains(ADVICE);
                }
                assertThat(store.requireClean().leaves()).isEqualTo(shown);

                String fork = SharedStore.ORIGIN + "/fork-2/log";
                assertThat(fallen.command("restore", "--accept-fork")
                                .succeeded()
                                .out())
                        .contains(fork);
                goesOnAs(fork, fallen.node("b"), kept, lost);
                fallen.requireClean();
            } finally {
                processes.close();
                bystander.execute("DROP DATABASE IF EXISTS " + name(earlier) + " WITH (FORCE)");
            }
        }
    }

    /** What a dump that was restored elsewhere holds; nobody may be connected. */
    private static PostgresSettings copyOf(PostgresSettings database, FreshDatabase bystander) throws Exception {
        String name = name(database);
        bystander.execute("CREATE DATABASE " + name + "_earlier TEMPLATE " + name);
        return PostgresSettings.of(
                database.jdbcUrl().replace("/" + name, "/" + name + "_earlier"), database.user(), database.password());
    }

    private static String name(PostgresSettings database) {
        return database.jdbcUrl().replaceAll("\\?.*", "").replaceAll(".*/", "");
    }
}
