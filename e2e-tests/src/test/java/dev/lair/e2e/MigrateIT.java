package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import dev.lair.transparency.Digest;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair migrate --to postgres}: the registry that comes out is the one that went in, whatever breaks off between. */
class MigrateIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RELEASES = 100;

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private final PackageAuthor author = new PackageAuthor(Keys.BOB, "test:moved");

    @AfterEach
    void stop() {
        processes.close();
    }

    private Path data() {
        return work.resolve("data");
    }

    private ServerProcess.Options folder() {
        return ServerProcess.in(work).namespace("test").set("lair.ledger.origin", SharedStore.ORIGIN);
    }

    private long release(Registry registry, PackageAuthor by, String version) throws Exception {
        byte[] content = Wasm.module(by.name() + " " + version);
        return registry.publish(by.name(), by.release(version, content), content);
    }

    /** The settings of nodes over the moved registry: its keys are opened by the key that opened them before. */
    private Map<String, String> movedSettings(SharedStore store) {
        // The keys are sealed anew for the master key that the settings of the target name.
        return store.settings();
    }

    private ServerProcess.Options node(SharedStore store, String name) {
        return ServerProcess.in(work).data(work.resolve(name)).namespace("test").set(movedSettings(store));
    }

    private List<String> migration(Path from, SharedStore store) {
        List<String> arguments = new ArrayList<>(List.of("migrate", "--data", from.toString(), "--to", "postgres"));
        store.settings().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return arguments;
    }

    private Command.Result migrate(Path from, SharedStore store) throws Exception {
        return Command.server(work, migration(from, store)).within(PATIENCE).run();
    }

    private static String error(String said) {
        return said.lines()
                .filter(line -> line.startsWith("error: "))
                .reduce("no error line in:\n" + said, (a, b) -> b);
    }

    private static String text(Registry registry, String path) throws Exception {
        HttpReply reply = registry.get(path);
        assertThat(reply.status()).as(path + ": " + reply).isEqualTo(200);
        return reply.text();
    }

    @Test
    void movedRegistryIsTheSameOneForItsClientsAndGoesOn() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            ServerProcess before = folder().start(processes);
            LairClient client = new LairClient(work.resolve("client"), before.url());
            release(before.registry(), author, "1.0.0");
            PackageAuthor other = new PackageAuthor(Keys.ALICE, "test:other");
            release(before.registry(), other, "0.1.0");
            client.exits(0, "verify");
            SignedCheckpoint kept = before.registry().checkpoint();
            Path proof = Files.writeString(
                    work.resolve("moved.tlog-proof"), text(before.registry(), "package/test/moved/1.0.0.tlog-proof"));
            before.stop();

            Command.Result moved = migrate(data(), store).succeeded();
            assertThat(moved.out())
                    .contains("moved size " + kept.contents().checkpoint().logLength());

            ServerProcess after = node(store, "a").port(before.port()).start(processes);
            Registry registry = after.registry();
            assertThat(registry.checkpoint().contents().checkpoint())
                    .isEqualTo(kept.contents().checkpoint());
            assertThat(text(registry, "log/checkpoint")).startsWith(SharedStore.ORIGIN + "/log\n");
            // What the client remembers of the old server holds for the new one.
            client.exits(0, "verify", "--all");
            client.exits(0, "pull", "test:moved@1.0.0");
            // A proof that was fetched from the old server holds under the keys of the new one.
            Path policy = Files.writeString(
                    work.resolve("policy"),
                    "log "
                            + registry.get("config.json")
                                    .json()
                                    .at("/log/keys/0")
                                    .asString() + "\nquorum none\n");
            client.exits(0, "verify", "test:moved@1.0.0", "--proof", proof.toString(), "--policy", policy.toString());

            release(registry, author, "1.1.0");
            release(node(store, "b").start(processes).registry(), other, "0.2.0");
            Audit audit = Audit.of(registry);
            audit.extendsCheckpoint(registry, kept);
            assertThat(audit.packageLog(author.name()).head())
                    .isEqualTo(author.state().head());
            byte[] old = Wasm.module(author.name() + " 1.0.0");
            assertThat(registry.download(Digest.of(old))).isEqualTo(old);
            client.exits(0, "verify", "--all");
            assertThat(Fsck.requireClean(work, work.resolve("of-fsck"), movedSettings(store))
                            .leaves())
                    .isEqualTo(audit.checkpoint().logLength());

            // The folder tells no second history, and is not moved a second time.
            assertThat(error(folder().refused(processes))).contains("was moved to a database");
            Command.Result again = migrate(data(), store);
            assertThat(again.exitCode()).as(again.toString()).isEqualTo(1);
            assertThat(error(again.err())).contains("was moved to a database");
        }
    }

    @Test
    void targetThatHoldsAnotherRegistryIsRefusedAndLeftAsItWas() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            PackageAuthor resident = new PackageAuthor(Keys.ALICE, "test:resident");
            ServerProcess there = store.node("a").start(processes);
            release(there.registry(), resident, "1.0.0");
            Registry.State held = there.registry().state();
            ServerProcess mine = folder().start(processes);
            release(mine.registry(), author, "1.0.0");
            mine.stop();

            // Under its own master key the target's keys do not even open.
            Command.Result strange = migrate(data(), store);
            assertThat(strange.exitCode()).as(strange.toString()).isEqualTo(1);
            assertThat(error(strange.err())).contains("error: ");

            // Both begun under one master key, by a mistake.
            Path twin = work.resolve("twin");
            Files.createDirectories(twin);
            Files.copy(
                    Path.of(store.settings().get("lair.master-key-file")),
                    twin.resolve("master.key"),
                    StandardCopyOption.COPY_ATTRIBUTES);
            ServerProcess second = folder().data(twin).start(processes);
            release(second.registry(), new PackageAuthor(Keys.BOB, "test:twin"), "1.0.0");
            second.stop();
            Command.Result refused = migrate(twin, store);
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
            assertThat(error(refused.err())).contains("keys of another registry");

            assertThat(there.registry().state()).isEqualTo(held);
            store.requireClean();
            // What was refused goes on where it was.
            ServerProcess goesOn = folder().start(processes);
            release(goesOn.registry(), author, "1.1.0");
        }
    }

    @Test
    void migrationThatIsKilledInTheMiddleIsCompletedByTheNextOne() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            // Each release has a checkpoint of its own: enough to copy that the kill comes before the end.
            ServerProcess before =
                    folder().set("lair.ledger.checkpoint-interval", "0ms").start(processes);
            for (int i = 0; i < RELEASES; i++) {
                release(before.registry(), author, "1.0." + i);
            }
            SignedCheckpoint kept = before.registry().checkpoint();
            before.stop();

            // Records are there, checkpoints and keys not all.
            killWhen("copied ", migration(data(), store));
            Command.Result looked = Fsck.run(work, work.resolve("of-fsck"), movedSettings(store));
            assertThat(looked.exitCode()).as(looked.toString()).isIn(1, Fsck.DIFFERENCE);
            // Nobody was told that it moved: the folder is still the registry, and may even go on.
            ServerProcess meanwhile = folder().start(processes);
            release(meanwhile.registry(), author, "1.1.0");
            meanwhile.stop();

            migrate(data(), store).succeeded();

            ServerProcess after = node(store, "a").start(processes);
            Audit audit = Audit.of(after.registry());
            audit.extendsCheckpoint(after.registry(), kept);
            SignedPackageRecord next = author.release("1.2.0", Wasm.module("after the move"));
            after.registry().publish(author.name(), next, Wasm.module("after the move"));
            assertThat(Fsck.requireClean(work, work.resolve("of-fsck"), movedSettings(store))
                            .leaves())
                    .isEqualTo(audit.checkpoint().logLength() + 1);
        }
    }

    /** Runs the server jar and kills it as soon as it has printed this. */
    private void killWhen(String printed, List<String> arguments) throws Exception {
        List<String> line = ServerJar.line(arguments);
        Path log = work.resolve("killed.log");
        Process process = processes.started(new ProcessBuilder(line)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start());
        Await.isTrue(
                "`" + printed + "` from the command",
                PATIENCE,
                () -> Files.readString(log).contains(printed));
        Processes.end(process);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(log)).as("it was killed before its end").doesNotContain("moved size");
    }
}
