package dev.lair.e2e;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Dockerfile as far as tests look at it: its instructions in order, with continued lines joined. No here-documents, no
 * escape directive.
 */
record DockerfileText(List<Instruction> instructions) {

    private static final Pattern FLAG = Pattern.compile("--(\\S+?)=(\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    /** One instruction; flags such as {@code --from=build} are still in the text. */
    record Instruction(String name, String text) {

        /** The flags of this name. */
        List<String> flags(String name) {
            List<String> values = new ArrayList<>();
            Matcher flag = FLAG.matcher(text);
            while (flag.find()) {
                if (flag.group(1).equals(name)) {
                    values.add(flag.group(2));
                }
            }
            return values;
        }

        /** The words behind the flags. */
        List<String> words() {
            return List.of(FLAG.matcher(text).replaceAll("").strip().split("\\s+"));
        }

        /** The exec form; a failure when it is the shell form. */
        List<String> exec() {
            int begin = text.indexOf('[');
            try {
                JsonNode array = JsonMapper.shared().readTree(text.substring(Math.max(0, begin)));
                List<String> words = new ArrayList<>();
                array.forEach(word -> words.add(word.asString()));
                return words;
            } catch (RuntimeException e) {
                throw new AssertionError("not in exec form: " + this, e);
            }
        }
    }

    static DockerfileText read(Path file) throws IOException {
        List<Instruction> instructions = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            open.append(line.strip());
            if (line.endsWith("\\")) {
                open.setLength(open.length() - 1);
                continue;
            }
            String[] parts = open.toString().split("\\s+", 2);
            instructions.add(new Instruction(parts[0].toUpperCase(Locale.ROOT), parts.length == 1 ? "" : parts[1]));
            open.setLength(0);
        }
        return new DockerfileText(List.copyOf(instructions));
    }

    List<Instruction> all(String name) {
        return instructions.stream()
                .filter(instruction -> instruction.name().equals(name))
                .toList();
    }

    /** The instructions of the stage that becomes the image, without its FROM. */
    DockerfileText lastStage() {
        int from = instructions.lastIndexOf(all("FROM").getLast());
        return new DockerfileText(instructions.subList(from + 1, instructions.size()));
    }

    /** The images that stages begin with, with the defaults of arguments put in; stages are not among them. */
    List<String> baseImages() {
        Map<String, String> arguments = new HashMap<>();
        List<String> stages = new ArrayList<>();
        List<String> images = new ArrayList<>();
        for (Instruction instruction : instructions) {
            if (instruction.name().equals("ARG") && instruction.text().contains("=")) {
                String[] argument = instruction.text().split("=", 2);
                arguments.put(argument[0], argument[1]);
            }
            if (instruction.name().equals("FROM")) {
                List<String> words = instruction.words();
                String image = VARIABLE.matcher(words.getFirst())
                        .replaceAll(variable -> arguments.getOrDefault(variable.group(1), ""));
                if (!stages.contains(image)) {
                    images.add(image);
                }
                if (words.size() == 3) {
                    stages.add(words.get(2));
                }
            }
        }
        return images;
    }

    /** What is copied or mounted from the build context. */
    List<String> sourcesInContext() {
        List<String> sources = new ArrayList<>();
        for (Instruction copy : all("COPY")) {
            if (copy.flags("from").isEmpty()) {
                sources.addAll(copy.words().subList(0, copy.words().size() - 1));
            }
        }
        for (Instruction run : all("RUN")) {
            for (String mount : run.flags("mount")) {
                if (mount.startsWith("type=bind,") && !mount.contains(",from=")) {
                    sources.add(mount.replaceAll(".*\\bsource=([^,]+).*", "$1"));
                }
            }
        }
        return sources;
    }

    /** Whether a .dockerignore keeps this path out of the build context; the last line that matches decides. */
    static boolean ignores(Path dockerignore, String path) throws IOException {
        boolean ignored = false;
        for (String line : Files.readAllLines(dockerignore)) {
            String pattern = line.strip();
            if (pattern.isEmpty() || pattern.startsWith("#")) {
                continue;
            }
            boolean again = pattern.startsWith("!");
            if (covers(again ? pattern.substring(1) : pattern, path)) {
                ignored = !again;
            }
        }
        return ignored;
    }

    /** The pattern names the path or a folder above it. */
    private static boolean covers(String pattern, String path) {
        for (Path part = Path.of(path); part != null; part = part.getParent()) {
            Path looked = part;
            // "**/x" means x at the top too, which a glob of Java's does not.
            if (List.of(pattern, pattern.replaceFirst("^\\*\\*/", "")).stream()
                    .anyMatch(glob -> FileSystems.getDefault()
                            .getPathMatcher("glob:" + glob)
                            .matches(looked))) {
                return true;
            }
        }
        return false;
    }
}
