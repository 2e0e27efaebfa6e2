package dev.lair.e2e;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A compose file as far as tests look at it. */
record ComposeFile(Map<String, Object> root) {

    static ComposeFile read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return new ComposeFile(map(new Yaml(new SafeConstructor(new LoaderOptions())).load(reader)));
        }
    }

    /**
     * One service.
     *
     * @param name what the others call it
     */
    record Service(String name, Map<String, Object> body) {

        String image() {
            return String.valueOf(body.get("image"));
        }

        /** Ends by itself, and is not started again. */
        boolean isOneShot() {
            return "no".equals(body.get("restart"));
        }

        Map<String, Object> environment() {
            return sub("environment");
        }

        Map<String, Object> healthcheck() {
            return sub("healthcheck");
        }

        /** Conditions by service. */
        Map<String, String> dependsOn() {
            Map<String, String> conditions = new TreeMap<>();
            sub("depends_on")
                    .forEach((service, how) -> conditions.put(
                            service,
                            String.valueOf(map(Objects.requireNonNull(how)).get("condition"))));
            return conditions;
        }

        List<String> list(String key) {
            return ComposeFile.list(body.get(key));
        }

        /** Each {@code source:target[:ro]}. */
        List<Mount> mounts() {
            return list("volumes").stream()
                    .map(text -> text.split(":"))
                    .map(parts -> new Mount(parts[0], parts[1], parts.length > 2 && parts[2].equals("ro")))
                    .toList();
        }

        private Map<String, Object> sub(String key) {
            Object value = body.get(key);
            return value == null ? Map.of() : map(value);
        }
    }

    record Mount(String source, String target, boolean readOnly) {

        boolean isOfHost() {
            return source.startsWith(".") || source.startsWith("/");
        }
    }

    List<Service> services() {
        List<Service> services = new ArrayList<>();
        section("services").forEach((name, body) -> services.add(new Service(name, map(body))));
        return services;
    }

    Service service(String name) {
        return services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no service " + name));
    }

    Set<String> names(String section) {
        return new TreeSet<>(section(section).keySet());
    }

    Map<String, Object> section(String name) {
        return map(Objects.requireNonNull(root.get(name), name));
    }

    private static List<String> list(@Nullable Object value) {
        return value instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // YAML objects have text keys here.
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
