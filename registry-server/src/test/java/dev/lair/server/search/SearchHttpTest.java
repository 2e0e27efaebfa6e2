package dev.lair.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.LairServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.Wits;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.PublishRequest;
import dev.lair.server.publish.PublishService;
import dev.lair.server.warg.Contract;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/v1/search} over HTTP; each reply is held against {@code lair.yaml}. */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "lair.storage=memory",
            "lair.namespaces=test",
            "lair.ledger.checkpoint-interval=0ms",
            "lair.content.collect-every=1d",
            "lair.publish.sweep-every=1d",
            "logging.level.root=warn"
        })
@Import(SearchHttpTest.Beans.class)
class SearchHttpTest {

    private static final Contract CONTRACT = Contract.read("lair.yaml");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        @Primary
        TestClock testClock() {
            return new TestClock();
        }
    }

    @DynamicPropertySource
    static void operatorKey(DynamicPropertyRegistry registry) {
        registry.add("lair.operator-key-file", OperatorKeyFile.PATH::toString);
    }

    @Autowired
    TestClock clock;

    @Autowired
    PublishService publishing;

    @Autowired
    Search search;

    @Value("${local.server.port}")
    int port;

    private HttpResponse<byte[]> get(String path, String query, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/" + path + query))
                .timeout(Duration.ofSeconds(30));
        HttpResponse<byte[]> reply = CLIENT.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (reply.body().length > 0) {
            assertThat(CONTRACT.faults("GET", "/" + path, reply.statusCode(), json(reply)))
                    .isEmpty();
        }
        assertThat(reply.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(reply.headers().firstValue("x-content-type-options")).contains("nosniff");
        return reply;
    }

    private static JsonNode json(HttpResponse<byte[]> reply) {
        return JsonMapper.shared().readTree(reply.body());
    }

    private static String q(String query) {
        return "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private void release(String name, String version, byte[] content) throws Exception {
        Author author = Author.of(name, clock);
        SignedPackageRecord record = author.release(version, content);
        if (publishing.publish(new PublishRequest(author.name(), record)) instanceof Publication.Sourcing) {
            publishing.upload(author.log(), record.id(), Digest.of(content), new ByteArrayInputStream(content));
        }
        assertThat(publishing.status(author.log(), record.id())).get().isInstanceOf(Publication.Published.class);
    }

    @Test
    void aPublishedPackageIsFoundByItselfAndTheAnswerMayBeKeptForAMoment() throws Exception {
        release("test:found", "1.0.0", Wits.exporting("wasi:http/incoming-handler@0.2.0"));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        String query = q("exports:wasi:http/incoming-handler@0.2 found");
        HttpResponse<byte[]> reply = get(ApiPaths.SEARCH, query);
        while (json(reply).get("total").asInt() == 0 && System.nanoTime() < deadline) {
            reply = get(ApiPaths.SEARCH, query);
        }
        assertThat(reply.statusCode()).isEqualTo(200);
        JsonNode hit = json(reply).get("hits").get(0);
        assertThat(hit.get("name").asString()).isEqualTo("test:found");
        assertThat(hit.get("version").asString()).isEqualTo("1.0.0");
        assertThat(hit.get("provenance").asString()).isEqualTo("key");
        assertThat(reply.headers().firstValue("cache-control")).contains("max-age=10, public");
        String tag = reply.headers().firstValue("etag").orElseThrow();
        assertThat(get(ApiPaths.SEARCH, query, "If-None-Match", tag).statusCode())
                .isEqualTo(304);
    }

    @Test
    void suggestionsAnswerWhatBeginsSo() throws Exception {
        release("test:suggested", "1.0.0", Wits.exporting("a:b/i@1.0.0"));
        search.catchUp();
        HttpResponse<byte[]> reply = get(ApiPaths.SUGGEST, q("sugg"));
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(json(reply).get("suggestions").get(0).get("text").asString()).isEqualTo("test:suggested");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind:banana", "\"open", "***", "exports:x@9.9"})
    void aQueryThatCannotBeReadIsAProblemThatNamesThePlace(String query) throws Exception {
        HttpResponse<byte[]> reply = get(ApiPaths.SEARCH, q(query));
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(json(reply).get("type").asString()).isEqualTo("urn:lair:problem:malformed-query");
        assertThat(json(reply).get("detail").asString()).startsWith("at character ");
        assertThat(json(reply).get("field").asString()).isEqualTo("q");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?q=x&limit=0", "?q=x&limit=101", "?q=x&limit=many", "?q=x&cursor=none", "?q=x&cursor=%25"})
    void parametersThatCannotBeAreProblems(String query) throws Exception {
        assertThat(get(ApiPaths.SEARCH, query).statusCode()).isEqualTo(400);
    }

    @Test
    void aLongQueryIsAProblem() throws Exception {
        assertThat(get(ApiPaths.SEARCH, q("a".repeat(257))).statusCode()).isEqualTo(400);
    }
}
