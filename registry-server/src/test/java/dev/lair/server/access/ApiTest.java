package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.LairServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.warg.Contract;
import dev.lair.signing.SecretFile;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import dev.lair.storage.registry.SessionRows;
import dev.lair.storage.registry.TokenRows;
import dev.lair.storage.registry.TrustedTokenRows;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
 * One server over memory for all tests of accounts and rights; each test makes people and namespaces of its own. Every JSON
 * reply is held against {@code lair.yaml} as it comes in.
 */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "lair.storage=memory",
            "lair.ledger.checkpoint-interval=0ms",
            "lair.namespaces=test",
            "lair.content.collect-every=1d",
            "lair.publish.sweep-every=1d",
            // The clock of tests stands still, so no count ever comes back.
            "lair.rate-limits.logins-per-minute=0",
            "lair.rate-limits.requests-per-minute=0",
            "logging.level.root=warn"
        })
@Import(ApiTest.Beans.class)
public abstract class ApiTest {

    /** Of the account {@code administrator}. */
    protected static final String ADMINISTRATOR_PASSWORD = "correct horse battery";

    /** {@code lair.yaml}. */
    protected static final Contract CONTRACT = Contract.read("lair.yaml");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Path PASSWORD_FILE = passwordFile();

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        @Primary
        TestClock testClock() {
            return new TestClock();
        }
    }

    @DynamicPropertySource
    static void files(DynamicPropertyRegistry registry) {
        registry.add("lair.operator-key-file", OperatorKeyFile.PATH::toString);
        registry.add("lair.accounts.administrator-password-file", PASSWORD_FILE::toString);
    }

    private static Path passwordFile() {
        try {
            Path file = Files.createTempDirectory("lair-test").resolve("password");
            SecretFile.write(file, ADMINISTRATOR_PASSWORD);
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Autowired
    protected TestClock clock;

    @Autowired
    protected RegistryStore store;

    @Value("${local.server.port}")
    int port;

    /** A token of a trusted publisher for these packages of one namespace, in the tables alone. */
    protected String trustedToken(List<String> packages) {
        TokenText token = TokenText.generate(TokenText.Kind.TP, RANDOM);
        String number = token.digest().hex().substring(0, 16);
        String namespace = PackagePattern.parse(packages.getFirst()).namespace().value();
        write(rows -> {
            rows.publishers()
                    .add(new PublisherRows.Publisher(
                            "pub_" + number,
                            namespace,
                            packages,
                            "https://issuer.example",
                            "github",
                            "acme",
                            "65",
                            "door",
                            "74",
                            "release.yml",
                            "",
                            "",
                            "",
                            List.of(),
                            "{}",
                            List.of("publish"),
                            PublisherRows.Status.ACTIVE,
                            rows.namespaces().find(namespace).orElseThrow().createdBy(),
                            clock.instant(),
                            Optional.empty(),
                            Optional.empty()));
            rows.trustedTokens()
                    .add(new TrustedTokenRows.Token(
                            "tpt_" + number,
                            token.digest(),
                            "pub_" + number,
                            namespace,
                            packages,
                            "publish",
                            List.of(),
                            "https://issuer.example",
                            "{\"repository\":\"acme/door\"}",
                            clock.instant(),
                            clock.instant().plus(Duration.ofMinutes(15)),
                            Optional.empty()));
        });
        return token.secret();
    }

    /** A reply, read to its end. */
    public record Reply(HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        public JsonNode json(int expected) {
            assertThat(status()).as(this::text).isEqualTo(expected);
            return json();
        }

        public Reply require(int expected) {
            assertThat(status()).as(this::text).isEqualTo(expected);
            return this;
        }

        public Reply requireProblem(Problem.Kind kind, String... words) {
            assertThat(status()).as(this::text).isEqualTo(kind.status());
            assertThat(header("content-type")).contains(ApiJson.PROBLEM_TYPE);
            assertThat(json().get("type").asString()).as(this::text).isEqualTo(kind.type());
            for (String word : words) {
                assertThat(json().get("detail").asString()).contains(word);
            }
            return this;
        }
    }

    /** Sends a request; {@code token} and {@code body} may be null. */
    protected Reply send(String method, String path, @Nullable String token, @Nullable Object body) {
        HttpRequest.Builder request = request(path);
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(
                        body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : ApiJson.write(body));
        return send(request.method(method, publisher));
    }

    protected HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
                .timeout(Duration.ofSeconds(60));
    }

    protected static Reply send(HttpRequest.Builder request) {
        try {
            Reply reply = new Reply(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
            if (reply.header("content-type").orElse("").contains("json")) {
                HttpRequest sent = reply.response().request();
                assertThat(CONTRACT.faults(sent.method(), sent.uri().getPath(), reply.status(), reply.json()))
                        .isEmpty();
            }
            return reply;
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    protected Reply get(String path, @Nullable String token) {
        return send("GET", path, token, null);
    }

    protected Reply post(String path, @Nullable String token, @Nullable Object body) {
        return send("POST", path, token, body);
    }

    protected void write(Consumer<RegistryRows> change) {
        store.write(rows -> {
            change.accept(rows);
            return rows;
        });
    }

    /** A name that no other test has, and that looks like no other: numbers alone would. */
    protected static String unique(String word) {
        byte[] hash = Digest.of(Integer.toString(NUMBERS.incrementAndGet()).getBytes(StandardCharsets.US_ASCII))
                .bytes();
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            letters.append("bcdfghkpqtxz".charAt((hash[i] & 0xff) % 12));
        }
        return word + "-" + letters;
    }

    /** An account, made without a password, which would take its time. */
    protected String account(String login) {
        write(rows -> rows.accounts()
                .add(new Account(
                        "acc_" + login,
                        login,
                        login,
                        AccountRows.Kind.PERSON,
                        false,
                        AccountRows.State.ACTIVE,
                        clock.instant())));
        return login;
    }

    /** A session of an account, fresh enough for everything. */
    protected String session(String login) {
        return session(login, Duration.ofMinutes(15));
    }

    protected String session(String login, Duration steppedUp) {
        TokenText token = TokenText.generate(TokenText.Kind.PAT, RANDOM);
        write(rows -> rows.sessions()
                .add(new SessionRows.Session(
                        token.digest(),
                        rows.accounts().byLogin(login).orElseThrow().id(),
                        clock.instant(),
                        clock.instant().plus(Duration.ofHours(1)),
                        clock.instant().plus(steppedUp))));
        return token.secret();
    }

    /** An API token of an account. */
    protected String apiToken(String login, List<String> scopes, List<String> packages) {
        TokenText token = TokenText.generate(TokenText.Kind.PAT, RANDOM);
        write(rows -> rows.tokens()
                .add(new TokenRows.Token(
                        "tok_" + token.digest().hex().substring(0, 16),
                        token.digest(),
                        rows.accounts().byLogin(login).orElseThrow().id(),
                        "of a test",
                        scopes,
                        packages,
                        clock.instant(),
                        clock.instant().plus(Duration.ofDays(90)),
                        Optional.empty(),
                        Optional.empty())));
        return token.secret();
    }

    /** A namespace that {@code owner} owns, in the tables alone. */
    protected String namespace(String name, String owner) {
        write(rows -> {
            rows.namespaces()
                    .add(new NamespaceRows.Namespace(
                            name, NamespaceRows.State.ACTIVE, "", false, "acc_" + owner, clock.instant()));
            rows.namespaces().setRole(name, "acc_" + owner, Role.OWNER, clock.instant());
        });
        return name;
    }

    protected void role(String namespace, String login, Role role) {
        write(rows -> rows.namespaces().setRole(namespace, "acc_" + login, role, clock.instant()));
    }

    /** As the tables keep it. */
    protected Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** The acts of a namespace in the audit log, oldest first. */
    protected List<String> acts(String namespace) {
        return store.read(rows -> rows.audit().ofNamespace(namespace, Long.MAX_VALUE, 100)).reversed().stream()
                .map(row -> row.act().act())
                .toList();
    }

    /** A session of the administrator, by password. */
    protected String administrator() {
        return post("api/v1/login", null, Map.of("login", "administrator", "password", ADMINISTRATOR_PASSWORD))
                .json(200)
                .get("token")
                .asString();
    }
}
