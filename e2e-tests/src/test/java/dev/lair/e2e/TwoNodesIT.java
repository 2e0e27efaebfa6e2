package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes over one database and one bucket, both in use at once for a minute: one registry, not two. {@code
 * -Dlair.e2e.two-nodes=N} makes it N seconds.
 */
class TwoNodesIT {

    private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("lair.e2e.two-nodes", 60));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AUTHORS = 4;

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    @Test
    void twoNodesPublishAtOnceAndOneIsKilledAndComesBack() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            Nodes nodes = startAtOnce(store);
            try (Crowd crowd = new Crowd(nodes, AUTHORS, 1024)) {
                Rivals rivals = new Rivals(nodes, crowd);
                long begun = System.nanoTime();
                crowd.start(rivals.clients());

                crowd.awaitPromises(40, PATIENCE, 0, 1);
                crowd.await("a third of the time", LASTS, () -> System.nanoTime() - begun > LASTS.toNanos() / 3);
                nodes.process(1).kill();
                crowd.awaitPromises(10, PATIENCE, 0);
                nodes.replace(1, store.node("b").start(processes));
                crowd.awaitPromises(20, PATIENCE, 0, 1);
                crowd.await("the end", LASTS, () -> System.nanoTime() - begun > LASTS.toNanos());
                crowd.stop();

                crowd.settle();
                Audit audit = crowd.check();
                assertThat(rivals.won()).as("releases of the contested package").isGreaterThan(10);
                assertThat(rivals.lost()).as("releases that came too late").isPositive();
                Fsck.Counts checked = store.requireClean();
                assertThat(checked.leaves()).isEqualTo(audit.checkpoint().logLength());
                assertThat(checked.packages()).isEqualTo(AUTHORS + 1);
                System.err.println(
                        "two nodes: " + crowd + ", rivals won " + rivals.won() + " and lost " + rivals.lost());
            } catch (Throwable e) {
                throw new AssertionError("the nodes' logs:" + nodes.logs(), e);
            }
        }
    }

    /** On an empty database: both want to make keys, the operator's first record and the namespace. */
    private Nodes startAtOnce(SharedStore store) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ServerProcess> first = threads.submit(() -> store.node("a").start(processes));
            Future<ServerProcess> second = threads.submit(() -> store.node("b").start(processes));
            return new Nodes(first.get(), second.get());
        }
    }
}
