package dev.lair.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * wasm-tools in node, timed there. Its package is looked for where the tests of {@code component-model} have it: in the folder
 * that {@code LAIR_ORACLE} names, then in {@code component-model/target/oracle}.
 */
final class NodeOracle implements AutoCloseable {

    /** The environment variable that names a folder with {@code node_modules}. */
    static final String VARIABLE = "LAIR_ORACLE";

    private static final String PACKAGE = "node_modules/@bytecodealliance/jco-transpile";

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    /**
     * How long it took, in milliseconds.
     *
     * @param validation of the component by wasm-tools, but for function bodies
     * @param bodies of all core modules by the engine
     */
    record Times(double validation, double bodies) {}

    private NodeOracle(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** The package's folder, where there is one. */
    static Optional<Path> installed(Path root) {
        return Stream.of(
                        Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of),
                        Optional.of(root.resolve("component-model/target/oracle")))
                .flatMap(Optional::stream)
                .map(folder -> folder.resolve(PACKAGE).toAbsolutePath())
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** Starts it; empty where there is no node. A package that does not load is a failure, not an absence. */
    static Optional<NodeOracle> start(Path installed, Path work) throws IOException {
        Path script = work.resolve("oracle.mjs");
        try (InputStream in = Objects.requireNonNull(NodeOracle.class.getResourceAsStream("oracle.mjs"))) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        Process process;
        try {
            process = new ProcessBuilder("node", script.toString(), installed.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noNode) {
            return Optional.empty();
        }
        NodeOracle oracle = new NodeOracle(process);
        oracle.read();
        return Optional.of(oracle);
    }

    /** Measures one run; empty when the tool does not take the component. */
    Optional<Times> measure(Path file, List<long[]> modules) throws IOException {
        questions.write(JsonMapper.shared().writeValueAsString(new Question(file.toString(), modules)));
        questions.write('\n');
        questions.flush();
        JsonNode answer = read();
        return answer.has("failed")
                ? Optional.empty()
                : Optional.of(new Times(
                        answer.get("ms").asDouble(), answer.get("bodies_ms").asDouble()));
    }

    private record Question(String file, List<long[]> modules) {}

    private JsonNode read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("node ended early; is the package of " + VARIABLE + " whole?");
        }
        return JsonMapper.shared().readTree(line);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
