package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.component.names.SemanticVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WASI as published, by the commands that people have: each package becomes a binary, a text and the same binary again, and
 * each 0.2 package is compared with the next release of it. In 0.2.4 http is still the 0.2.3 one.
 */
class WasiTest {

    private static final Path WIT =
            Path.of("..", "..", "shared", "wit").toAbsolutePath().normalize();

    /** What `component-model` says of the same pairs, each difference in the words of the rules. */
    private static final Path VERDICTS =
            Path.of("..", "component-model", "src", "test", "resources", "compat", "wasi-0.2.txt");

    @TempDir
    Path folder;

    private LairRun.Outcome run(String... arguments) {
        return new LairRun(folder).run(arguments);
    }

    private static List<Path> releases() throws IOException {
        String skipped = "SKIPPED: no WASI packages at " + WIT;
        if (!Files.isDirectory(WIT)) {
            System.err.println(skipped);
        }
        assumeTrue(Files.isDirectory(WIT), skipped);
        return entries(WIT).stream()
                .filter(each -> SemanticVersion.tryParse(name(each)).isPresent())
                .sorted(Comparator.comparing(each -> SemanticVersion.parse(name(each))))
                .toList();
    }

    private static List<Path> entries(Path in) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** A package with the others of its release in {@code deps}, as `lair wit build` wants them; the folder's name. */
    private String project(Path release, Path main) throws IOException {
        String project = name(release) + "-" + name(main);
        copy(main, folder.resolve(project));
        boolean exception = name(release).equals("0.2.4") && name(main).equals("http");
        for (Path other : entries(exception ? release.resolveSibling("0.2.3") : release)) {
            boolean old =
                    name(release).equals("0.2.4") && !exception && name(other).equals("http");
            if (!name(other).equals(name(main)) && !old) {
                copy(other, folder.resolve(project).resolve("deps").resolve(name(other)));
            }
        }
        return project;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(name(file)));
            }
        }
    }

    private void done(String... arguments) {
        LairRun.Outcome outcome = run(arguments);
        assertThat(outcome.exitCode())
                .as(String.join(" ", arguments) + "\n" + outcome.all())
                .isZero();
    }

    @Test
    void everyPackageGoesFromTextToBinaryToTextToTheSameBinary() throws Exception {
        int packages = 0;
        for (Path release : releases()) {
            for (Path main : entries(release)) {
                String project = project(release, main);
                done("wit", "build", project, "--all-features", "-o", "once.wasm");
                LairRun.Outcome printed = run("wit", "print", "once.wasm");
                Files.writeString(folder.resolve("printed.wit"), printed.out());
                done("wit", "build", "printed.wit", "--all-features", "-o", "twice.wasm");
                assertThat(folder.resolve("twice.wasm"))
                        .as(project)
                        .hasSameBinaryContentAs(folder.resolve("once.wasm"));
                assertThat(run("wit", "print", "twice.wasm").out()).as(project).isEqualTo(printed.out());
                packages++;
            }
        }
        assertThat(packages).isGreaterThanOrEqualTo(97);
    }

    @Test
    void consecutiveReleasesHaveTheVerdictsOfTheRules() throws Exception {
        List<String> expected = Files.readAllLines(VERDICTS).stream()
                .filter(line -> !line.startsWith(" "))
                .toList();
        List<Path> releases = releases().stream()
                .filter(each -> name(each).startsWith("0.2."))
                .toList();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < releases.size(); i++) {
            for (Path main : entries(releases.get(i))) {
                String project = project(releases.get(i), main);
                if (i > 0) {
                    String before = name(releases.get(i - 1)) + "-" + name(main);
                    LairRun.Outcome outcome = run("compat", before, project, "--all-features");
                    String summary = outcome.out().lines().findFirst().orElseThrow();
                    found.add(summary);
                    assertThat(outcome.exitCode())
                            .as(outcome.all())
                            .isEqualTo(summary.startsWith("breaking, and not permitted") ? 9 : 0);
                }
            }
        }
        assertThat(found).isEqualTo(expected).hasSizeGreaterThan(70);
    }
}
