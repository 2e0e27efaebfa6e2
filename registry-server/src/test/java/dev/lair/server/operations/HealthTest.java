package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.Author;
import dev.lair.server.LairServer;
import dev.lair.server.TestClock;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageStoppedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code /health}, {@code /health/live} and {@code /health/ready} say of a server that fares well or badly. */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"lair.storage=memory", "lair.namespaces=test", "logging.level.root=off"})
@Import(HealthTest.Beans.class)
// A ledger that stopped stays so.
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
class HealthTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Puts a watched ledger into the storage that the server opened. */
    static final class WatchedStorage implements BeanPostProcessor {

        private @Nullable WatchedLedgerStore ledger;

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof Storage storage) {
                WatchedLedgerStore watched = new WatchedLedgerStore(storage.ledger());
                ledger = watched;
                return watched.in(storage);
            }
            return bean;
        }

        WatchedLedgerStore ledger() {
            return Objects.requireNonNull(ledger);
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        static WatchedStorage watchedStorage() {
            return new WatchedStorage();
        }

        @Bean
        @Primary
        TestClock testClock() {
            return new TestClock();
        }
    }

    @Autowired
    WatchedStorage storage;

    @Autowired
    TestClock clock;

    @Value("${local.server.port}")
    int port;

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(
                    request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path));
    }

    private JsonNode get(String path, int status) {
        HttpResponse<byte[]> reply = send(request(path));
        assertThat(reply.statusCode()).as(path).isEqualTo(status);
        assertThat(reply.headers().firstValue("content-type")).contains("application/json");
        assertThat(reply.headers().firstValue("cache-control")).contains("no-store");
        return JsonMapper.shared().readTree(reply.body());
    }

    /** A record that releases nothing, so that it goes straight to the ledger. */
    private int publish(Author author) {
        RecordBody record = RecordBody.of(
                author.write(new PackageEntry.Init(author.key().publicKey())).envelope());
        byte[] body = WargJson.write(new PublishRequest(author.name().toString(), record, null));
        return send(request(WargPaths.publishRecord(author.log()))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                .statusCode();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void aServerThatIsWellSaysSoOfEachComponent() {
        assertThat(get("health", 200)).isEqualTo(json("{\"status\":\"up\",\"treeSize\":1}"));
        assertThat(get("health/live", 200)).isEqualTo(json("{\"status\":\"up\"}"));
        clock.move(Duration.ofSeconds(5));
        assertThat(get("health/ready", 200)).isEqualTo(json("""
                                {"status":"up","components":{
                                  "ledger":{"status":"up"},
                                  "storage":{"status":"up"},
                                  "checkpoint":{"status":"up","ageSeconds":5,"limitSeconds":180}}}
                                """));
    }

    @Test
    void aClockThatRanBackwardsMakesNoCheckpointOld() {
        clock.move(Duration.ofDays(-1));
        assertThat(get("health/ready", 200)
                        .at("/components/checkpoint/ageSeconds")
                        .asLong())
                .isZero();
    }

    @Test
    void aStoppedLedgerIsNotReadyAndIsAlive() {
        storage.ledger().beforeCommit(batch -> {
            throw new StorageStoppedException("the disk of node7 is gone", new IOException("EIO"));
        });
        assertThat(publish(Author.of("test:stopped", clock))).isEqualTo(503);
        JsonNode ready = get("health/ready", 503);
        assertThat(ready.get("status").asString()).isEqualTo("down");
        assertThat(ready.at("/components/ledger/status").asString()).isEqualTo("down");
        assertThat(ready.at("/components/ledger/reason").asString())
                .contains("takes no records")
                .doesNotContain("node7");
        assertThat(ready.at("/components/storage/status").asString()).isEqualTo("up");
        assertThat(get("health", 503).get("status").asString()).isEqualTo("down");
        get("health/live", 200);
    }

    @Test
    void aCheckpointThatIsNotSignedAgainMakesTheServerUnready() {
        CountDownLatch released = new CountDownLatch(1);
        storage.ledger().beforeCheckpoint(WatchedLedgerStore.until(released));
        clock.move(Duration.ofMinutes(10));
        JsonNode ready = get("health/ready", 503);
        assertThat(ready.get("components").get("checkpoint")).isEqualTo(json("""
                                {"status":"down","reason":"the newest checkpoint is too old: nothing signs",
                                 "ageSeconds":600,"limitSeconds":180}
                                """));
        released.countDown();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> get("health/ready", 200));
    }
}
