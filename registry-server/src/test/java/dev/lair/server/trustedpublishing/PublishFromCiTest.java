package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.server.Wasm;
import dev.lair.server.access.ApiTest;
import dev.lair.transparency.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A CI job without a secret, over HTTP, with an issuer that is not ours: exchange, publish, give the token up. */
class PublishFromCiTest extends ApiTest {

    private static final MockOAuth2Server FORGE = new MockOAuth2Server();

    private String owner = "";
    private String namespace = "";
    private String session = "";

    @DynamicPropertySource
    static void issuers(DynamicPropertyRegistry registry) {
        FORGE.start();
        for (String kind : List.of("github", "gitlab")) {
            String at = "lair.trusted-publishing.issuers[" + (kind.equals("github") ? 0 : 1) + "].";
            registry.add(at + "url", () -> issuer(kind));
            registry.add(at + "kind", () -> kind);
            registry.add(at + "organisation", () -> "*");
            registry.add(at + "allow-http-for-tests", () -> "true");
            registry.add(at + "allow-private-addresses", () -> "true");
        }
        // All jobs of these tests come from one address.
        registry.add("lair.rate-limits.exchanges-per-minute", () -> "0");
    }

    @AfterAll
    static void stop() {
        FORGE.shutdown();
    }

    private static String issuer(String kind) {
        return FORGE.issuerUrl(kind).toString();
    }

    @BeforeEach
    void people() {
        // The forge has no other clock.
        clock.set(Instant.now());
        owner = account(unique("owner"));
        session = session(owner);
        namespace = unique("ci");
        post(ApiPaths.NAMESPACES, session, Map.of("name", namespace)).json(201);
    }

    private String identity(String kind, String sub, Map<String, Object> all) {
        return identity(kind, sub, all, "");
    }

    private String identity(String kind, String sub, Map<String, Object> all, String behindTheAudience) {
        String audience =
                get(ApiPaths.TRUSTED_AUDIENCE, null).json(200).get("audience").asString() + behindTheAudience;
        Map<String, Object> claims = new LinkedHashMap<>(all);
        claims.keySet().removeAll(ForgedIssuer.aboutTheToken().keySet());
        claims.remove("sub");
        return FORGE.issueToken(
                        kind,
                        "client",
                        new DefaultOAuth2TokenCallback(
                                kind,
                                sub,
                                "JWT",
                                List.of(audience),
                                claims,
                                Duration.ofMinutes(5).toSeconds()))
                .serialize();
    }

    private String identity(Map<String, Object> claims) {
        return identity("github", "repo:octo-org/widgets:environment:release", claims);
    }

    private void addPublisher(Map<String, Object> fields) {
        Map<String, Object> body = new LinkedHashMap<>(fields);
        body.put("packages", List.of(namespace + ":widgets"));
        post(ApiPaths.NAMESPACES + "/" + namespace + "/publishers", session, body)
                .json(201);
    }

    private void addGithub() {
        addPublisher(Map.of(
                "issuer", issuer("github"),
                "owner", "octo-org",
                "repository", "widgets",
                "workflow", "release.yml",
                "environment", "release"));
    }

    private Reply exchange(String identity, byte[] content) {
        return post(
                ApiPaths.TRUSTED_TOKEN,
                null,
                Map.of(
                        "token",
                        identity,
                        "packages",
                        List.of(namespace + ":widgets"),
                        "action",
                        "publish",
                        "content",
                        List.of(Digest.of(content).toString())));
    }

    private String path(String version) {
        return ApiPaths.PACKAGES + "/" + namespace + "/widgets/versions/" + version;
    }

    private Reply release(String token, String version, byte[] content) {
        return release(token, version, "application/wasm", content);
    }

    private Reply release(String token, String version, String type, byte[] content) {
        return send(request(path(version))
                .header("authorization", "Bearer " + token)
                .header("content-type", type)
                .header("content-digest", DigestField.format(Digest.of(content)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
    }

    private JsonNode publisherOfAttestation(String version) {
        JsonNode told = get(path(version) + "/attestations", null).json(200);
        byte[] payload = Base64.getDecoder()
                .decode(told.get("attestations").get(0).get("payload").asString());
        return JsonMapper.shared()
                .readTree(new String(payload, StandardCharsets.UTF_8))
                .get("predicate")
                .get("publisher");
    }

    private void publishes(String identity, String claim, String value) {
        byte[] content = Wasm.component(namespace);
        JsonNode granted = exchange(identity, content).json(200);
        String token = granted.get("token").asString();
        assertThat(granted.get("packages").get(0).asString()).isEqualTo(namespace + ":widgets");

        JsonNode release = release(token, "1.0.0", content).json(201);
        assertThat(release.get("state").asString()).isEqualTo("published");
        assertThat(release.get("digest").asString())
                .isEqualTo(Digest.of(content).toString());
        JsonNode by = publisherOfAttestation("1.0.0");
        assertThat(by.get("kind").asString()).isEqualTo("trusted");
        assertThat(by.get("claims").get(claim).asString()).isEqualTo(value);

        send("DELETE", ApiPaths.TRUSTED_TOKEN, token, null).require(204);
        release(token, "1.0.1", content).requireProblem(Problem.Kind.UNAUTHORIZED);
        exchange(identity, content).requireProblem(Problem.Kind.TOKEN_REUSED);
        assertThat(acts(namespace))
                .containsSubsequence("publisher-added", "trusted-token-minted", "released", "trusted-token-given-up");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repo:octo-org/widgets:environment:release",
                "repo:octo-org@65/widgets@74:environment:release",
                "whatever:the:repository:chose"
            })
    void jobOfGithubPublishesWhateverTheFormOfItsSub(String sub) {
        addGithub();
        publishes(identity("github", sub, ForgedIssuer.githubClaims()), "run_id", "9001");
    }

    @Test
    void jobOfGitlabPublishes() {
        addPublisher(Map.of(
                "issuer", issuer("gitlab"),
                "owner", "acme/tools",
                "repository", "widgets",
                "workflow", ".gitlab-ci.yml"));
        publishes(
                identity(
                        "gitlab",
                        "project_path:acme/tools/widgets:ref_type:tag:ref:v1.2.0",
                        ForgedIssuer.gitlabClaims()),
                "project_path",
                "acme/tools/widgets");
    }

    @Test
    void stolenTokenReleasesNothingButTheContentOfItsJob() {
        addGithub();
        byte[] content = Wasm.component(namespace);
        String token = exchange(identity(ForgedIssuer.githubClaims()), content)
                .json(200)
                .get("token")
                .asString();
        release(token, "1.0.0", Wasm.component(namespace + " with more"))
                .requireProblem(Problem.Kind.FORBIDDEN, "contents");
        release(token, "1.0.0", content).json(201);
    }

    /** The request of whoever stole it names no content: what the forge signed does. */
    @Test
    void stolenIdentityForOneContentReleasesNothingElse() {
        addGithub();
        byte[] content = Wasm.component(namespace);
        String identity = identity(
                "github",
                "repo:octo-org/widgets:environment:release",
                ForgedIssuer.githubClaims(),
                "#" + Digest.of(content));
        JsonNode granted = post(
                        ApiPaths.TRUSTED_TOKEN,
                        null,
                        Map.of("token", identity, "packages", List.of(namespace + ":widgets")))
                .json(200);
        assertThat(granted.get("contents").get(0).asString())
                .isEqualTo(Digest.of(content).toString());
        String token = granted.get("token").asString();
        release(token, "1.0.0", Wasm.component(namespace + " with more"))
                .requireProblem(Problem.Kind.FORBIDDEN, "contents");
        release(token, "1.0.0", content).json(201);
    }

    @Test
    void tokenThatIsBoundToAnArchiveReleasesWhatIsBuiltOfIt() throws IOException {
        addGithub();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("widgets.wit"));
            zip.write(("package " + namespace + ":widgets@1.0.0;\n\ninterface greet {\n  hello: func() -> string;\n}\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = archive.toByteArray();
        String token = exchange(identity(ForgedIssuer.githubClaims()), bytes)
                .json(200)
                .get("token")
                .asString();
        JsonNode release = release(token, "1.0.0", "application/zip", bytes).json(201);
        assertThat(release.get("state").asString()).isEqualTo("published");
        assertThat(release.get("digest").asString())
                .isNotEqualTo(Digest.of(bytes).toString());
    }

    @Test
    void ofFiftyRequestsThatShowOneIdentityAtOnceOneGetsAToken() throws Exception {
        addGithub();
        // The keys are there: of fifty who wait for them some would be told to come again.
        exchange(identity(ForgedIssuer.githubClaims()), new byte[1]).json(200);
        String identity = identity(ForgedIssuer.githubClaims());
        List<Callable<Reply>> racers = Collections.nCopies(50, () -> exchange(identity, new byte[1]));
        int won = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (Future<Reply> each : threads.invokeAll(racers)) {
                if (each.get().status() == 200) {
                    won++;
                } else {
                    each.get().requireProblem(Problem.Kind.TOKEN_REUSED);
                }
            }
        }
        assertThat(won).isOne();
        assertThat(acts(namespace)).filteredOn("trusted-token-minted"::equals).hasSize(2);
    }

    @Test
    void packageTakesNoTokensOfPeopleFromItsFirstTrustedReleaseOn() {
        addGithub();
        byte[] content = Wasm.component(namespace);
        String token = exchange(identity(ForgedIssuer.githubClaims()), content)
                .json(200)
                .get("token")
                .asString();
        release(token, "1.0.0", content).json(201);
        release(session, "1.0.1", content).requireProblem(Problem.Kind.FORBIDDEN, "trusted publishers only");
        release(apiToken(owner, List.of("publish-update"), List.of()), "1.0.1", content)
                .requireProblem(Problem.Kind.FORBIDDEN);
    }

    @Test
    void refusalTellsFieldExpectedAndActualValueAtTheTopOfTheProblem() {
        addGithub();
        Map<String, Object> other = ForgedIssuer.with(ForgedIssuer.githubClaims(), "environment", "staging");
        JsonNode problem = exchange(identity(other), new byte[1])
                .requireProblem(Problem.Kind.ENVIRONMENT_MISMATCH)
                .json();
        assertThat(problem.get("field").asString()).isEqualTo("environment");
        assertThat(problem.get("expected").asString()).isEqualTo("release");
        assertThat(problem.get("actual").asString()).isEqualTo("staging");
        exchange(
                        identity(ForgedIssuer.with(ForgedIssuer.githubClaims(), "event_name", "pull_request_target")),
                        new byte[1])
                .requireProblem(Problem.Kind.EVENT_NOT_ALLOWED, "pull_request_target");
    }

    @Test
    void bodyThatIsNoExchangeIsRefused() {
        post(ApiPaths.TRUSTED_TOKEN, null, "{}").requireProblem(Problem.Kind.BAD_REQUEST, "token");
        post(ApiPaths.TRUSTED_TOKEN, null, Map.of("token", "x")).requireProblem(Problem.Kind.MALFORMED_TOKEN);
        post(ApiPaths.TRUSTED_TOKEN, null, Map.of("token", "x", "action", "yank"))
                .requireProblem(Problem.Kind.INVALID, "action");
        post(ApiPaths.TRUSTED_TOKEN, null, Map.of("token", "x", "content", List.of()))
                .requireProblem(Problem.Kind.INVALID, "content");
        post(ApiPaths.TRUSTED_TOKEN, null, Map.of("token", "x", "packages", List.of("no package")))
                .requireProblem(Problem.Kind.INVALID, "packages");
        post(ApiPaths.TRUSTED_TOKEN, null, Map.of("token", "x", "packages", List.of()))
                .requireProblem(Problem.Kind.INVALID, "packages");
    }
}
