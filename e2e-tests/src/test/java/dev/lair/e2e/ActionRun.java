package dev.lair.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of one of our actions, run as the runner of GitHub Actions does: node, inputs and files in the environment, and for
 * the post step what the main step saved.
 */
final class ActionRun {

    private static final Pattern VALUE = Pattern.compile("(?ms)^([\\w-]+)<<(.+?)\n(.*?)\n\\2$");
    private static final List<String> FILES =
            List.of("GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GITHUB_PATH");

    private final Path folder;
    private final Map<String, String> variables = new LinkedHashMap<>();

    /** @param folder the workspace of the job, which gets the runner's files too */
    ActionRun(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        variables.put("GITHUB_REF_TYPE", "tag");
        variables.put("GITHUB_REF_NAME", "v1.2.0");
        variables.put("GITHUB_REF", "refs/tags/v1.2.0");
        variables.put("GITHUB_REPOSITORY", "octo-org/widgets");
        variables.put("GITHUB_RUN_ID", "9001");
        variables.put("GITHUB_EVENT_NAME", "push");
        variables.put("RUNNER_TEMP", folder.toString());
    }

    ActionRun with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    ActionRun with(Map<String, String> more) {
        variables.putAll(more);
        return this;
    }

    ActionRun input(String name, String value) {
        return with("INPUT_" + name.toUpperCase(Locale.ROOT), value);
    }

    /**
     * How a step ended.
     *
     * @param outputs what later steps read
     * @param state what the post step gets; has the token in it, and is the runner's own
     * @param summary the page of the job, Markdown
     * @param path what was put on PATH
     */
    record Step(
            Command.Result result,
            Map<String, String> outputs,
            Map<String, String> state,
            String summary,
            String path) {

        /** Everything that the step wrote for people or later steps, but the lines that tell the runner what to mask. */
        String written() {
            StringBuilder all = new StringBuilder();
            result.out()
                    .lines()
                    .filter(line -> !line.startsWith("::add-mask::"))
                    .forEach(line -> all.append(line).append('\n'));
            return all + result.err() + outputs + summary + path;
        }

        /** The text of the error annotations. */
        String errors() {
            StringBuilder all = new StringBuilder();
            result.out()
                    .lines()
                    .filter(line -> line.startsWith("::error::"))
                    .forEach(line -> all.append(
                                    line.substring("::error::".length()).replace("%0A", "\n"))
                            .append('\n'));
            return all.toString();
        }
    }

    /** @param file below github-action, like {@code publish/main.mjs} */
    Step run(String file) throws Exception {
        Path node = Checkout.program("node");
        Path files = Files.createTempDirectory(folder, "runner-");
        Command command = Command.of(
                folder,
                List.of(
                        node.toString(),
                        Checkout.root().resolve("github-action").resolve(file).toString()));
        variables.forEach(command::with);
        for (String name : FILES) {
            command.with(name, Files.createFile(files.resolve(name)).toString());
        }
        Command.Result result = command.run();
        return new Step(
                result,
                values(files.resolve("GITHUB_OUTPUT")),
                values(files.resolve("GITHUB_STATE")),
                Files.readString(files.resolve("GITHUB_STEP_SUMMARY")),
                Files.readString(files.resolve("GITHUB_PATH")).strip());
    }

    /** The post step of an action, after a main step that saved this. */
    Step post(String file, Map<String, String> state) throws Exception {
        state.forEach((name, value) -> variables.put("STATE_" + name, value));
        return run(file);
    }

    /** {@code name<<delimiter}, the value, the delimiter; later ones win. */
    private static Map<String, String> values(Path file) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher value = VALUE.matcher(Files.readString(file));
        while (value.find()) {
            found.put(value.group(1), value.group(3));
        }
        return found;
    }
}
