package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.lair.transparency.Digest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Publishing without a stored secret, on a fresh registry with TLS, by what people and runners have: the {@code lair} command,
 * and the actions' own files run by node. One server for all; the last test looks for every secret of the run in everything
 * that was written.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrustedPublishingIT {

    private static final Duration EVIDENCE_WITHIN = Duration.ofSeconds(60);
    private static final String ACCOUNT = "api/v1/account";
    private static final String TRUSTED_TOKEN = "api/v1/trusted-publishing/token";

    private SecureRegistry registry;
    private SecretHunt hunt;
    private LairClient administrator;
    private Path work;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        work = folder;
        Checkout.program("node");
        registry = new SecureRegistry(folder);
        hunt = registry.hunt;
        administrator = registry.lair("administrator");
        registry.ran(
                0,
                administrator.reads(
                        registry.administratorPassword + "\n", "login", "--user", "administrator", "--password-stdin"));
        hunt.secret("administrator's session", session());
        registry.ran(0, administrator.run("namespace", "create", "acme"));
        registry.ran(0, administrator.run(addPublisher("github", "octo-org", "release.yml")));
        registry.ran(0, administrator.run(addPublisher("gitlab", "acme/tools", ".gitlab-ci.yml")));
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    private String session() throws Exception {
        return Files.readString(administrator.folder().resolve("home/credentials.json"))
                .replaceAll("(?s).*(lair_pat_[0-9A-Za-z]+).*", "$1");
    }

    private String[] addPublisher(String kind, String owner, String workflow) {
        return new String[] {
            "publisher",
            "add",
            "acme",
            "--kind",
            kind,
            "--issuer",
            registry.forge.url(kind),
            "--package",
            "acme:*",
            "--owner",
            owner,
            "--repository",
            "widgets",
            "--workflow",
            workflow,
            "--environment",
            "release"
        };
    }

    private String audience() throws Exception {
        return registry.get("api/v1/trusted-publishing/audience", null)
                .json(200)
                .get("audience")
                .asString();
    }

    private static Digest digest(Path file) throws Exception {
        return Digest.of(Files.readAllBytes(file));
    }

    /** What everybody sees who pulls a release and asks where it comes from. */
    private String pulled(String reference, Path file) throws Exception {
        LairClient visitor = registry.lair("visitor");
        return Await.answer("the evidence log to have the attestation of " + reference, EVIDENCE_WITHIN, () -> {
            Command.Result result =
                    visitor.run("pull", reference, "--verify", "--require-attestation", "-o", file.toString());
            if (result.err().contains("not in the evidence log yet")) {
                return Optional.empty();
            }
            return Optional.of(registry.ran(0, result).out());
        });
    }

    private void verifiedProvenance(String out, String kind, String repository, String workflow, String commit) {
        assertThat(out)
                .containsPattern("checkpoint \\d+ records, verified")
                .containsPattern("attested   \\S+ by " + registry.url() + ", key sha256:[0-9a-f]{64}")
                .contains("publisher  trusted by " + registry.forge.url(kind))
                .contains("repository " + repository)
                .contains("workflow   " + workflow)
                .contains("commit     " + commit)
                .containsPattern("evidence   entry \\d+ of the evidence log, proven");
    }

    @Test
    @Order(1)
    void registryAnswersOverTlsOnlyAndClientsThatDoNotKnowItsAuthorityTurnAway() throws Exception {
        assertThat(registry.url().getScheme()).isEqualTo("https");
        assertThat(registry.get("health/ready", null).header("strict-transport-security"))
                .startsWith("max-age=");
        LairClient stranger = new LairClient(work.resolve("stranger"), registry.url());
        assertThat(registry.ran(5, stranger.run("log", "acme:greeter")).err()).contains("--ca-file");
        for (List<String> command : List.of(List.of("operator", "show", "--data"), List.of("health", "--data"))) {
            List<String> line = new java.util.ArrayList<>(command);
            line.add(registry.data.toString());
            Command.server(work, line).run().succeeded();
        }
    }

    @Test
    @Order(2)
    void actionPublishesWitTextsWithTheOldSubAndPullShowsWhoDidIt() throws Exception {
        ActionRun job = registry.job("wit-job", Forge.github(Forge.GITHUB_OLD_SUB))
                .input("package", "acme:greetings")
                .input("version", "0.1.0")
                .input("wit-dir", "wit");
        Path wit = Files.createDirectories(work.resolve("wit-job/wit"));
        Files.writeString(wit.resolve("greetings.wit"), """
                package acme:greetings@0.1.0;

                /// Says hello.
                interface greet {
                  hello: func(name: string) -> string;
                }
                """);
        ActionRun.Step main = registry.ran(0, job.run("publish/main.mjs"));
        assertThat(main.errors()).isEmpty();
        published(main, "acme:greetings", "0.1.0");
        assertThat(main.summary()).contains("**exports**\n\n- `greet`");
        ended(job, main);

        Path file = work.resolve("greetings.wasm");
        String out = pulled("acme:greetings@0.1.0", file);
        verifiedProvenance(out, "github", "octo-org/widgets", Forge.WORKFLOW, Forge.COMMIT);
        assertThat(main.outputs().get("digest")).isEqualTo(digest(file).toString());
    }

    @Test
    @Order(3)
    void actionPublishesAComponentWithTheNewSubAndPullShowsWhoDidIt() throws Exception {
        ActionRun job = registry.job("component-job", Forge.github(Forge.GITHUB_NEW_SUB))
                .input("package", "acme:greeter")
                .input("file", Checkout.greeter().toString())
                .input("readme", "README.md");
        Files.writeString(work.resolve("component-job/README.md"), "# Greeter\n\nGreets.\n");
        ActionRun.Step main = registry.ran(0, job.run("publish/main.mjs"));
        assertThat(main.errors()).isEmpty();
        // Of the tag v1.2.0.
        published(main, "acme:greeter", "1.2.0");
        Digest content = digest(Checkout.greeter());
        assertThat(main.outputs().get("digest")).isEqualTo(content.toString());
        ended(job, main);

        Path file = work.resolve("greeter.wasm");
        String out = pulled("acme:greeter@1.2.0", file);
        verifiedProvenance(out, "github", "octo-org/widgets", Forge.WORKFLOW, Forge.COMMIT);
        assertThat(out)
                .contains("digest     " + content)
                .contains("run        9001")
                .contains("readme     " + Digest.of("# Greeter\n\nGreets.\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(digest(file)).isEqualTo(content);
    }

    /** Outputs, page of the job, and the file of attestations. */
    private void published(ActionRun.Step main, String name, String version) throws Exception {
        Map<String, String> outputs = main.outputs();
        String path = "api/v1/packages/" + name.replace(':', '/') + "/versions/" + version;
        JsonNode document = registry.get(path, null).json(200);
        assertThat(outputs)
                .containsOnlyKeys("version", "digest", "record-id", "log-index", "url", "attestation-path")
                .containsEntry("version", version)
                .containsEntry("digest", document.get("digest").asString())
                .containsEntry("record-id", document.at("/released/recordId").asString())
                .containsEntry("log-index", document.at("/released/leafIndex").asString())
                .containsEntry("url", registry.url() + "/" + path);
        assertThat(Files.readString(Path.of(outputs.get("attestation-path"))))
                .contains("\"payloadType\":\"application/vnd.in-toto+json\"");
        assertThat(main.summary())
                .contains("### `" + name + "@" + version + "` is published")
                .contains("`" + outputs.get("digest") + "`")
                .contains("`" + outputs.get("record-id") + "`")
                .contains("`" + outputs.get("log-index") + "`")
                .contains("(" + registry.url() + "/package/" + name.replace(':', '/') + "/" + version + ".tlog-proof)");
    }

    /** The token that the job had is good for nothing any more; it was masked before, and is known to the runner alone. */
    private void ended(ActionRun job, ActionRun.Step main) throws Exception {
        String token = main.state().get("token");
        assertThat(main.result().out()).contains("::add-mask::" + token);
        registry.ran(0, job.post("publish/post.mjs", main.state()));
        assertThat(registry.refused(registry.get(ACCOUNT, token)).status()).isEqualTo(401);
    }

    @Test
    @Order(4)
    void postStepEndsTheTokenOfAJobThatBrokeOff() throws Exception {
        ActionRun job = registry.job("broken-job", Map.of());
        String identity = registry.forge.identity("github", Forge.github(Forge.GITHUB_NEW_SUB), audience());
        String token = registry.post(
                        TRUSTED_TOKEN,
                        null,
                        Map.of("token", identity, "packages", List.of("acme:greeter"), "action", "publish"))
                .json(200)
                .get("token")
                .asString();
        hunt.secret("token of a job", token);
        assertThat(registry.get(ACCOUNT, token).status()).isEqualTo(200);
        registry.ran(
                0,
                job.post("publish/post.mjs", Map.of("registry", registry.url().toString(), "token", token)));
        assertThat(registry.refused(registry.get(ACCOUNT, token)).status()).isEqualTo(401);
        assertThat(registry.refused(registry.post(TRUSTED_TOKEN, null, Map.of("token", identity)))
                        .json(400)
                        .get("type")
                        .asString())
                .endsWith(":token-reused");
    }

    @Test
    @Order(5)
    void jobOfAnotherEnvironmentFailsEarlyWithTheFieldAndTheExpectedValue() throws Exception {
        Map<String, Object> claims = Forge.github(Forge.GITHUB_NEW_SUB);
        claims.put("environment", "staging");
        ActionRun job = registry.job("staging-job", claims)
                .input("package", "acme:greeter")
                .input("version", "1.3.0")
                .input("file", Checkout.greeter().toString());
        ActionRun.Step main = registry.ran(1, job.run("publish/main.mjs"));
        assertThat(main.errors()).contains("field environment: expected release, got staging");
        assertThat(main.summary())
                .contains("was not published")
                .contains("`environment`")
                .contains("`staging`");
        assertThat(main.outputs()).isEmpty();
        registry.ran(0, job.post("publish/post.mjs", main.state()));
        assertThat(registry.refused(registry.get("api/v1/packages/acme/greeter/versions/1.3.0", null))
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Order(6)
    void jobOfGitlabPublishesByTheCommandAloneAndPullShowsWhoDidIt() throws Exception {
        String identity = registry.forge.identity("gitlab", Forge.gitlab(), audience());
        LairClient job = registry.lair("gitlab-job").with("LAIR_ID_TOKEN", identity);
        hunt.identityToken(identity);
        Command.Result published = registry.ran(
                0, job.run("publish", Checkout.greeter().toString(), "--package", "acme:tool", "--version", "2.0.0"));
        assertThat(published.out()).contains("published  acme:tool 2.0.0");
        assertThat(job.folder().resolve("home/credentials.json")).doesNotExist();
        Path file = work.resolve("tool.wasm");
        verifiedProvenance(
                pulled("acme:tool@2.0.0", file),
                "gitlab",
                "acme/tools/widgets",
                Forge.GITLAB_WORKFLOW,
                Forge.GITLAB_COMMIT);
        assertThat(digest(file)).isEqualTo(digest(Checkout.greeter()));
        // An identity is taken once.
        assertThat(registry.ran(
                                4,
                                job.run(
                                        "publish",
                                        Checkout.greeter().toString(),
                                        "--package",
                                        "acme:tool",
                                        "--version",
                                        "2.0.1"))
                        .err())
                .contains("token");
    }

    @Test
    @Order(7)
    void setupActionInstallsTheJarThatWasBuiltAndItsCommandRuns() throws Exception {
        assumeTrue(Runtime.version().feature() >= 25, "SKIPPED: the setup action needs Java 25 to run lair");
        byte[] jar = Files.readAllBytes(Checkout.cliJar());
        String sha256 = Digest.of(jar).toString().substring("sha256:".length());
        HttpServer releases = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        releases.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestURI().getPath().endsWith("/SHA256SUMS")
                        ? (sha256 + "  lair-cli.jar\n").getBytes(StandardCharsets.US_ASCII)
                        : jar;
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        releases.start();
        try {
            ActionRun job = new ActionRun(work.resolve("setup-job"))
                    .input("url", "http://127.0.0.1:" + releases.getAddress().getPort() + "/v1/lair-cli.jar")
                    .with("RUNNER_TOOL_CACHE", work.resolve("tools").toString())
                    .with("JAVA_HOME", System.getProperty("java.home"));
            ActionRun.Step main = registry.ran(0, job.run("setup/main.mjs"));
            assertThat(main.outputs()).containsEntry("sha256", sha256).containsEntry("path", main.path());
            Command.Result version = Command.of(work, List.of(main.path() + "/lair", "--version"))
                    .run()
                    .succeeded();
            assertThat(version.out().strip()).isEqualTo("lair " + main.outputs().get("version"));
        } finally {
            releases.stop(0);
        }
    }

    @Test
    @Order(8)
    void noSecretOfTheRunIsInAnythingThatWasWritten() throws Exception {
        String session = session();
        String apiToken = registry.post(
                        "api/v1/tokens",
                        session,
                        Map.of(
                                "label",
                                "of the test",
                                "scopes",
                                List.of("read"),
                                "packages",
                                List.of(),
                                "expiresInDays",
                                1))
                .json(201)
                .get("token")
                .asString();
        hunt.secret("API token", apiToken);
        deviceLogin(session);
        String requestId = new SecretsInBadRequests(registry, session, apiToken, audience()).send();

        hunt.wrote("server's log", registry.server.log());
        audit(session);
        hunt.wroteFiles("data folder", registry.data, Set.of("administrator.password", "master.key"));

        // Controls: an empty place, or one that nobody looked at, would have no secrets either.
        assertThat(hunt.placesOf(requestId)).contains("server's log", "error replies");
        assertThat(hunt.placesOf("administrator")).contains("audit log", "output of lair", "data folder");
        assertThat(hunt.placesOf("trusted-token-minted")).contains("audit log", "data folder");
        assertThat(hunt.placesOf("acme:greeter@1.2.0")).contains("output of an action");
        assertThat(hunt.names())
                .contains(
                        "administrator's password",
                        "administrator's session",
                        "API token",
                        "token of a job",
                        "identity token",
                        "signature of an identity token",
                        "request token of a job",
                        "device code",
                        "code that a person types");
        assertThat(hunt.finds()).isEmpty();
        hunt.wrote("a place with a secret", "{\"token\":\"" + apiToken + "\"}");
        assertThat(hunt.finds()).hasSize(2);
    }

    /** By HTTP: the code that a person types is shown by {@code lair login}, which is what it is for. */
    private void deviceLogin(String session) throws Exception {
        JsonNode begun = registry.post("api/v1/login/device", null, "{}").json(200);
        String device = hunt.secret("device code", begun.get("deviceCode").asString());
        // Looked up by a person who is logged in; of no use to anybody else.
        String typed =
                hunt.secretBut("code that a person types", begun.get("userCode").asString(), "data folder");
        registry.refused(registry.post("api/v1/login/device/token", null, Map.of("deviceCode", device)));
        registry.send(
                "api/v1/login/device/approve",
                session,
                request -> request.header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"userCode\":\"" + typed + "\"}")));
    }

    private void audit(String session) throws Exception {
        String before = "";
        for (boolean more = true; more; ) {
            SecureRegistry.Answer page = registry.get("api/v1/audit" + before, session);
            hunt.wrote("audit log", page.response().body());
            JsonNode next = page.json(200).path("before");
            more = next.isNumber();
            before = "?before=" + next.asLong(0);
        }
    }
}
