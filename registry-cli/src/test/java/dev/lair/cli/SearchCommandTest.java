package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.registry.api.SearchDocuments.Facet;
import dev.lair.registry.api.SearchDocuments.FacetValue;
import dev.lair.registry.api.SearchDocuments.Hit;
import dev.lair.registry.api.SearchDocuments.Match;
import dev.lair.registry.api.SearchDocuments.Results;
import dev.lair.registry.api.SearchDocuments.Segment;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair search}: what is asked, and what people and programs read. */
class SearchCommandTest {

    private static final String SEARCH = "GET api/v1/search";

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static Results results(boolean approximate, @Nullable String next) {
        Hit hit = new Hit(
                "acme:http",
                "1.2.0",
                "component",
                false,
                List.of(new Segment("acme:", false), new Segment("http", true)),
                List.of(new Segment("a server \u001b[31m for ", false), new Segment("http", true)),
                List.of(new Match("interface", List.of(new Segment("wasi:http/types", false)))),
                List.of("network"),
                "MIT",
                List.of("Rust"),
                "key",
                "2026-01-01T00:00:00Z",
                3);
        return new Results(
                "http",
                2,
                approximate,
                7,
                List.of(hit),
                List.of(new Facet("kind", List.of(new FacetValue("component", 2)))),
                next);
    }

    @Test
    void hitsAreShownWithoutALoginAndTerminalsStayAsTheyWere() {
        registry.on(SEARCH, asked -> {
            assertThat(asked.query()).isEqualTo("q=http & exports:wasi:http/handler@0.3 \"a b\"&limit=20");
            assertThat(asked.header("Authorization")).isEmpty();
            return FakeRegistry.Answer.api(200, results(false, "CURSOR"));
        });
        LairRun.Outcome outcome = lair.run("search", "http", "&", "exports:wasi:http/handler@0.3", "\"a b\"");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out())
                .isEqualTo(
                        "acme:http@1.2.0  component\n    a server \ufffd[31m for http\n    interface: wasi:http/types\n"
                                + "2 packages found; the next page: --cursor CURSOR\n");
    }

    @Test
    void programsReadTheAnswerOfTheRegistry() {
        registry.on(SEARCH, asked -> {
            assertThat(asked.query()).isEqualTo("q=http&limit=5&cursor=x+y");
            return FakeRegistry.Answer.api(200, results(true, null));
        });
        LairRun.Outcome outcome = lair.run("search", "--json", "--limit", "5", "--cursor", "x+y", "http");
        assertThat(outcome.json().get("total").asInt()).isEqualTo(2);
        assertThat(outcome.json().get("hits").get(0).get("name").asString()).isEqualTo("acme:http");
        assertThat(lair.run("search", "--limit", "5", "--cursor", "x+y", "--facets", "http")
                        .out())
                .startsWith("nothing has these words; near spellings:\n")
                .contains("kind\n    kind:component  2\n")
                .endsWith("2 packages found\n");
    }

    @Test
    void aQueryThatIsRefusedSaysWhere() {
        registry.on(
                SEARCH,
                asked -> FakeRegistry.Answer.problem(Problem.Kind.MALFORMED_QUERY, "at character 5: no such kind"));
        LairRun.Outcome outcome = lair.run("search", "kind:x");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("at character 5: no such kind");
    }
}
