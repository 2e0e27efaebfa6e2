package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.KeyId;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's commands over a database: given the nodes' settings they work with and without nodes that run. */
class SharedOperatorIT {

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private static void publish(Registry registry, PackageAuthor author, String version) throws Exception {
        byte[] content = Wasm.module(author.name() + " " + version);
        registry.publish(author.name(), author.release(version, content), content);
    }

    @Test
    void operatorLogIsChangedWithNoNodeRunningAndBesideOne() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            ServerProcess first = store.node("a").start(processes);
            PackageAuthor author = new PackageAuthor(Keys.BOB, "test:kept");
            publish(first.registry(), author, "1.0.0");
            SignedCheckpoint kept = first.registry().checkpoint();
            first.stop();

            store.command("operator", "define", "fresh").succeeded();
            String rotated = store.command("operator", "rotate-key").succeeded().out();
            assertThat(store.command("operator", "show").succeeded().out())
                    .contains("namespace test defined here")
                    .contains("namespace fresh defined here")
                    .contains("key " + kept.keyId() + " may do nothing any more");

            ServerProcess node = store.node("a").start(processes);
            KeyId signer = node.registry().checkpoint().keyId();
            assertThat(rotated).contains(signer.toString());
            publish(node.registry(), new PackageAuthor(Keys.BOB, "fresh:package"), "1.0.0");

            // Beside the node, which learns of it from the database.
            store.command("operator", "define", "fresher").succeeded();
            publish(node.registry(), new PackageAuthor(Keys.BOB, "fresher:package"), "1.0.0");
            String again = store.command("operator", "rotate-key").succeeded().out();
            publish(node.registry(), author, "1.1.0");
            assertThat(again).contains(node.registry().checkpoint().keyId().toString());
            Audit.of(node.registry()).extendsCheckpoint(node.registry(), kept);
            store.requireClean();
        }
    }

    @Test
    void emptyDatabaseIsSaidToHoldNoRegistryAndNoneIsBegun() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            for (List<String> command : List.of(
                    List.of("operator", "define", "fresh"),
                    List.of("fsck"),
                    List.of("rebuild"),
                    List.of("restore", "--accept-fork"))) {
                Command.Result result = store.command(
                        command.getFirst(), command.subList(1, command.size()).toArray(String[]::new));
                assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
                assertThat(result.err())
                        .as(result.toString())
                        .startsWith("error: no registry ever ran in this database")
                        .hasLineCount(1);
            }
            // Whoever serves it first begins it, under the name and the key that are meant.
            ServerProcess node = store.node("a").start(processes);
            assertThat(node.registry().get("log/checkpoint").text()).startsWith(SharedStore.ORIGIN + "/log\n");
            assertThat(Audit.of(node.registry()).operator().namespaces()).containsOnlyKeys("test");
        }
    }

    @Test
    void commandThatLacksASettingSaysWhich() throws Exception {
        Command.Result noUrl =
                Fsck.command("fsck", work, work.resolve("data"), Map.of("lair.storage", "postgres"), List.of());
        assertThat(noUrl.exitCode()).as(noUrl.toString()).isEqualTo(1);
        assertThat(noUrl.err())
                .startsWith("error: ")
                .contains("lair.postgres.url")
                .hasLineCount(1);
        Command.Result slip =
                Fsck.command("fsck", work, work.resolve("data"), Map.of("lair.stroage", "postgres"), List.of());
        assertThat(slip.exitCode()).as(slip.toString()).isEqualTo(1);
        assertThat(slip.err())
                .startsWith("error: `lair.stroage` is no setting (did you mean `lair.storage`?)")
                .hasLineCount(1);
    }
}
