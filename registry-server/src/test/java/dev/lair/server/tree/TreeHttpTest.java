package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.Author;
import dev.lair.server.LairServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteRejected;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
 * One server over memory for all tests of the tree, with more than a full tile in either log: each record has a checkpoint
 * of its own. Every reply is held to what the whole tree promises as it comes in.
 */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "lair.storage=memory",
            "lair.namespaces=test",
            "lair.public-url=https://registry.example/base",
            "lair.ledger.checkpoint-interval=0ms",
            "lair.content.collect-every=1d",
            "lair.publish.sweep-every=1d",
            "logging.level.root=warn"
        })
@Import(TreeHttpTest.Beans.class)
abstract class TreeHttpTest {

    /** As the web server spells it, without the space that is allowed there. */
    static final String TEXT = "text/plain;charset=utf-8";

    private static final int RECORDS = 300;
    private static final PrivateKey KEY = PrivateKey.generate(new SecureRandom());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** What the first few records carry: together more than the server holds of a bundle. */
    private static final int LARGE_RECORDS = 30;

    private static final String LARGE = "x".repeat(40_000);

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

    @BeforeEach
    void fill() {
        if (ledger.publishedSize() < RECORDS) {
            RecordId head = null;
            for (int i = 0; i < RECORDS; i++) {
                SignedRecord signed = SignedRecord.sign(
                        RecordDomain.PACKAGE,
                        ("record " + i + (i < LARGE_RECORDS ? LARGE : "")).getBytes(StandardCharsets.UTF_8),
                        KEY);
                head = append(Author.of("test:filling", clock), signed, head);
            }
        }
    }

    /** Appends what no door would take, and waits for its checkpoint. */
    private RecordId append(Author author, SignedRecord signed, @Nullable RecordId prev) {
        RecordId id = signed.recordId(RecordDomain.PACKAGE);
        OpenLedger.await(ledger.append(new NewRecord(author.log(), id, prev, signed, author.name(), List.of()))
                .covered());
        return id;
    }

    /** Appends a record of this author, whose head before it was {@code prev}. */
    void append(Author author, SignedPackageRecord record, @Nullable RecordId prev) {
        append(author, record.envelope(), prev);
    }

    /** A reply, read to its end. */
    record Reply(int status, HttpResponse<byte[]> response) {

        byte[] bytes() {
            return response.body();
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(bytes());
        }

        Reply requireOk() {
            assertThat(status).as(this::text).isEqualTo(200);
            return this;
        }

        /** Not there, in words, and not to be remembered by a cache. */
        void requireNotFound() {
            assertThat(status).as(this::text).isEqualTo(404);
            assertThat(header("content-type")).contains("application/json");
            assertThat(header("cache-control")).contains("no-store");
            assertThat(json().get("status").asInt()).isEqualTo(404);
            assertThat(json().get("message").asString()).isNotBlank();
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/" + path);
    }

    Reply get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    Reply send(String method, String path) {
        return send(HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(
                    request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
            Reply reply = new Reply(response.statusCode(), response);
            assertThat(reply.header("access-control-allow-origin")).contains("*");
            assertThat(reply.header("x-content-type-options")).contains("nosniff");
            assertThat(reply.header("vary").orElse("Accept-Encoding")).isEqualTo("Accept-Encoding");
            assertThat(reply.header("content-type").orElse("").toLowerCase(Locale.ROOT))
                    .doesNotContain("html");
            return reply;
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    RegistryConfig config() {
        try {
            return WargJson.readReply(get("config.json").requireOk().bytes(), RegistryConfig.class);
        } catch (MalformedBodyException e) {
            throw new AssertionError(e);
        }
    }

    /** The verified checkpoint of a note, which all keys of its log signed. */
    static CheckpointText verified(String note, RegistryConfig.LogConfig log) {
        List<NoteKey> keys = new ArrayList<>();
        log.keys().forEach(key -> keys.add(NoteKey.parse(key)));
        try {
            SignedNote signed = SignedNote.parse(note);
            assertThat(signed.verify(keys)).hasSize(keys.size());
            CheckpointText checkpoint = CheckpointText.parse(signed.text());
            assertThat(checkpoint.origin()).isEqualTo(log.origin());
            return checkpoint;
        } catch (NoteRejected e) {
            throw new AssertionError(e);
        }
    }
}
