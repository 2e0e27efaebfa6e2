package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.tree.TreePaths;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;

/** The contract {@code lair.yaml} against the mappings of the running server, and its examples of paths against replies. */
class TreeContractTest extends TreeHttpTest {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    private static Map<String, Object> contract() {
        try (InputStream in = TreeContractTest.class.getResourceAsStream("/openapi/lair.yaml")) {
            return new Yaml().load(Objects.requireNonNull(in, "the module openapi is not on the path"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked") // YAML objects have text keys.
    private static Map<String, Object> at(Map<String, Object> node, String... path) {
        Map<String, Object> found = node;
        for (String step : path) {
            found = (Map<String, Object>) Objects.requireNonNull(found.get(step), step);
        }
        return found;
    }

    /** Those of the tree; the contract has the API's too. */
    private static Set<String> paths() {
        return at(contract(), "paths").keySet().stream()
                .filter(path -> !path.startsWith("/api/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a parameter is called does not matter, and what has slashes in it is one mapping. */
    private static String shape(String path) {
        return path.replaceAll("\\{[^}]*}", "{}")
                .replaceAll("^/(log|evidence)/tile/.*", "/$1/tile/**")
                .replaceAll("^/records/.*", "/records/**");
    }

    @Test
    void contractAndServerHaveTheSamePathsAllToBeRead() {
        Set<String> served = new TreeSet<>();
        mappings.getHandlerMethods()
                .keySet()
                .forEach(info -> info.getPatternValues().stream()
                        .filter(path ->
                                TreeHeaders.SEGMENTS.contains(path.substring(1).split("/")[0]))
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + shape(path)))));
        Set<String> stated = new TreeSet<>();
        paths().forEach(path -> {
            assertThat(at(contract(), "paths", path).keySet()).as(path).containsExactly("get");
            stated.add("GET " + shape(path));
        });
        assertThat(served).isEqualTo(stated);
        assertThat(served).hasSize(16);
    }

    @Test
    void everySegmentOfTheTreeIsOpenToPages() {
        Set<String> stated =
                paths().stream().map(path -> path.substring(1).split("/")[0]).collect(Collectors.toSet());
        assertThat(TreeHeaders.SEGMENTS).isEqualTo(stated);
    }

    @Test
    void bodiesHaveTheMembersThatTheContractRequiresAndNoOthers() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put(TreePaths.CONFIG, "RegistryConfig");
        bodies.put("proof/map/test/nowhere", "MapAnswer");
        bodies.put("log/tile/0/x999/999", "Error");
        bodies.forEach((path, schema) -> {
            Map<String, Object> stated = at(contract(), "components", "schemas", schema);
            assertThat(get(path).json().propertyNames())
                    .as(path)
                    .containsExactlyInAnyOrderElementsOf(
                            at(stated, "properties").keySet());
            assertThat(stated.get("required"))
                    .as(path)
                    .isEqualTo(List.copyOf(at(stated, "properties").keySet()));
        });
    }
}
