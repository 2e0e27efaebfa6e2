package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.Author;
import dev.lair.server.LairServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.ledger.Ledger;
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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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

/**
 * One server over memory for all tests of the door; each test writes packages of its own. Every JSON reply is held against
 * the contract as it comes in.
 */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "lair.storage=memory",
            "lair.ledger.checkpoint-interval=0ms",
            "lair.namespaces=test",
            "lair.publish.max-content=64KB",
            "lair.content.collect-every=1d",
            "lair.publish.sweep-every=1d",
            "lair.warg.hint-packages=far:known,test:not-imported",
            "logging.level.root=warn"
        })
@Import(HttpTest.Beans.class)
abstract class HttpTest {

    private static final Contract CONTRACT = Contract.read();
    private static final AtomicInteger NAMES = new AtomicInteger();
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
    Ledger ledger;

    @Value("${local.server.port}")
    int port;

    /** A reply, read to its end. */
    record Reply(int status, HttpResponse<byte[]> response) {

        byte[] bytes() {
            return response.body();
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        JsonNode json() {
            assertThat(header("content-type")).contains("application/json");
            return JsonMapper.shared().readTree(bytes());
        }

        JsonNode json(int expected) {
            assertThat(status).as(this::text).isEqualTo(expected);
            if (expected >= 400) {
                assertThat(json().get("status").asInt()).isEqualTo(expected);
            }
            return json();
        }

        /** An error with exactly these members beside its status. */
        void requireError(int expected, String members) {
            String body = "{\"status\":" + expected + (members.isEmpty() ? "" : ",") + members + "}";
            assertThat(json(expected)).isEqualTo(JsonMapper.shared().readTree(body));
        }

        void requireMessage(int expected, String... words) {
            JsonNode body = json(expected);
            assertThat(body.propertyNames()).containsExactlyInAnyOrder("status", "message");
            for (String word : words) {
                assertThat(body.get("message").asString()).contains(word);
            }
        }

        private String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/" + path);
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(
                    request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
            Reply reply = new Reply(response.statusCode(), response);
            requireContract(response, reply);
            return reply;
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void requireContract(HttpResponse<byte[]> response, Reply reply) {
        assertThat(reply.header("x-content-type-options")).contains("nosniff");
        String type = reply.header("content-type").orElse("");
        assertThat(type.toLowerCase(Locale.ROOT)).doesNotContain("html");
        if (type.contains("json") && response.body().length > 0) {
            assertThat(type).isEqualTo("application/json");
            assertThat(CONTRACT.faults(
                            response.request().method(),
                            response.request().uri().getPath(),
                            response.statusCode(),
                            reply.json()))
                    .isEmpty();
        }
    }

    Reply get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    Reply post(String path, String json) {
        return post(path, json.getBytes(StandardCharsets.UTF_8));
    }

    Reply post(String path, byte[] body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Reply post(String path, Object body) {
        return post(path, WargJson.write(body));
    }

    /** An author of a package that no other test has. */
    Author author() {
        int number = NAMES.incrementAndGet();
        StringBuilder name = new StringBuilder();
        for (int left = number; left > 0; left /= 26) {
            name.append((char) ('a' + left % 26));
        }
        return Author.of("test:x-" + name, clock);
    }

    static byte[] contentOf(Author author, String version) {
        return Wasm.component(author.name() + "@" + version);
    }

    Reply publish(Author author, SignedPackageRecord record) {
        return post(
                WargPaths.publishRecord(author.log()),
                new PublishRequest(author.name().toString(), RecordBody.of(record.envelope()), null));
    }

    /** As the reference's client does it: a stream without length, type and token. */
    Reply upload(String path, byte[] content) {
        return send(HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))));
    }

    Reply upload(Author author, SignedPackageRecord record, byte[] content) {
        return upload(WargPaths.uploadContent(author.log(), record.id(), Digest.of(content)), content);
    }

    /** Publishes a release with its content and answers its registry index. */
    long release(Author author, String version) {
        byte[] content = contentOf(author, version);
        SignedPackageRecord record = author.release(version, content);
        publish(author, record).json(202);
        upload(author, record, content).json(201);
        JsonNode status =
                get(WargPaths.packageRecord(author.log(), record.id())).json(200);
        assertThat(status.get("state").asString()).isEqualTo("published");
        return status.get("registryIndex").asLong();
    }

    long size() {
        return ledger.publishedSize();
    }

    static List<String> names(JsonNode node) {
        return List.copyOf(node.propertyNames());
    }
}
