package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that are set back, under a running server, before a start, and on one node of two: no client sees time go back. */
class ClockIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private final PackageAuthor author = new PackageAuthor(Keys.BOB, "test:begun-before");
    private final byte[] content = Wasm.module("of all releases");
    private final List<SignedCheckpoint> seen = new ArrayList<>();
    private int newcomers;

    @AfterEach
    void stop() {
        processes.close();
    }

    @Test
    void serverWhoseClockIsSetBackGoesOnWithCheckpointsThatAreNeverOlder() throws Exception {
        FakedClock clock = FakedClock.in(work);
        ServerProcess.Options options = ServerProcess.in(work)
                .namespace("test")
                .set("lair.ledger.origin", SharedStore.ORIGIN)
                .under(clock.program());
        ServerProcess server = options.start(processes);
        try {
            server.registry().publish(author.name(), author.release("1.0.0", content), content);
            see(server.registry());

            clock.set(HOUR.negated());
            publishesByItsOwnClock(server.registry(), HOUR);
            server.stop();
            clock.set(DAY.negated());
            server = options.start(processes);
            publishesByItsOwnClock(server.registry(), DAY);
            server.kill();
            server = options.start(processes);
            publishesByItsOwnClock(server.registry(), DAY);

            clock.set(Duration.ZERO);
            server.registry().publish(author.name(), author.release("1.1.0", content));
            see(server.registry());
            Audit audit = Audit.of(server.registry());
            for (SignedCheckpoint earlier : seen) {
                audit.extendsCheckpoint(server.registry(), earlier);
            }
            server.stop();
            assertThat(Fsck.requireClean(work, work.resolve("data"), Map.of()).leaves())
                    .isEqualTo(audit.checkpoint().logLength());
        } catch (Throwable e) {
            throw new AssertionError("the server's log:\n" + server.log(), e);
        }
    }

    /** Looks at the checkpoint, which covers at least as much as the last one and does not claim to be older. */
    private void see(Registry registry) throws Exception {
        SignedCheckpoint now = registry.checkpoint();
        if (!seen.isEmpty()) {
            SignedCheckpoint last = seen.getLast();
            assertThat(now.contents().epochSeconds())
                    .as("time of the checkpoint")
                    .isGreaterThanOrEqualTo(last.contents().epochSeconds());
            assertThat(now.contents().checkpoint().logLength())
                    .isGreaterThanOrEqualTo(last.contents().checkpoint().logLength());
        }
        seen.add(now);
    }

    /** The server's clock is {@code behind}: records are taken by that clock, and no log goes back in time. */
    private void publishesByItsOwnClock(Registry registry, Duration behind) throws Exception {
        see(registry);
        long before = seen.getLast().contents().checkpoint().logLength();
        Instant there = Instant.now().minus(behind);

        // By our clock, which is right.
        PackageName name = newcomer();
        requireTooEarly(registry, name, Instant.now());
        assertThat(registry.publish(name, first(there))).isEqualTo(before);

        // A package that has a record of later already waits for the clock, whoever's time its next record bears.
        SignedPackageRecord backwards = SignedPackageRecord.sign(
                new dev.lair.registry.log.PackageRecord(
                        author.state().head().map(LogHead::recordId).orElseThrow(),
                        0,
                        there,
                        List.of(PackageAuthor.releaseEntry("9.9.9", content))),
                Keys.BOB);
        PackageRecord refused = registry.submit(author.name(), backwards);
        assertThat(refused.getState()).as(refused.toString()).isEqualTo(RecordState.REJECTED);

        see(registry);
        assertThat(seen.getLast().contents().checkpoint().logLength()).isEqualTo(before + 1);
    }

    /** This time is more than five minutes ahead of the server's clock. */
    private void requireTooEarly(Registry registry, PackageName name, Instant time) {
        ApiException early = catchThrowableOfType(ApiException.class, () -> registry.submit(name, first(time)));
        assertThat(early).as("a record of " + time + " is taken").isNotNull();
        assertThat(early.getCode()).as(early.getResponseBody()).isEqualTo(422);
        assertThat(early.getResponseBody()).contains("minutes from the server");
    }

    private PackageName newcomer() {
        return PackageName.parse("test:newcomer-" + "abcdefgh".charAt(newcomers++));
    }

    private SignedPackageRecord first(Instant time) {
        return SignedPackageRecord.sign(
                new dev.lair.registry.log.PackageRecord(
                        null,
                        0,
                        time,
                        List.of(
                                new PackageEntry.Init(Keys.ALICE.publicKey()),
                                PackageAuthor.releaseEntry("1.0.0", content))),
                Keys.ALICE);
    }

    @Test
    void twoNodesWhoseClocksDifferShowNoCheckpointThatIsOlderThanTheLast() throws Exception {
        FakedClock clock = FakedClock.in(work);
        // As far as authors are allowed to be off, a little less: their records are taken by both.
        clock.set(Duration.ofMinutes(-4));
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            Nodes nodes = new Nodes(
                    store.node("a").start(processes),
                    store.node("b").under(clock.program()).start(processes));
            try (Crowd crowd = new Crowd(nodes, 3, 512)) {
                requireTooEarly(nodes.registry(1), newcomer(), Instant.now().plus(Duration.ofMinutes(3)));
                crowd.start();
                crowd.awaitPromises(15, PATIENCE, 0, 1);
                clock.set(Duration.ofMinutes(4));
                crowd.awaitPromises(15, PATIENCE, 0, 1);
                clock.set(Duration.ofMinutes(-4));
                crowd.awaitPromises(15, PATIENCE, 0, 1);
                crowd.stop();

                crowd.settle();
                Audit audit = crowd.check();
                assertThat(store.requireClean().leaves())
                        .isEqualTo(audit.checkpoint().logLength());
                System.err.println("two clocks: " + crowd);
            } catch (Throwable e) {
                throw new AssertionError("the nodes' logs:" + nodes.logs(), e);
            } finally {
                processes.close();
            }
        }
    }
}
