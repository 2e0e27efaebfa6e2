package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.Required;
import dev.lair.storage.postgres.PostgresProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes away under two nodes in use, and comes back: they wait for it and go on, and lose nothing. */
class DatabaseFailureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CRASHES = 2;

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    @Test
    void databaseCrashesAndComesBackWhileClientsPublish() throws Exception {
        try (PostgresProcess database = Required.orSkip("postgres", PostgresProcess::start)) {
            SharedStore store = SharedStore.of(work, database.settings());
            ServerProcess first = store.node("a").start(processes);
            Nodes nodes = new Nodes(first, store.node("b").start(processes));
            try (Crowd crowd = new Crowd(nodes, 4, 1024)) {
                crowd.start();
                for (int crash = 0; crash < CRASHES; crash++) {
                    crowd.awaitPromises(20, PATIENCE, 0, 1);
                    int[] refused = {crowd.answered(0, 503), crowd.answered(1, 503)};
                    database.crash();
                    crowd.await(
                            "both nodes to answer 503",
                            PATIENCE,
                            () -> crowd.answered(0, 503) > refused[0] && crowd.answered(1, 503) > refused[1]);
                    Await.isTrue(
                            "health to say so",
                            PATIENCE,
                            () -> first.registry().get("health").status() == 503);
                    assertThat(first.registry().get("v1/fetch/checkpoint").errorMessage(503))
                            .isNotEmpty();
                    database.run();
                }
                crowd.awaitPromises(20, PATIENCE, 0, 1);
                for (Registry node : nodes.registries()) {
                    Await.isTrue("health", PATIENCE, () -> node.get("health").status() == 200);
                }
                crowd.stop();

                crowd.settle();
                Audit audit = crowd.check();
                Fsck.Counts checked = store.requireClean();
                assertThat(checked.leaves()).isEqualTo(audit.checkpoint().logLength());
                assertThat(nodes.process(0).isAlive() && nodes.process(1).isAlive())
                        .as("nobody restarted a node")
                        .isTrue();
                System.err.println("database failure: " + crowd);
            } catch (Throwable e) {
                throw new AssertionError("the nodes' logs:" + nodes.logs(), e);
            } finally {
                // Before their database goes away for good.
                processes.close();
            }
        }
    }
}
