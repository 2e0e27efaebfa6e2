package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.cli.wit.Workspace;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WASI 0.2 by the rule of the peers' {@code semver-check}: the old world's component has to be one of the new world. It
 * asks wasm-tools, which the npm package {@code @bytecodealliance/jco-transpile} has: it is looked for in the folder that
 * the variable {@code LAIR_ORACLE} names, then where {@code ./lair test} installs it. Its verdicts are compared with those of {@code WasiTest} in
 * docs/CONFORMANCE.md, "Compatibility". Without node or the package the test is skipped; a package that is there and does not
 * answer fails it.
 */
class SemverOracleTest {

    private static final Path WIT =
            Path.of("..", "..", "shared", "wit").toAbsolutePath().normalize();
    private static final Path SCRIPT =
            Path.of("src", "test", "resources", "oracle", "semver-check.mjs").toAbsolutePath();

    private static final String PACKAGE = "node_modules/@bytecodealliance/jco-transpile";
    private static final String WASM_TOOLS = "vendor/wasm-tools.js";

    @TempDir
    Path folder;

    @Test
    void noWorldOfWasiRefusesAComponentOfItsPredecessor() throws Exception {
        for (Path release : releases()) {
            for (Workspace.Member member : resolve(packages(release))) {
                write(release, member);
            }
        }
        assertThat(oracle()).containsExactly("checked 105");
    }

    /** Implementers of each interface: a world that exports it, which no world of WASI does for most. */
    @Test
    void ofAllInterfacesFourGainedItemsThatImplementersLack() throws Exception {
        for (Path release : releases()) {
            List<Path> all = packages(release);
            for (Workspace.Member member : resolve(packages(release))) {
                all.add(exports(release, member.resolved().main()));
            }
            for (Workspace.Member member : resolve(all)) {
                if (member.written().startsWith(folder)) {
                    write(release, member);
                }
            }
        }
        assertThat(oracle())
                .satisfiesExactly(
                        // @unstable, which promises nothing to anybody: we permit it.
                        line -> assertThat(line)
                                .startsWith("refused exports-cli 0.2.0 0.2.1 of-exit:")
                                .contains("missing expected export `exit-with-code`"),
                        // Under a @since that was not so: we refuse it too.
                        line -> assertThat(line)
                                .startsWith("refused exports-http 0.2.1 0.2.2 of-types:")
                                .contains("missing expected export `field-name`"),
                        // @unstable. The release 0.2.4 has no http of its own.
                        line -> assertThat(line)
                                .startsWith("refused exports-http 0.2.3 0.2.5 of-types:")
                                .contains("missing expected export `[method]response-outparam.send-informational`"),
                        // @unstable.
                        line -> assertThat(line)
                                .startsWith("refused exports-sockets 0.2.1 0.2.2 of-network:")
                                .contains("missing expected export `error`"),
                        line -> assertThat(line).isEqualTo("checked 380"));
    }

    /** It is asked, and the test fails with what node says. */
    @Test
    void packageThatLacksItsToolIsBrokenAndNotAbsent() throws IOException {
        assertThat(oraclePackage(Stream.of(folder))).isEmpty();
        Files.createDirectories(folder.resolve(PACKAGE));
        assertThat(oraclePackage(Stream.of(folder))).isPresent();
    }

    private static void skip(boolean wanting, String why) {
        if (wanting) {
            System.err.println("SKIPPED: " + why);
        }
        assumeTrue(!wanting, "SKIPPED: " + why);
    }

    private static List<Path> releases() throws IOException {
        skip(!Files.isDirectory(WIT), "no WASI packages at " + WIT);
        skip(oraclePackage().isEmpty(), "no wasm-tools in LAIR_ORACLE nor in component-model/target/oracle");
        try (Stream<Path> all = Files.list(WIT)) {
            return all.filter(each -> String.valueOf(each.getFileName()).startsWith("0.2."))
                    .sorted()
                    .toList();
        }
    }

    /** Looked for as a folder: one that lacks the tool is broken, and node says so. */
    private static Optional<Path> oraclePackage() {
        return oraclePackage(Stream.of(
                        Optional.ofNullable(System.getenv("LAIR_ORACLE")).map(Path::of),
                        Optional.of(Path.of("..", "component-model", "target", "oracle")))
                .flatMap(Optional::stream));
    }

    private static Optional<Path> oraclePackage(Stream<Path> places) {
        return places.map(folder -> folder.resolve(PACKAGE).toAbsolutePath().normalize())
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static List<Path> packages(Path release) throws IOException {
        try (Stream<Path> all = Files.list(release)) {
            return new ArrayList<>(
                    all.filter(each -> !each.endsWith("0.2.4/http")).sorted().toList());
        }
    }

    private List<Workspace.Member> resolve(List<Path> packages) throws Exception {
        return Workspace.resolve(folder, Features.ALL, packages);
    }

    private Path exports(Path release, WitPackage of) throws IOException {
        SemanticVersion version = SemanticVersion.parse(String.valueOf(release.getFileName()));
        StringBuilder text =
                new StringBuilder("package test:exports-" + of.name().name() + "@" + version + ";\n");
        of.interfaces().forEach(each -> {
            String name = ((Owner.InterfaceId) each.id()).name();
            text.append("world of-" + name + " { export " + of.name().item(name) + "; }\n");
        });
        Path file = folder.resolve(version + "-" + of.name().name() + ".wit");
        Files.writeString(file, text);
        return file;
    }

    private void write(Path release, Workspace.Member member) throws Exception {
        byte[] binary = WitEncoder.encode(member.resolved(), new EncodeOptions(true, "test", "1"));
        Path binaries = Files.createDirectories(folder.resolve("binaries"));
        String name = member.resolved().main().name().name();
        Files.write(binaries.resolve(release.getFileName() + "-" + name + ".wasm"), binary);
    }

    private List<String> oracle() throws Exception {
        Process node;
        Path out = folder.resolve("out");
        try {
            node = new ProcessBuilder(
                            "node",
                            SCRIPT.toString(),
                            oraclePackage().orElseThrow().resolve(WASM_TOOLS).toString(),
                            folder.resolve("binaries").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
        } catch (IOException absent) {
            skip(true, "`node` cannot be run: " + absent.getMessage());
            throw absent;
        }
        boolean ended = node.waitFor(2, TimeUnit.MINUTES);
        node.destroyForcibly();
        List<String> lines =
                Files.readString(out, StandardCharsets.UTF_8).lines().toList();
        assertThat(ended).as("the oracle answers within two minutes").isTrue();
        assertThat(node.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
