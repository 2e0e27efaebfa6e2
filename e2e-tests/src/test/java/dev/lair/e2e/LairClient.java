package dev.lair.e2e;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One person's {@code lair}: the client jar with keys and memory of its own, in a folder of its own. */
final class LairClient {

    private final Path folder;
    private final URI registry;
    private final Map<String, String> variables = new TreeMap<>();

    LairClient(Path folder, URI registry) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.registry = registry;
    }

    Path folder() {
        return folder;
    }

    /** An environment variable of each run from now on. */
    LairClient with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Command.Result run(String... arguments) throws Exception {
        return command(arguments).run();
    }

    /** Runs with something to read. */
    Command.Result reads(String input, String... arguments) throws Exception {
        return command(arguments).input(input).run();
    }

    private Command command(String... arguments) {
        Command command = Command.jar(folder, Checkout.cliJar(), List.of(arguments))
                .with("LAIR_HOME", folder.resolve("home").toString())
                .with("LAIR_REGISTRY", registry.toString());
        variables.forEach(command::with);
        return command;
    }

    /** Runs with {@code --json}, requires this exit code, and reads the one object that was printed. */
    JsonNode json(int exitCode, String... arguments) throws Exception {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        Command.Result result = requireExit(exitCode, run(all));
        if (result.out().lines().count() != 1) {
            throw new AssertionError("not one line of JSON: " + result);
        }
        JsonNode object = JsonMapper.builder().build().readTree(result.out());
        if (!object.isObject()) {
            throw new AssertionError("not a JSON object: " + result);
        }
        return object;
    }

    /** Runs and requires this exit code; a failure shows all that was printed. */
    Command.Result exits(int exitCode, String... arguments) throws Exception {
        return requireExit(exitCode, run(arguments));
    }

    private static Command.Result requireExit(int exitCode, Command.Result result) {
        if (result.exitCode() != exitCode) {
            throw new AssertionError("expected exit code " + exitCode + ":\n" + result);
        }
        return result;
    }
}
