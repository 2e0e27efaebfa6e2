package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.TokenText;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests with a secret where none belongs, or with a broken one: each is refused, and its answer goes to the hunt. */
final class SecretsInBadRequests {

    private static final String LOGIN = "api/v1/login";
    private static final String TRUSTED_TOKEN = "api/v1/trusted-publishing/token";

    private final SecureRegistry registry;
    private final String password;
    private final String session;
    private final String apiToken;
    private final String audience;

    SecretsInBadRequests(SecureRegistry registry, String session, String apiToken, String audience) {
        this.registry = registry;
        this.password = registry.administratorPassword;
        this.session = session;
        this.apiToken = apiToken;
        this.audience = audience;
    }

    /** Sends all of them; the request id that one of the answers has. */
    String send() throws Exception {
        passwords();
        identities();
        tokensInOddPlaces();
        notHttp();
        commands();
        String id = registry.refused(registry.get("api/v1/account", wrong(session)))
                .json(401)
                .get("requestId")
                .asString();
        assertThat(id).isNotEmpty();
        return id;
    }

    /** Of the right form, and unknown, or with a wrong checksum. */
    private String wrong(String token) {
        char last = token.charAt(token.length() - 1);
        return registry.hunt.secret("wrong token", token.substring(0, token.length() - 1) + (last == 'x' ? 'y' : 'x'));
    }

    private void passwords() throws Exception {
        refused(LOGIN, null, "{\"login\":\"administrator\",\"password\":\"" + password + "\"");
        refused(LOGIN, null, "{\"login\":\"administrator\",\"password\":[\"" + password + "\"]}");
        refused(LOGIN, null, "{\"login\":\"administrator\",\"password\":" + password + "}");
        refused(LOGIN, null, "{\"login\":\"administrator\",\"" + password + "\":\"password\"}");
        refused(LOGIN, null, Map.of("login", "nobody", "password", password));
        // In the wrong field, as it happens to people.
        refused(LOGIN, null, Map.of("login", password, "password", "administrator"));
        String other = registry.hunt.secret("wrong password", "not-the-password-" + password.substring(0, 4));
        refused(LOGIN, null, Map.of("login", "administrator", "password", other));
    }

    private void identities() throws Exception {
        Map<String, Object> claims = Forge.github(Forge.GITHUB_NEW_SUB);
        claims.put("environment", "staging");
        String identity = identity(claims, audience);
        String[] parts = identity.split("\\.");
        refused(TRUSTED_TOKEN, null, Map.of("token", identity));
        refused(TRUSTED_TOKEN, null, "{\"token\":" + identity + "}");
        refused(TRUSTED_TOKEN, null, "{\"token\":\"" + identity + "\"");
        refused(TRUSTED_TOKEN, null, Map.of("token", parts[0] + "." + parts[1]));
        refused(TRUSTED_TOKEN, null, Map.of("token", parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[2]));
        refused(TRUSTED_TOKEN, null, Map.of("token", "e30." + parts[1] + "." + parts[2]));
        refused(TRUSTED_TOKEN, null, Map.of("token", parts[0] + ".e30." + parts[2]));
        refused(TRUSTED_TOKEN, null, Map.of("token", identity, "packages", List.of(identity)));
        refused(TRUSTED_TOKEN, null, Map.of("token", identity, "action", identity));
        refused(TRUSTED_TOKEN, null, Map.of("token", identity, "content", List.of(identity)));
        refused(TRUSTED_TOKEN, null, Map.of("token", identity(Forge.gitlab(), "elsewhere.example")));
        refused("api/v1/namespaces/acme/publishers/test", session, "{\"token\":" + identity + "}");
        refused("api/v1/account", identity);
    }

    private String identity(Map<String, Object> claims, String of) {
        String identity = registry.forge.identity("github", claims, of);
        registry.hunt.identityToken(identity);
        return identity;
    }

    private void tokensInOddPlaces() throws Exception {
        refused("api/v1/account", apiToken + apiToken);
        refused("api/v1/account", "Bearer " + apiToken);
        refused("api/v1/account?token=" + apiToken, null);
        refused("api/v1/packages/" + apiToken + "/x/versions/1.0.0", null);
        refused("v1/" + apiToken, null);
        refused("api/v1/namespaces", session, Map.of("name", apiToken));
        refused("api/v1/namespaces", session, "{\"name\":" + apiToken + "}");
        refused("api/v1/tokens", session, Map.of("label", "x", "scopes", List.of(apiToken)));
        registry.refused(registry.send("api/v1/tokens/" + apiToken, session, request -> request.DELETE()));
        registry.refused(registry.send(
                "api/v1/account",
                null,
                request -> request.header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                ("token:" + wrong(apiToken)).getBytes(StandardCharsets.UTF_8)))));
        registry.refused(registry.send(
                "api/v1/packages/acme/greeter/versions/9.9.9",
                session,
                request -> request.header("Content-Type", "application/wasm")
                        .header("Content-Digest", apiToken)
                        .header("Idempotency-Key", apiToken)
                        .POST(BodyPublishers.ofString("x"))));
        registry.refused(registry.send(
                "api/v1/login/device/token",
                null,
                request -> request.header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"deviceCode\":\"" + apiToken + "\"}"))));
    }

    /** What the web server refuses before any code of the registry sees it. */
    private void notHttp() throws Exception {
        for (String request : List.of(
                "GET /api/v1/account HTTP/1.1\r\nHost: x\r\nAuthorization Bearer " + apiToken + "\r\n\r\n",
                "GET /%zz/" + apiToken + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /a/%2e%2e/" + apiToken + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "Bearer " + apiToken + "\r\n\r\n",
                "POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: " + apiToken + "\r\n\r\n")) {
            assertThat(registry.raw(request)).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 2");
        }
    }

    /** With all that {@code lair} can be made to say. */
    private void commands() throws Exception {
        String unknown = registry.hunt.secret(
                "unknown token",
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret());
        registry.ran(4, registry.lair("unknown").with("LAIR_TOKEN", unknown).run("whoami", "--debug"));
        registry.ran(
                7, registry.lair("wrong").with("LAIR_TOKEN", wrong(apiToken)).run("whoami", "--debug"));
        String identity = identity(Forge.gitlab(), "elsewhere.example");
        registry.ran(
                4,
                registry.lair("elsewhere")
                        .with("LAIR_ID_TOKEN", identity)
                        .run(
                                "publish",
                                Checkout.greeter().toString(),
                                "--package",
                                "acme:greeter",
                                "--version",
                                "9.9.9",
                                "--debug"));
    }

    private void refused(String path, @Nullable String token) throws Exception {
        registry.refused(registry.get(path, token));
    }

    private void refused(String path, @Nullable String token, String body) throws Exception {
        registry.refused(registry.post(path, token, body));
    }

    private void refused(String path, @Nullable String token, Map<String, ?> body) throws Exception {
        registry.refused(registry.post(path, token, body));
    }
}
