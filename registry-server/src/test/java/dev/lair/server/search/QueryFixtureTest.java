package dev.lair.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.SearchDocuments.Hit;
import dev.lair.registry.api.SearchDocuments.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The queries of {@code search-queries.txt} over all of WASI and the real components, each with the packages that it finds in
 * their order. What is expected was written down from what somebody wants who asks so; the reason stands beside it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryFixtureTest {

    private static final Path FILE = Path.of("src", "test", "resources", "search-queries.txt");
    private static final int SHOWN = 12;

    private OpenSearch search;

    @BeforeAll
    void seed() throws Exception {
        search = SharedRegistry.open();
    }

    @AfterAll
    void close() throws Exception {
        if (search != null) {
            search.close();
        }
    }

    /** Lines {@code ? query}, then a name each, then {@code + N} for those that follow; {@code ~} before near spellings. */
    private static Map<String, List<String>> fixture() throws Exception {
        Map<String, List<String>> queries = new LinkedHashMap<>();
        List<String> expected = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith("? ")) {
                expected = new ArrayList<>();
                assertThat(queries.put(line.substring(2), expected)).as(line).isNull();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                expected.add(line.strip());
            }
        }
        return queries;
    }

    private List<String> found(String query, int shown) throws Exception {
        Results results = search.search(query);
        List<String> lines = new ArrayList<>();
        if (results.approximate()) {
            lines.add("~");
        }
        results.hits().stream().limit(shown).map(Hit::name).forEach(lines::add);
        if (results.total() > shown) {
            lines.add("+ " + (results.total() - shown));
        }
        return lines;
    }

    @Test
    void everyQueryOfTheFileFindsWhatItSaysInThatOrder() throws Exception {
        Map<String, List<String>> queries = fixture();
        StringBuilder actual = new StringBuilder();
        Map<String, List<String>> wrong = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> each : queries.entrySet()) {
            int names = (int) each.getValue().stream()
                    .filter(line -> line.indexOf(':') > 0)
                    .count();
            List<String> found = found(
                    each.getKey(), each.getValue().stream().anyMatch(line -> line.startsWith("+")) ? names : SHOWN);
            actual.append("? ").append(each.getKey()).append('\n');
            found.forEach(line -> actual.append(line).append('\n'));
            actual.append('\n');
            if (!found.equals(each.getValue())) {
                wrong.put(each.getKey(), found);
            }
        }
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("search-queries.actual.txt"), actual);
        assertThat(queries).hasSizeGreaterThanOrEqualTo(60);
        assertThat(wrong)
                .as("found in another order; see target/search-queries.actual.txt")
                .isEmpty();
    }
}
