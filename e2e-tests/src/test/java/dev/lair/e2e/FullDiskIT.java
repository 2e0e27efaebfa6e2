package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk under the data folder fills up while clients publish: they are refused, and nothing else happens. */
class FullDiskIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DISK_MIB = 40;
    private static final int PIECE = 4096;

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private Path disk = Path.of("");
    private boolean isMounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(work.resolve("disk"));
        Command.Result mounted = Command.of(
                        work,
                        List.of(
                                Checkout.program("mount").toString(),
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + DISK_MIB + "m",
                                "lair-e2e",
                                disk.toString()))
                .run();
        if (mounted.exitCode() != 0) {
            String skipped = "SKIPPED: a small file system cannot be mounted here: "
                    + mounted.err().strip();
            System.err.println(skipped);
            Assumptions.abort(skipped);
        }
        isMounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        processes.close();
        if (isMounted) {
            Command.of(work, List.of(Checkout.program("umount").toString(), disk.toString()))
                    .run()
                    .succeeded();
        }
    }

    @Test
    void publishingIsRefusedWhileTheDiskIsFullAndGoesOnWhenThereIsSpace() throws Exception {
        Path data = disk.resolve("data");
        Path filler = disk.resolve("filler");
        ServerProcess server =
                ServerProcess.in(work).data(data).namespace("test").start(processes);
        Nodes nodes = new Nodes(server);
        try (Crowd crowd = new Crowd(nodes, 4, 16 * 1024)) {
            crowd.start();
            for (int time = 0; time < 2; time++) {
                crowd.awaitPromises(20, PATIENCE, 0);
                fill(filler);
                int refused = crowd.answered(0, 503);
                // Not only uploads, which need most: every author waits now.
                crowd.await("refusals", PATIENCE, () -> {
                    fill(filler);
                    return crowd.answered(0, 503) >= refused + 20;
                });
                assertThat(server.registry().checkpoint()).as("reads go on").isNotNull();
                Files.delete(filler);
            }
            crowd.awaitPromises(20, PATIENCE, 0);
            Await.isTrue(
                    "health", PATIENCE, () -> server.registry().get("health").status() == 200);
            crowd.stop();

            crowd.settle();
            Audit audit = crowd.check();
            assertThat(server.isAlive()).isTrue();
            System.err.println("full disk: " + crowd);
            server.stop();
            assertThat(Fsck.requireClean(work, data, Map.of()).leaves())
                    .isEqualTo(audit.checkpoint().logLength());
        } catch (Throwable e) {
            throw new AssertionError("the server's log:" + nodes.logs(), e);
        }
    }

    /** Takes what space there is. */
    private static void fill(Path filler) {
        byte[] zeros = new byte[PIECE];
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < DISK_MIB * 1024 * 1024 / PIECE; i++) {
                out.write(zeros);
            }
        } catch (IOException full) {
            // That is what was wanted.
        }
    }
}
