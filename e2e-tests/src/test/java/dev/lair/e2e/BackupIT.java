package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair backup} of a registry that is being published to: whole, checked, and known as old when it is put back. */
class BackupIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AUTHORS = 3;

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private Path data() {
        return work.resolve("data");
    }

    /** The copy of the newest checkpoint survives the data folder, as on another disk. */
    private Map<String, String> settings() {
        return Map.of(
                "lair.ledger.high-water-file",
                work.resolve("elsewhere").toString(),
                "lair.ledger.origin",
                SharedStore.ORIGIN);
    }

    private Command.Result backup(Path target) throws Exception {
        return Fsck.command("backup", work, data(), settings(), List.of(target.toString()));
    }

    private static String error(String said) {
        return said.lines()
                .filter(line -> line.startsWith("error: "))
                .reduce("no error line in:\n" + said, (a, b) -> b);
    }

    @Test
    void backupOfABusyRegistryIsWholeAndAServerKnowsThatItIsOld() throws Exception {
        ServerProcess server =
                ServerProcess.in(work).namespace("test").set(settings()).start(processes);
        Nodes nodes = new Nodes(server);
        Path backup = work.resolve("backup");
        SignedCheckpoint before;
        try (Crowd crowd = new Crowd(nodes, AUTHORS, 4096)) {
            crowd.start();
            crowd.awaitPromises(20, PATIENCE, 0);
            before = server.registry().checkpoint();
            backup(backup).succeeded();
            crowd.awaitPromises(20, PATIENCE, 0);
            crowd.stop();
            crowd.settle();
            crowd.check();
        }
        SignedCheckpoint newest = server.registry().checkpoint();
        server.stop();

        // master.key is not in it: without it nothing is opened, and none is made up.
        Command.Result locked = Fsck.run(work, backup, settings());
        assertThat(locked.exitCode()).as(locked.toString()).isEqualTo(1);
        assertThat(error(locked.err())).contains("master.key");
        Files.copy(data().resolve("master.key"), backup.resolve("master.key"), StandardCopyOption.COPY_ATTRIBUTES);
        Fsck.Counts counts = Fsck.requireClean(work, backup, settings());
        assertThat(counts.leaves())
                .isBetween(
                        before.contents().checkpoint().logLength(),
                        newest.contents().checkpoint().logLength() - 1);
        ServerProcess.Options restored =
                ServerProcess.in(work).data(backup).namespace("test").set(settings());
        String refusal = error(restored.refused(processes));
        assertThat(refusal)
                .contains("high-water")
                .contains(String.valueOf(newest.contents().checkpoint().logLength()))
                .contains("restore --accept-fork");

        Fsck.command("restore", work, backup, settings(), List.of("--accept-fork"))
                .succeeded();
        ServerProcess fork = restored.start(processes);
        Audit audit = Audit.of(fork.registry());
        audit.extendsCheckpoint(fork.registry(), before);
        assertThat(fork.registry().get("log/checkpoint").text()).startsWith(SharedStore.ORIGIN + "/fork-2/log\n");
        fork.stop();
        Fsck.requireClean(work, backup, settings());
    }

    @Test
    void backupNeverWritesIntoWhatIsThereAndSaysWhereItLookedForARegistry() throws Exception {
        Path target = Files.createDirectory(work.resolve("target"));
        Command.Result none = backup(target);
        assertThat(none.exitCode()).as(none.toString()).isEqualTo(1);
        assertThat(error(none.err())).contains("no registry").contains(data().toString());

        ServerProcess server =
                ServerProcess.in(work).namespace("test").set(settings()).start(processes);
        Command.Result there = backup(target);
        assertThat(there.exitCode()).as(there.toString()).isEqualTo(1);
        assertThat(error(there.err())).contains(target.toString()).contains("exists");
        assertThat(target).isEmptyDirectory();
        server.stop();
    }

    @Test
    void backupOfADatabaseSaysWhatToRunInWhichOrderAndTellsNoSecret() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            store.node("a").start(processes);
            Path target = work.resolve("target");

            Command.Result advice = store.command("backup", target.toString());

            assertThat(advice.exitCode()).as(advice.toString()).isEqualTo(1);
            assertThat(target).doesNotExist();
            assertThat(error(advice.err())).contains("nothing was copied");
            int dump = advice.err().indexOf("pg_dump --format=custom");
            int bucket = advice.err().indexOf("bucket `" + store.settings().get("lair.s3.bucket"));
            assertThat(dump).as(advice.err()).isPositive();
            assertThat(bucket).as("after the dump: " + advice.err()).isGreaterThan(dump);
            assertThat(advice.err()).contains("postgresql://").contains("master key");
            assertThat(advice.err())
                    .doesNotContain(Files.readString(Path.of(store.settings().get("lair.s3.secret-key-file")))
                            .strip());
        }
    }
}
