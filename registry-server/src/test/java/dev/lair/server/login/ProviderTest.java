package dev.lair.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.access.ApiTest;
import dev.lair.signing.SecretFile;
import dev.lair.storage.registry.AuditRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A registry with five providers: {@code honest} and {@code other} of an issuer that is not ours, {@code crooked} and
 * {@code octo} whose every word a test chooses, and {@code gone}, where nobody listens. All of them end with this process.
 */
abstract class ProviderTest extends ApiTest {

    static final String SECRET = "client+secret/of a test";

    static final MockOAuth2Server HONEST = new MockOAuth2Server();
    static final CrookedProvider CROOKED = new CrookedProvider();
    static final CrookedProvider OCTO = new CrookedProvider();

    private static final AtomicInteger PEOPLE = new AtomicInteger();

    private static boolean started;

    @DynamicPropertySource
    static void providers(DynamicPropertyRegistry registry) throws IOException {
        synchronized (HONEST) {
            if (!started) {
                HONEST.start(InetAddress.getLoopbackAddress(), 0);
                started = true;
            }
        }
        String secret = secretFile().toString();
        List<Map.Entry<String, String>> all = List.of(
                Map.entry("honest", HONEST.issuerUrl("honest").toString()),
                Map.entry("other", HONEST.issuerUrl("other").toString()),
                Map.entry("crooked", CROOKED.url()),
                Map.entry("octo", OCTO.url()),
                Map.entry("gone", "http://127.0.0.1:" + freePort()));
        for (int i = 0; i < all.size(); i++) {
            String at = "lair.accounts.providers[" + i + "].";
            String name = all.get(i).getKey();
            String issuer = all.get(i).getValue();
            registry.add(at + "name", () -> name);
            registry.add(at + "kind", () -> name.equals("octo") ? "github" : "oidc");
            registry.add(at + "issuer", () -> issuer);
            registry.add(at + "client-id", () -> "registry");
            registry.add(at + "client-secret-file", () -> secret);
            registry.add(at + "label", () -> "The " + name);
            registry.add(at + "allow-http-for-tests", () -> "true");
            registry.add(at + "allow-private-addresses", () -> "true");
            if (name.equals("crooked")) {
                registry.add(at + "required-claims.groups", () -> "staff");
            }
        }
    }

    private static Path secretFile() throws IOException {
        Path file = Files.createTempDirectory("lair-test").resolve("secret");
        SecretFile.write(file, SECRET);
        file.toFile().deleteOnExit();
        return file;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name that no other test has, short enough for a login that is wanted. */
    static String someone(String word) {
        return word + "-" + PEOPLE.incrementAndGet();
    }

    @BeforeEach
    void providersHaveNoOtherClock() {
        clock.set(Instant.now());
    }

    URI registry(String path) {
        return request(path).build().uri();
    }

    /** Where the registry sends a browser. */
    URI begin(Browser browser, String provider, String query, String... headers) {
        HttpResponse<String> reply = browser.get(registry("login/with/" + provider + query), headers);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(302);
        assertThat(reply.headers().firstValue("cache-control")).contains("no-store");
        return Browser.location(reply);
    }

    /** The whole way of one login; the answer to the callback. */
    HttpResponse<String> logIn(Browser browser, String provider, String subject, Map<String, Object> claims) {
        return logIn(browser, begin(browser, provider, ""), provider, subject, claims);
    }

    HttpResponse<String> logIn(Browser browser, URI at, String provider, String subject, Map<String, Object> claims) {
        HONEST.enqueueCallback(
                new DefaultOAuth2TokenCallback(provider, subject, "JWT", List.of("registry"), claims, 300));
        HttpResponse<String> back = browser.get(at);
        assertThat(back.statusCode()).as(back.body()).isEqualTo(302);
        return browser.get(Browser.location(back));
    }

    /** The session that a browser holds. */
    String session(Browser browser) {
        return browser.cookie(registry(""), "lair").orElseThrow(() -> new AssertionError("no session"));
    }

    String loginOf(String session) {
        return get("api/v1/account", session)
                .json(200)
                .get("account")
                .get("login")
                .asString();
    }

    String accountOf(Browser browser) {
        return get("api/v1/account", session(browser))
                .json(200)
                .get("account")
                .get("id")
                .asString();
    }

    void refused(HttpResponse<String> reply, Browser browser, String problem) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(303);
        assertThat(Browser.location(reply).toString()).endsWith("/login?problem=" + problem);
        assertThat(browser.cookie(registry(""), "lair")).isEmpty();
    }

    List<String> actsOf(String login) {
        return store.read(rows -> rows.audit().all(Long.MAX_VALUE, 1000)).reversed().stream()
                .map(AuditRows.Row::act)
                .filter(act -> act.subject().equals(login))
                .map(AuditRows.Act::act)
                .toList();
    }
}
