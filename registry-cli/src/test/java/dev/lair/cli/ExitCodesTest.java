package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.cli.report.ExitCode;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every ending of a command has its number, one clear line, and with {@code --json} one object. */
class ExitCodesTest {

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            0 | verify
            0 | verify test:component@0.1.0
            0 | log test:component
            0 | pull test:component@0.1.0
            0 | key new
            0 | key list
            2 |
            2 | key
            2 | registry
            2 | frobnicate
            2 | verify --no-such-option
            2 | pull
            2 | pull not-a-name
            2 | pull test:component@1.2.3.4
            6 | pull test:component@1.2
            2 | log test:component@1.0.0
            2 | publish f.wasm --package test:x
            2 | publish f.wasm --package test:x --version 1.0
            2 | key new Bad/Name
            2 | verify --file f.wasm
            2 | verify --registry ftp://registry.example
            2 | verify --registry http://registry.example
            2 | verify --registry https://user@registry.example
            2 | yank test:component@0.1.0
            6 | log test:nothing
            6 | pull test:component@9.9.9
            6 | registry forget https://never.seen.example
            7 | publish f.wasm --package test:x --version 1.0.0
            7 | verify test:component --file f.wasm
            """)
    void table(int expected, @Nullable String command) {
        assertThat(lair.run("verify").exitCode()).as("first use is over").isZero();
        String[] arguments = command == null ? new String[0] : command.split(" ");
        LairRun.Outcome plain = lair.run(arguments);
        assertThat(plain.exitCode()).as(plain.all()).isEqualTo(expected);
        if (expected != 0) {
            assertThat(plain.out()).isEmpty();
            assertThat(plain.err()).startsWith("error: ").doesNotContain("\tat ");
            assertThat(plain.err().lines().filter(line -> !line.startsWith("hint: ")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "0, verify",
        "0, verify test:component",
        "0, log test:component",
        "0, pull test:component",
        "0, key new",
        "0, key list",
        "2, pull nonsense",
        "6, log test:nothing",
        "7, publish f.wasm --package test:x --version 1.0.0"
    })
    void jsonIsOneObjectOnStandardOutput(int expected, String command) {
        LairRun.Outcome outcome = lair.run((command + " --json").split(" "));
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(expected);
        assertThat(outcome.out().lines()).hasSize(1);
        JsonNode json = outcome.json();
        assertThat(json.isObject()).isTrue();
        assertThat(json.has("error")).isEqualTo(expected != 0);
        if (expected != 0) {
            assertThat(json.get("exitCode").asInt()).isEqualTo(expected);
        }
    }

    @Test
    void verifyWithJsonCarriesEveryFinding() {
        JsonNode json = lair.run("verify", "test:component@0.1.0", "--json").json();
        assertThat(json.get("verified").asBoolean()).isTrue();
        assertThat(json.get("findings")).hasSizeGreaterThan(5);
        assertThat(json.get("findings").get(0).get("strength").asString()).isEqualTo("proven");
    }

    @Test
    void aWrongSignatureIsThree() {
        registry.checkpointSigner = Vectors.BOB;
        assertThat(lair.run("verify").exitCode()).isEqualTo(ExitCode.UNVERIFIED.number());
    }

    @Test
    void aRefusalIsFourAndAFaultOfTheRegistryFive() {
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                answer -> FakeRegistry.Answer.error(WargError.message(403, "members only")));
        LairRun.Outcome refused = lair.run("verify");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).isEqualTo("error: the registry refused to give its checkpoint (403): members only\n");
        registry.lie(
                WargPaths.FETCH_CHECKPOINT, answer -> FakeRegistry.Answer.error(WargError.message(503, "starting")));
        assertThat(lair.run("verify").exitCode()).isEqualTo(5);
    }

    @Test
    void aClosedPortIsFive() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        LairRun.Outcome outcome = lair.run("verify", "--registry", "http://127.0.0.1:" + port);
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("cannot reach http://127.0.0.1:" + port + "/v1/fetch/checkpoint");
    }

    @Test
    void aFaultInThisProgramIsOneAndAsksForAReport() throws Exception {
        lair.run("key", "new");
        Files.write(folder.resolve("f.wasm"), Vectors.CONTENT);
        lair.clock = new BrokenClock();
        String[] publish = {"publish", "f.wasm", "--package", "test:x", "--version", "1.0.0"};
        LairRun.Outcome outcome = lair.run(publish);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("unexpected fault: ")
                .contains("--debug")
                .doesNotContain("\tat ");
        String[] debugged = java.util.Arrays.copyOf(publish, publish.length + 1);
        debugged[publish.length] = "--debug";
        assertThat(lair.run(debugged).err()).contains("\tat ");
    }

    private static final class BrokenClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            throw new IllegalStateException("the clock is broken");
        }
    }
}
