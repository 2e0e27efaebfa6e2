package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.OperatorEntry;
import dev.lair.signing.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair compat} between releases, which are verified, and local files. */
class CompatReleasesTest {

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry(Ledger.founded(
                Vectors.ALICE, Instant.ofEpochSecond(1_700_000_000L), new OperatorEntry.DefineNamespace("test")));
        lair = new LairRun(folder).registry(registry);
        Files.createDirectories(lair.home().resolve("keys"));
        KeyFile.create(lair.home().resolve("keys/default.key"), Vectors.BOB);
        publish("package test:base@1.0.0;\n\ninterface b {\n  f: func();\n}\n");
        publish(
                "package test:base@1.1.0;\n\ninterface b {\n  f: func();\n\n  @since(version = 1.1.0)\n  g: func();\n}\n");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void publish(String text) throws Exception {
        Files.writeString(folder.resolve("one.wit"), text);
        LairRun.Outcome outcome = lair.run("publish", "one.wit");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    }

    @Test
    void releasesAreComparedWithPlacesInTheirPrintedText() {
        LairRun.Outcome outcome = lair.run("compat", "test:base@1.0.0", "test:base");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).isEqualTo("""
                        compatible: test:base@1.0.0 -> test:base@1.1.0 (same version track), 1 difference, 0 breaking

                        breaks nobody: interface b, g
                          function added: g: func(), since 1.1.0
                        new     --> test:base@1.1.0:7:3
                                 |
                               7 |   g: func();
                                 |   ^
                        """);
    }

    @Test
    void aLocalTextThatBreaksAReleaseEndsWithNineAndShowsBothLines() throws Exception {
        Files.writeString(
                folder.resolve("next.wit"),
                "package test:base@1.1.1;\ninterface b {\n    f: func(a: u8);\n  g: func();\n}\n");
        LairRun.Outcome outcome = lair.run("compat", "test:base@^1.0.0", "next.wit");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(9);
        assertThat(outcome.out())
                .startsWith("breaking, and not permitted: test:base@1.1.0 -> test:base@1.1.1 (same version track)")
                .contains("BREAKS consumers and implementers: interface b, f")
                .contains("old     --> test:base@1.1.0:4:3")
                .contains("new     --> next.wit:3:5")
                .contains("to do: ");
    }

    @Test
    void aComponentIsComparedUnderTheVersionThatItIsToGet() throws Exception {
        Path greeter = Path.of("..", "examples", "greeter", "greeter.wasm");
        Files.copy(greeter, folder.resolve("greeter.wasm"));
        assertThat(lair.run("publish", "greeter.wasm", "--package", "test:greeter", "--version", "1.0.0")
                        .exitCode())
                .isZero();
        // An empty component is what the vectors have: it lost the export.
        Files.write(folder.resolve("empty.wasm"), Vectors.CONTENT);
        assertThat(lair.run("compat", "test:greeter", "empty.wasm", "--new-version", "1.0.1")
                        .exitCode())
                .isEqualTo(9);
        LairRun.Outcome other = lair.run("compat", "test:greeter", "empty.wasm", "--new-version", "2.0.0");
        assertThat(other.exitCode()).as(other.all()).isZero();
        assertThat(other.out()).startsWith("breaking, on a new track as it should be");
        assertThat(lair.run("compat", "test:greeter", "greeter.wasm").out()).startsWith("unchanged: ");
    }

    @Test
    void aReleaseThatCannotBeProvenIsNotCompared() {
        registry.lie("content/", answer -> new FakeRegistry.Answer(200, new byte[answer.body().length], Map.of()));
        LairRun.Outcome outcome = lair.run("compat", "test:base@1.0.0", "test:base@1.1.0");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        registry.honest();
        assertThat(lair.run("compat", "test:base@1.0.0", "test:other").exitCode())
                .isEqualTo(6);
    }
}
