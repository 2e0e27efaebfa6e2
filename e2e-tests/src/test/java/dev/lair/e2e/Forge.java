package dev.lair.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/**
 * Two forges that run CI jobs, one with GitHub's claims and one with GitLab's, and the service that a GitHub job asks for its
 * identity token. Everything is a server on the loopback.
 */
final class Forge implements AutoCloseable {

    static final String GITHUB_OLD_SUB = "repo:octo-org/widgets:environment:release";
    static final String GITHUB_NEW_SUB = "repo:octo-org@65/widgets@74:environment:release";
    static final String WORKFLOW = "octo-org/widgets/.github/workflows/release.yml@refs/tags/v1.2.0";
    static final String COMMIT = "d6d9b4cd077a829c0275233bf3843c8294e250df";
    static final String GITLAB_WORKFLOW = "gitlab.example/acme/tools/widgets//.gitlab-ci.yml@refs/tags/v1.2.0";
    static final String GITLAB_COMMIT = "714a629c0b401fdce83e847fc9589983fc6f46bc";

    /** What a job shows to be given its identity token. */
    static final String REQUEST_TOKEN = "request-token-of-one-job-c2b1e7f09a";

    private final MockOAuth2Server issuer = new MockOAuth2Server();
    private final HttpServer identities;
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private volatile Map<String, Object> job = Map.of();

    Forge() throws IOException {
        issuer.start();
        identities = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        identities.createContext("/token", this::identify);
        identities.start();
    }

    /** The settings that let a registry take both forges. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> kinds = List.of("github", "gitlab");
        for (int i = 0; i < kinds.size(); i++) {
            String at = "lair.trusted-publishing.issuers[" + i + "].";
            settings.put(at + "url", url(kinds.get(i)));
            settings.put(at + "kind", kinds.get(i));
            settings.put(at + "organisation", "*");
            settings.put(at + "allow-http-for-tests", "true");
            settings.put(at + "allow-private-addresses", "true");
        }
        return settings;
    }

    /** What its tokens have in {@code iss}. */
    String url(String kind) {
        return issuer.issuerUrl(kind).toString();
    }

    /** All identity tokens that were issued. */
    List<String> issued() {
        return List.copyOf(issued);
    }

    String identity(String kind, Map<String, Object> claims, String audience) {
        Map<String, Object> rest = new LinkedHashMap<>(claims);
        String sub = String.valueOf(rest.remove("sub"));
        String token = issuer.issueToken(
                        kind,
                        "client",
                        new DefaultOAuth2TokenCallback(
                                kind,
                                sub,
                                "JWT",
                                List.of(audience),
                                rest,
                                Duration.ofMinutes(5).toSeconds()))
                .serialize();
        issued.add(token);
        return token;
    }

    /** The environment of a GitHub job that may ask for identity tokens, whose tokens will have these claims. */
    Map<String, String> permission(Map<String, Object> claims) {
        job = claims;
        return Map.of(
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                "http://127.0.0.1:" + identities.getAddress().getPort() + "/token?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                REQUEST_TOKEN);
    }

    private void identify(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            boolean may = ("Bearer " + REQUEST_TOKEN)
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"));
            int audience = query == null ? -1 : query.indexOf("audience=");
            if (!may || audience < 0) {
                exchange.sendResponseHeaders(may ? 400 : 401, -1);
                return;
            }
            String token = identity("github", job, query.substring(audience + "audience=".length()));
            byte[] body = ("{\"count\":1,\"value\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** A release from {@code octo-org/widgets} for the tag v1.2.0. */
    static Map<String, Object> github(String sub) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", sub);
        claims.put("repository", "octo-org/widgets");
        claims.put("repository_id", "74");
        claims.put("repository_owner", "octo-org");
        claims.put("repository_owner_id", "65");
        claims.put("repository_visibility", "public");
        claims.put("workflow", "Release");
        claims.put("workflow_ref", WORKFLOW);
        claims.put("workflow_sha", COMMIT);
        claims.put("job_workflow_ref", WORKFLOW);
        claims.put("job_workflow_sha", COMMIT);
        claims.put("ref", "refs/tags/v1.2.0");
        claims.put("ref_type", "tag");
        claims.put("ref_protected", "true");
        claims.put("sha", COMMIT);
        claims.put("environment", "release");
        claims.put("event_name", "push");
        claims.put("runner_environment", "github-hosted");
        claims.put("run_id", "9001");
        claims.put("run_attempt", "1");
        claims.put("actor", "octocat");
        claims.put("actor_id", "12");
        return claims;
    }

    /** A release from {@code acme/tools/widgets} for the tag v1.2.0. */
    static Map<String, Object> gitlab() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", "project_path:acme/tools/widgets:ref_type:tag:ref:v1.2.0");
        claims.put("namespace_id", "72");
        claims.put("namespace_path", "acme/tools");
        claims.put("project_id", "20");
        claims.put("project_path", "acme/tools/widgets");
        claims.put("project_visibility", "public");
        claims.put("user_login", "sample-user");
        claims.put("pipeline_id", "574");
        claims.put("pipeline_source", "push");
        claims.put("job_id", "302");
        claims.put("ref", "v1.2.0");
        claims.put("ref_type", "tag");
        claims.put("ref_path", "refs/tags/v1.2.0");
        claims.put("ref_protected", "true");
        claims.put("environment", "release");
        claims.put("runner_environment", "gitlab-hosted");
        claims.put("sha", GITLAB_COMMIT);
        claims.put("ci_config_ref_uri", GITLAB_WORKFLOW);
        return claims;
    }

    @Override
    public void close() {
        identities.stop(0);
        issuer.shutdown();
    }
}
