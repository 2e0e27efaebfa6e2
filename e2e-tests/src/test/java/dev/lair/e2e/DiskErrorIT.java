package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.SignedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk fails under a server in use: strace, attached to it, answers the N-th sync, write or rename of a thread with EIO,
 * or kills the server there. A server whose ledger was hit says so and signs nothing more; after a restart all that was
 * acknowledged is there. After each fault {@code fsck} finds nothing wrong.
 */
class DiskErrorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SYNCS = "fsync,fdatasync";
    private static final String DATABASE_WRITES = "pwrite64";
    private static final String NAMES = "rename,renameat2,link,linkat";
    private static final String LEDGER = "ledger.db-wal";
    private static final String ATTACHED = "attached";

    /**
     * What goes wrong.
     *
     * @param calls the kind of system call
     * @param file the one that fails, below the data folder; empty for whichever is first
     * @param with what strace does to it
     * @param when counted in each thread
     */
    private record Fault(String calls, String file, String with, int when) {

        boolean kills() {
            return with.startsWith("signal");
        }

        /** A ledger whose write or sync failed cannot know what is on its disk. */
        boolean stopsTheLedger() {
            return !kills() && file.equals(LEDGER);
        }

        /** A name can be tried again. */
        boolean isGotOver() {
            return calls.equals(NAMES);
        }
    }

    private static final List<Fault> FAULTS = List.of(
            new Fault(SYNCS, LEDGER, "error=EIO", 1),
            new Fault(NAMES, "", "error=EIO", 1),
            new Fault(DATABASE_WRITES, LEDGER, "error=EIO", 7),
            new Fault(SYNCS, "", "signal=SIGKILL", 1),
            new Fault(SYNCS, "", "error=EIO", 1),
            new Fault(NAMES, "", "signal=SIGKILL", 2),
            new Fault(DATABASE_WRITES, "", "signal=SIGKILL", 11));

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

    @Test
    void nothingAcknowledgedIsLostWhenTheDiskFailsAtAnyStep() throws Exception {
        ServerProcess.Options options =
                ServerProcess.in(work).data(data()).namespace("test").set("lair.ledger.origin", SharedStore.ORIGIN);
        Nodes nodes = new Nodes(options.start(processes));
        try (Crowd crowd = new Crowd(nodes, 4, 2048)) {
            crowd.start();
            for (Fault fault : FAULTS) {
                crowd.awaitPromises(10, PATIENCE, 0);
                strike(fault, nodes.process(0), crowd);
                Fsck.requireClean(work, data(), Map.of());
                nodes.replace(0, options.start(processes));
            }
            crowd.awaitPromises(10, PATIENCE, 0);
            crowd.stop();

            crowd.settle();
            Audit audit = crowd.check();
            System.err.println("disk errors: " + crowd);
            nodes.process(0).stop();
            assertThat(Fsck.requireClean(work, data(), Map.of()).leaves())
                    .isEqualTo(audit.checkpoint().logLength());
        } catch (Throwable e) {
            throw new AssertionError("the server's log:" + nodes.logs(), e);
        }
    }

    /** Has the fault happen and looks at what the server makes of it; the server is dead afterwards. */
    private void strike(Fault fault, ServerProcess server, Crowd crowd) throws Exception {
        Path said = Files.createTempFile(work, "strace-", ".log");
        Path trace = Files.createTempFile(work, "strace-", ".trace");
        int refused = crowd.answered(0, 503);
        attach(fault, server, said, trace);
        if (fault.kills()) {
            crowd.await(fault + " to kill the server", PATIENCE, () -> !server.isAlive());
            return;
        }
        crowd.await(
                fault + " to be injected",
                PATIENCE,
                () -> Files.readString(trace).contains("(INJECTED)"));
        if (fault.stopsTheLedger()) {
            crowd.await("refusals after " + fault, PATIENCE, () -> crowd.answered(0, 503) > refused + 5);
            Await.isTrue(
                    "health to say so after " + fault,
                    PATIENCE,
                    () -> server.registry().get("health").status() == 503);
            SignedCheckpoint shown = server.registry().checkpoint();
            int since = crowd.answered(0, 503);
            crowd.await("more refusals", PATIENCE, () -> crowd.answered(0, 503) > since + 10);
            assertThat(server.registry().checkpoint())
                    .as("nothing is signed after " + fault)
                    .isEqualTo(shown);
            assertThat(server.log()).as("the log says what happened").containsIgnoringCase("disk");
        } else if (fault.isGotOver()) {
            crowd.awaitPromises(10, PATIENCE, 0);
        } else {
            // Contents, or the ledger too: no server that refuses either is ready.
            crowd.await("refusals after " + fault, PATIENCE, () -> crowd.answered(0, 503) > refused + 5);
            Await.isTrue(
                    "readiness to say so after " + fault,
                    PATIENCE,
                    () -> server.registry().get("health/ready").status() == 503);
        }
        server.kill();
    }

    private void attach(Fault fault, ServerProcess server, Path said, Path trace) throws Exception {
        Process strace = processes.started(new ProcessBuilder(strace(fault, server.pid(), trace))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start());
        Await.isTrue("strace to be attached", PATIENCE, () -> isAttached(strace, said));
    }

    private static boolean isAttached(Process strace, Path said) throws IOException {
        String text = Files.readString(said);
        if (!strace.isAlive() && !text.contains(ATTACHED)) {
            String skipped = "SKIPPED: strace may not attach to a process here: " + text.strip();
            System.err.println(skipped);
            Assumptions.abort(skipped);
        }
        return text.contains(ATTACHED);
    }

    private List<String> strace(Fault fault, long pid, Path trace) {
        List<String> line = new ArrayList<>(List.of(Checkout.program("strace").toString()));
        line.addAll(List.of("-f", "-y", "-p", String.valueOf(pid), "-o", trace.toString()));
        if (!fault.file().isEmpty()) {
            line.addAll(List.of("-P", data().resolve(fault.file()).toString()));
        }
        line.addAll(List.of("-e", "trace=" + fault.calls()));
        line.addAll(List.of("-e", "inject=" + fault.calls() + ":" + fault.with() + ":when=" + fault.when()));
        return line;
    }
}
