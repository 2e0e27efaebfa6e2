package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The help of each command is a file; {@code -Dbless} rewrites it, so that review sees the change. */
class HelpTextTest {

    private static final Path FILES = Path.of("src", "test", "resources", "help");

    @TempDir
    Path folder;

    static Stream<String> commands() {
        return below(new Lair(Environment.ofProcess()).commandLine())
                .map(line -> line.getCommandSpec().qualifiedName());
    }

    private static Stream<CommandLine> below(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(HelpTextTest::below));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isWhatItsFileSays(String command) throws IOException {
        String[] words = command.split(" ");
        words = java.util.Arrays.copyOfRange(words, 1, words.length + 1);
        words[words.length - 1] = "--help";
        LairRun.Outcome outcome = new LairRun(folder).run(words);
        assertThat(outcome.exitCode()).isZero();
        Path file = FILES.resolve(command.replace(' ', '-') + ".txt");
        if (System.getProperty("bless") != null) {
            Files.createDirectories(FILES);
            Files.writeString(file, outcome.out());
        }
        assertThat(file).hasContent(outcome.out());
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandKnowsTheVersion(String command) {
        String[] words = command.split(" ");
        words = java.util.Arrays.copyOfRange(words, 1, words.length + 1);
        words[words.length - 1] = "-V";
        LairRun.Outcome outcome = new LairRun(folder).run(words);
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).startsWith("lair ");
    }

    @Test
    void theRootNamesEveryExitCode() throws IOException {
        String help = new LairRun(folder).run("--help").out();
        for (dev.lair.cli.report.ExitCode code : dev.lair.cli.report.ExitCode.values()) {
            assertThat(help).contains(code.number() + " ");
        }
    }
}
