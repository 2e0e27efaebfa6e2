package dev.lair.component.oracle;

import dev.lair.component.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * wasm-tools in node. The package is looked for in the folder that the environment variable {@code LAIR_ORACLE} names, then
 * in {@code component-model/target/oracle}, where {@code ./lair test} installs it from {@code src/test/node}.
 */
final class Oracle implements AutoCloseable {
    static final String VARIABLE = "LAIR_ORACLE";

    private static final String PACKAGE = "node_modules/@bytecodealliance/jco-transpile";
    private static final Path MODULE = Workspace.repository().resolve("component-model");

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final String version;

    /** What it says. */
    sealed interface Answer {
        /** The component is valid, and this is its WIT. */
        record Wit(String text) implements Answer {}

        /** It is not valid, or has no WIT. */
        record Refusal(String text) implements Answer {
            /** Whether the text is that of a validator, which names an offset. */
            boolean isInvalid() {
                return text.contains("(at offset 0x");
            }
        }

        /** The tool broke down. */
        record Panic(String text) implements Answer {}
    }

    private Oracle(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.version = read().get("version").asString();
    }

    /**
     * Starts it; empty where node or the package is absent.
     *
     * @throws IOException when both are there, but the package is broken: a comparison that is asked for and cannot be made
     *     has to fail
     */
    static Optional<Oracle> start() throws IOException {
        Optional<Path> installed = Stream.of(
                        Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of),
                        Optional.of(MODULE.resolve("target/oracle")))
                .flatMap(Optional::stream)
                .filter(each -> Files.isDirectory(each.resolve(PACKAGE)))
                .findFirst();
        return installed.isEmpty() ? Optional.empty() : start(installed.get());
    }

    /** The same of the package in this folder. */
    static Optional<Oracle> start(Path folder) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(
                            "node",
                            MODULE.resolve("src/test/node/oracle.mjs").toString(),
                            folder.resolve(PACKAGE).toAbsolutePath().toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // each panic of the tool prints a trace
                    .start();
        } catch (IOException noNode) {
            return Optional.empty();
        }
        return Optional.of(new Oracle(process));
    }

    String version() {
        return version;
    }

    Answer judge(byte[] binary) throws IOException {
        questions.write(Base64.getEncoder().encodeToString(binary));
        questions.write('\n');
        questions.flush();
        JsonNode answer = read();
        if (answer.has("wit")) {
            return new Answer.Wit(answer.get("wit").asString());
        }
        return answer.has("refusal")
                ? new Answer.Refusal(answer.get("refusal").asString())
                : new Answer.Panic(answer.get("panic").asString());
    }

    private JsonNode read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("node ended: is the package of " + VARIABLE + " whole?");
        }
        return JsonMapper.shared().readTree(line);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
