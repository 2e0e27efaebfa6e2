package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands on local files: each folder of {@code src/test/resources/commands} has files, the commands to run among them
 * ({@code command.txt}, one a line), and all that they print and how they end ({@code expected.txt}, rewritten by
 * {@code -Dbless}).
 */
class CommandFilesTest {

    private static final Path CASES = Path.of("src", "test", "resources", "commands");

    @TempDir
    Path folder;

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void printsAndEndsAsItsFileSays(String name) throws IOException {
        Path files = CASES.resolve(name);
        copy(files);
        StringBuilder transcript = new StringBuilder();
        for (String command : Files.readAllLines(files.resolve("command.txt"))) {
            LairRun.Outcome outcome = new LairRun(folder).run(command.split(" "));
            transcript.append("$ lair ").append(command).append('\n').append(outcome.out());
            outcome.err()
                    .lines()
                    .forEach(line -> transcript.append("! ").append(line).append('\n'));
            transcript.append("= ").append(outcome.exitCode()).append("\n\n");
        }
        String got = transcript.toString().replace(folder.toString(), "FOLDER");
        Path expected = files.resolve("expected.txt");
        if (System.getProperty("bless") != null) {
            Files.writeString(expected, got);
        }
        assertThat(got).isEqualTo(Files.readString(expected));
    }

    private void copy(Path files) throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            all.forEach(each -> {
                try {
                    Path target = folder.resolve(files.relativize(each).toString());
                    if (Files.isDirectory(each)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(each, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
