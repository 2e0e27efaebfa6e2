package dev.lair.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program that runs to its end, within a deadline. Standard output and error are kept apart. */
final class Command {

    private final List<String> line;
    private final Path folder;
    private final Map<String, String> variables = new TreeMap<>();
    private @Nullable Path input;
    private Duration within = Duration.ofSeconds(60);

    private Command(Path folder, List<String> line) {
        this.folder = folder;
        this.line = List.copyOf(line);
    }

    static Command of(Path folder, List<String> line) {
        return new Command(folder, line);
    }

    /** {@code java -jar JAR …} on the JVM of this test. */
    static Command jar(Path folder, Path jar, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(
                Checkout.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar.toString()));
        line.addAll(arguments);
        return new Command(folder, line);
    }

    /** The server jar in another of its modes, on the JVM of this test. */
    static Command server(Path folder, List<String> arguments) {
        return new Command(folder, ServerJar.line(arguments));
    }

    Command with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Command within(Duration limit) {
        within = limit;
        return this;
    }

    /** What the program reads; nothing by default. */
    Command input(String text) throws IOException {
        input = Files.createTempFile(folder, "stdin-", ".txt");
        Files.writeString(input, text);
        return this;
    }

    /** How it ended. */
    record Result(List<String> line, int exitCode, String out, String err) {

        /** The result when it ended with 0; a failure with all it printed otherwise. */
        Result succeeded() {
            if (exitCode != 0) {
                throw new AssertionError(this.toString());
            }
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", line) + "\nended with " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
        }
    }

    Result run() throws IOException, InterruptedException {
        Path out = Files.createTempFile("lair-e2e-", ".out");
        Path err = Files.createTempFile("lair-e2e-", ".err");
        try (Processes processes = new Processes()) {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(input == null ? new File("/dev/null") : input.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(variables);
            Process process = processes.started(builder.start());
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(String.join(" ", line) + "\ndid not end within " + within.toSeconds()
                        + " s\n--- out\n" + read(out) + "--- err\n" + read(err));
            }
            return new Result(line, process.exitValue(), read(out), read(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
