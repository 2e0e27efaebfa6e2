package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.IndexLine;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.Author;
import dev.lair.server.LairServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
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
 * A server with several namespaces, every kind of content, yanks and dependants. Each JSON reply is held against {@code lair.yaml}.
 */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "lair.storage=memory",
            "lair.namespaces=first,second,base",
            "lair.public-url=https://registry.example/base",
            "lair.ledger.checkpoint-interval=0ms",
            "lair.content.collect-every=1d",
            "lair.publish.sweep-every=1d",
            "logging.level.root=warn"
        })
@Import(SeededTreeTest.Beans.class)
abstract class SeededTreeTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Contract CONTRACT = Contract.read("lair.yaml");
    static final int RELEASES = 8;

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

    @Value("${local.server.port}")
    int port;

    @BeforeEach
    void seed() throws Exception {
        if (get("index/base/door").statusCode() == 200) {
            return;
        }
        Author door = Author.of("base:door", clock);
        release(door, "0.2.0", Wits.packageOf("package base:door@0.2.0; interface knock { knock: func(); }"));
        release(door, "0.2.1", Wits.packageOf("package base:door@0.2.1; interface knock { knock: func(); }"));
        Author guest = Author.of("first:guest", clock);
        release(guest, "1.0.0", Wits.importing("base:door/knock@0.2.0"));
        release(guest, "2.0.0", Wits.importing("base:door/knock@0.2.1", "base:other/thing"));
        Author host = Author.of("second:host", clock);
        release(host, "0.0.3", Wits.exporting("base:door/knock@0.2.1"));
        release(Author.of("second:core", clock), "2.0.0", Wasm.coreModule("core"));
        Author mixed = Author.of("first:mixed", clock);
        release(mixed, "1.0.0-RC.1", Wasm.component("candidate"));
        release(mixed, "1.0.0", Wasm.component("final"));
        publishing.publish(new PublishRequest(guest.name(), guest.yank("1.0.0")));
    }

    void release(Author author, String version, byte[] content) throws Exception {
        SignedPackageRecord record = author.release(version, content);
        if (publishing.publish(new PublishRequest(author.name(), record)) instanceof Publication.Sourcing) {
            publishing.upload(author.log(), record.id(), Digest.of(content), new ByteArrayInputStream(content));
        }
        assertThat(publishing.status(author.log(), record.id())).get().isInstanceOf(Publication.Published.class);
        // Told that it is published: it is in the index at once.
        assertThat(index(author.name()).getLast().version()).isEqualTo(version);
    }

    HttpResponse<byte[]> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path));
        try {
            HttpResponse<byte[]> reply = CLIENT.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(reply.headers().firstValue("access-control-allow-origin"))
                    .as(path)
                    .contains("*");
            return reply;
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    byte[] ok(String path) {
        HttpResponse<byte[]> reply = get(path);
        assertThat(reply.statusCode())
                .as(path + ": " + new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        if (reply.headers().firstValue("content-type").orElse("").startsWith("application/json")) {
            JsonNode json = JsonMapper.shared().readTree(reply.body());
            assertThat(CONTRACT.faults("GET", reply.uri().getPath(), 200, json))
                    .as(path)
                    .isEmpty();
        }
        return reply.body();
    }

    <T> T api(String path, Class<T> type) {
        return ApiJson.read(ok(path), type);
    }

    List<IndexLine> index(PackageName name) {
        return IndexLine.parse(ok(TreePaths.index(name)));
    }
}
