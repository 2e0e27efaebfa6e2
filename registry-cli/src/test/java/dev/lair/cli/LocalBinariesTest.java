package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Validate and print on binaries that are good, cut off or too large. */
class LocalBinariesTest {

    private static final Path GREETER = Path.of("..", "examples", "greeter");

    @TempDir
    Path folder;

    private byte[] greeter(String name) throws IOException {
        return Files.readAllBytes(GREETER.resolve(name));
    }

    private LairRun.Outcome run(String... arguments) {
        return new LairRun(folder).run(arguments);
    }

    @Test
    void theExampleIsValidInBothKinds() throws IOException {
        Files.write(folder.resolve("c.wasm"), greeter("greeter.wasm"));
        Files.write(folder.resolve("w.wasm"), greeter("greeter-wit.wasm"));
        LairRun.Outcome outcome = run("validate", "c.wasm", "w.wasm");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out().lines())
                .containsExactly(
                        "c.wasm: valid component (" + greeter("greeter.wasm").length + " bytes)",
                        "w.wasm: valid WIT package (" + greeter("greeter-wit.wasm").length + " bytes)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeter.wasm", "greeter-wit.wasm"})
    void aBinaryThatIsCutOffAnywhereIsInvalidOrAShorterBinaryAndNeverAFaultOfThisProgram(String name)
            throws IOException {
        byte[] whole = greeter(name);
        int step = Math.max(1, whole.length / 40);
        int invalid = 0;
        for (int length = 0; length < whole.length; length += step) {
            Files.write(folder.resolve("cut.wasm"), Arrays.copyOf(whole, length));
            LairRun.Outcome validated = run("validate", "cut.wasm");
            assertThat(validated.exitCode()).as(length + ": " + validated.all()).isIn(0, 9);
            invalid += validated.exitCode() == 9 ? 1 : 0;
            LairRun.Outcome printed = run("wit", "print", "cut.wasm");
            assertThat(printed.exitCode()).as(length + ": " + printed.all()).isIn(0, 9);
        }
        assertThat(invalid).isGreaterThan(30);
    }

    @Test
    void aFileAboveTheLimitIsRefusedUnread() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("large.wasm").toFile(), "rw")) {
            file.write(new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0});
            file.setLength((100L << 20) + 1);
        }
        LairRun.Outcome outcome = run("validate", "large.wasm");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err())
                .isEqualTo("error: `large.wasm` has 104857601 bytes; binaries of at most 104857600 bytes are read\n");
        assertThat(run("wit", "print", "large.wasm").exitCode()).isEqualTo(7);
    }

    @Test
    void aTextAboveTheLimitIsRefusedUnread() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("large.wit").toFile(), "rw")) {
            file.setLength((16L << 20) + 1);
        }
        LairRun.Outcome outcome = run("wit", "check", "large.wit");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("at most 16777216 in one WIT text");
    }

    @Test
    void aBuildThatFailsLeavesTheOldFile() throws IOException {
        Files.writeString(folder.resolve("bad.wit"), "package a:b; interface i { f: func(x: y); }");
        Files.writeString(folder.resolve("out.wasm"), "the old one");
        assertThat(run("wit", "build", "bad.wit", "-o", "out.wasm").exitCode()).isEqualTo(9);
        assertThat(folder.resolve("out.wasm")).hasContent("the old one");
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    }

    @Test
    void aBuiltPackageGoesToStandardOutputByteForByte() throws IOException {
        Files.writeString(folder.resolve("a.wit"), "package a:b@1.0.0; interface i { f: func(); }");
        assertThat(run("wit", "build", "a.wit", "-o", "a.wasm").exitCode()).isZero();
        LairRun.Outcome outcome = run("wit", "build", "a.wit", "-o", "-");
        assertThat(outcome.content()).isEqualTo(Files.readAllBytes(folder.resolve("a.wasm")));
    }

    @Test
    void whatIsPrintedBuildsTheSameBinaryAgain() throws IOException {
        Files.write(folder.resolve("w.wasm"), greeter("greeter-wit.wasm"));
        Files.writeString(folder.resolve("w.wit"), run("wit", "print", "w.wasm").out());
        assertThat(run("wit", "build", "w.wit", "-o", "once.wasm").exitCode()).isZero();
        Files.writeString(
                folder.resolve("again.wit"), run("wit", "print", "once.wasm").out());
        assertThat(run("wit", "build", "again.wit", "-o", "twice.wasm").exitCode())
                .isZero();
        assertThat(folder.resolve("twice.wasm")).hasSameBinaryContentAs(folder.resolve("once.wasm"));
        assertThat(run("wit", "diff", "w.wasm", "twice.wasm", "--exit-code").exitCode())
                .isZero();
    }

    @Test
    void aDependencyMayBeABinary() throws IOException {
        Files.createDirectories(folder.resolve("wit/deps"));
        Files.writeString(folder.resolve("dep.wit"), "package a:dep@1.0.0; interface i { type t = u8; }");
        assertThat(run("wit", "build", "dep.wit", "-o", "wit/deps/dep.wasm").exitCode())
                .isZero();
        Files.writeString(
                folder.resolve("wit/main.wit"),
                "package a:main; interface j { use a:dep/i@1.0.0.{t}; f: func() -> t; }");
        LairRun.Outcome outcome = run("wit", "check", "wit", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json().get("otherPackages").get(0).asString()).isEqualTo("a:dep@1.0.0");
    }
}
