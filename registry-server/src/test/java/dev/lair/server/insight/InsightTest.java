package dev.lair.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.LairServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.PublishRequest;
import dev.lair.server.publish.PublishService;
import dev.lair.server.warg.Contract;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One server over memory for all tests of the API; each test writes packages of its own. Every JSON reply is held against
 * {@code lair.yaml} as it comes in, and every problem against what all problems promise.
 */
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
@Import(InsightTest.Beans.class)
abstract class InsightTest {

    static final Contract CONTRACT = Contract.read("lair.yaml");
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
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Value("${local.server.port}")
    int port;

    record Reply(HttpResponse<byte[]> response) {

        int status() {
            return response.statusCode();
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        Reply requireOk() {
            assertThat(status()).as(this::text).isEqualTo(200);
            return this;
        }

        void requireProblem(Problem.Kind kind) {
            assertThat(status()).as(this::text).isEqualTo(kind.status());
            assertThat(json().get("type").asString()).isEqualTo(kind.type());
        }
    }

    Reply get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
                .timeout(Duration.ofSeconds(30));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static Reply send(HttpRequest.Builder request) {
        try {
            Reply reply = new Reply(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
            assertThat(reply.header("access-control-allow-origin")).contains("*");
            assertThat(reply.header("x-content-type-options")).contains("nosniff");
            String type = reply.header("content-type").orElse("");
            if (type.contains("json") && reply.response().body().length > 0) {
                assertThat(CONTRACT.faults(
                                reply.response().request().method(),
                                reply.response().request().uri().getPath(),
                                reply.status(),
                                reply.json()))
                        .isEmpty();
            }
            if (reply.status() >= 400) {
                assertThat(type).isEqualTo("application/problem+json");
                assertThat(reply.header("cache-control")).contains("no-store");
                assertThat(reply.json().get("status").asInt()).isEqualTo(reply.status());
                assertThat(reply.json().get("hint").asString()).isNotBlank();
                assertThat(reply.json().get("requestId").asString())
                        .isEqualTo(reply.header("x-request-id").orElseThrow());
            }
            return reply;
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    SignedPackageRecord release(Author author, String version, byte[] content) throws Exception {
        SignedPackageRecord record = author.release(version, content);
        if (publishing.publish(new PublishRequest(author.name(), record)) instanceof Publication.Sourcing) {
            publishing.upload(author.log(), record.id(), Digest.of(content), new ByteArrayInputStream(content));
        }
        assertThat(publishing.status(author.log(), record.id())).get().isInstanceOf(Publication.Published.class);
        return record;
    }

    static String path(Author author, String version) {
        return ApiPaths.version(author.name(), SemVer.parse(version));
    }

    static List<String> texts(JsonNode array, String member) {
        return array.valueStream().map(each -> each.get(member).asString()).toList();
    }
}
