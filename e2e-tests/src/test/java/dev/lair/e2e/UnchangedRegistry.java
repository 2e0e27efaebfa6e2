package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One server for all tests of a class, after each of which checkpoint and ledger are what they were and it still works. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UnchangedRegistry {

    static final int MAX_CONTENT_BYTES = 64 * 1024;
    static final byte[] RELEASED = Wasm.module("released");

    private final Processes processes = new Processes();
    private final PackageAuthor base = new PackageAuthor(Keys.BOB, "test:base");
    private ServerProcess server;
    private Registry.State before;

    @BeforeAll
    void start(@TempDir Path work) throws Exception {
        server = ServerProcess.in(work)
                .namespace("test")
                .set("lair.publish.max-content", MAX_CONTENT_BYTES + "B")
                .start(processes);
        registry().publish(base.name(), base.release("1.0.0", RELEASED), RELEASED);
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    @BeforeEach
    void remember() throws Exception {
        before = registry().state();
    }

    @AfterEach
    void nothingChanged() throws Exception {
        assertThat(registry().state()).isEqualTo(before);
        assertThat(registry().get("health").status()).isEqualTo(200);
    }

    final int port() {
        return server.port();
    }

    final Registry registry() {
        return server.registry();
    }

    /** The author of {@code test:base}, which has the one release 1.0.0 with {@link #RELEASED}. */
    final PackageAuthor base() {
        return base;
    }
}
