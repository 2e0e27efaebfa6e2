package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.registry.warg.WargBodies.ContentSourcesResponse;
import dev.lair.transparency.Digest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that lets nobody in without a token ({@code lair.access=private}), and whom the token is shown to. */
class PrivateRegistryTest {

    private static final Digest DIGEST = Digest.of(Vectors.CONTENT);

    private final String token =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
    private final List<String> shownElsewhere = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private HttpServer elsewhere;
    private LairRun lair;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry(Ledger.worked());
        registry.wanted = token;
        lair = new LairRun(folder).registry(registry);
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            shownElsewhere.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(200, Vectors.CONTENT.length);
            exchange.getResponseBody().write(Vectors.CONTENT);
            exchange.close();
        });
        elsewhere.start();
    }

    @AfterEach
    void stop() {
        registry.close();
        elsewhere.stop(0);
    }

    private LairRun.Outcome run(String... arguments) {
        LairRun.Outcome outcome = lair.run(arguments);
        assertThat(outcome.all()).doesNotContain(token);
        return outcome;
    }

    private String bucket() {
        return "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/bucket/content";
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "verify test:component", "log test:component", "pull test:component", "monitor"})
    void everyReadingCommandShowsTheTokenOnceItIsAskedFor(String command) {
        lair.variables.put("LAIR_TOKEN", token);
        LairRun.Outcome outcome = run(command.split(" "));
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        // Asked as nobody once at most, and then as who we are at every door.
        assertThat(registry.asked.stream()
                        .filter(asked -> asked.header("Authorization").isEmpty()))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void tokenIsNotShownWhereContentLiesElsewhere() {
        lair.variables.put("LAIR_TOKEN", token);
        registry.lie(
                "v1/content/",
                ContentSourcesResponse.class,
                honest -> new ContentSourcesResponse(
                        Map.of(DIGEST, List.of(ContentSource.httpGet(bucket(), Vectors.CONTENT.length)))));
        LairRun.Outcome outcome = run("pull", "test:component");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(shownElsewhere).containsExactly("null");
    }

    @Test
    void tokenDoesNotFollowARedirectToAnotherHost() {
        lair.variables.put("LAIR_TOKEN", token);
        registry.lie(
                "content/",
                answer -> answer.status() == 401
                        ? answer
                        : new FakeRegistry.Answer(307, new byte[0], Map.of("Location", bucket())));
        LairRun.Outcome outcome = run("pull", "test:component");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(shownElsewhere).containsExactly("null");
    }

    @Test
    void withoutATokenTheCommandSaysHowToGetOne() {
        LairRun.Outcome outcome = run("verify");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("(401): members only").contains("hint: this registry is private");
    }

    @Test
    void tokenThatTheRegistryDoesNotTakeIsRefusedAndNotTriedAgain() {
        String other =
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
        lair.variables.put("LAIR_TOKEN", other);
        LairRun.Outcome outcome = run("verify");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.all()).doesNotContain(other);
        assertThat(registry.requests.stream().filter(registry.requests.getFirst()::equals))
                .hasSize(2);
    }

    @Test
    void publishingWithAnOwnKeyShowsItTooAndSendsContentOnce() throws Exception {
        lair.variables.put("LAIR_TOKEN", token);
        Files.write(folder.resolve("hello.wasm"), new byte[] {1, 2, 3});
        assertThat(run("key", "new").exitCode()).isZero();
        LairRun.Outcome outcome =
                run("publish", "hello.wasm", "--package", "test:fresh", "--version", "1.0.0", "--own-key");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(registry.requests.stream().filter(request -> request.contains("/content/sha256")))
                .hasSize(1);
    }
}
