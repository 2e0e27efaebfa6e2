package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.NamespaceDocuments.Member;
import dev.lair.registry.api.NamespaceDocuments.Mine;
import dev.lair.registry.api.NamespaceDocuments.Namespace;
import dev.lair.registry.api.NamespaceDocuments.Namespaces;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair namespace} and {@code lair publisher}: what is sent, and what is made of the answers. */
class NamespaceCommandsTest {

    private static final String IDENTITY = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl";

    private final String secret =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
    private final List<String> sent = new ArrayList<>();

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
        lair.variables.put("LAIR_TOKEN", secret);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void on(String request, int status, Object answer) {
        registry.on(request, asked -> {
            assertThat(asked.header("Authorization")).isEqualTo("Bearer " + secret);
            sent.add(asked.text());
            return answer instanceof FakeRegistry.Answer whole ? whole : FakeRegistry.Answer.api(status, answer);
        });
    }

    private LairRun.Outcome run(String... arguments) {
        LairRun.Outcome outcome = lair.run(arguments);
        assertThat(outcome.all()).doesNotContain(secret).doesNotContain(IDENTITY);
        return outcome;
    }

    @Test
    void aNamespaceIsCreatedListedAndShown() {
        Namespace acme = new Namespace(
                "acme",
                "pending-approval",
                "looks like acne",
                true,
                "2026",
                List.of(new Member("ann", "owner", "2026")));
        on("POST api/v1/namespaces", 201, acme);
        on("GET api/v1/namespaces/acme", 200, acme);
        on("GET api/v1/namespaces", 200, new Namespaces(List.of(new Mine("acme", "active", "owner")), null));
        String shown = "namespace  acme, pending-approval: looks like acne\nreleases   by trusted publishers only\n"
                + "owner      ann\n";
        assertThat(run("namespace", "create", "acme").out()).isEqualTo(shown);
        assertThat(sent).containsExactly("{\"name\":\"acme\"}");
        assertThat(run("namespace", "show", "acme").out()).isEqualTo(shown);
        assertThat(run("namespace", "list").out()).isEqualTo("acme  owner  active\n");
        assertThat(run("namespace", "list", "--json").json().get("namespaces").size())
                .isEqualTo(1);
    }

    @Test
    void rolesAreGivenAndTakenByOwners() {
        on("PUT api/v1/namespaces/acme/members/bob", 204, FakeRegistry.Answer.done());
        on(
                "DELETE api/v1/namespaces/acme/members/bob",
                200,
                Map.of(
                        "publishers",
                        List.of(Map.of(
                                "id",
                                "pub_1",
                                "namespace",
                                "acme",
                                "packages",
                                List.of("acme:greeter"),
                                "status",
                                "active"))));
        assertThat(run("namespace", "member", "add", "acme", "bob", "--role", "publisher")
                        .exitCode())
                .isZero();
        assertThat(run("namespace", "member", "remove", "acme", "bob").out())
                .isEqualTo("bob is nothing in acme any more\nlook at publisher pub_1  acme  acme:greeter  active\n");
        assertThat(sent).containsExactly("{\"role\":\"publisher\"}", "");
        on(
                "DELETE api/v1/namespaces/acme/members/bob",
                403,
                FakeRegistry.Answer.problem(Problem.Kind.FORBIDDEN, "an owner may"));
        LairRun.Outcome refused = run("namespace", "member", "remove", "acme", "bob");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("refused to take the role of `bob` (403): an owner may");
    }

    @Test
    void aTransferIsConfirmed() {
        on("POST api/v1/namespaces/acme/transfer", 204, FakeRegistry.Answer.done());
        assertThat(run("namespace", "transfer", "acme", "bob").exitCode()).isEqualTo(2);
        lair.terminal = true;
        lair.input = "n\n";
        assertThat(run("namespace", "transfer", "acme", "bob").exitCode()).isEqualTo(2);
        assertThat(sent).isEmpty();
        assertThat(run("namespace", "transfer", "acme", "bob", "--yes").exitCode())
                .isZero();
        assertThat(sent).containsExactly("{\"to\":\"bob\"}");
    }

    @Test
    void trustedOnlyIsSwitched() {
        on("PATCH api/v1/namespaces/acme", 200, Map.of());
        assertThat(run("namespace", "trusted-only", "acme", "on").exitCode()).isZero();
        assertThat(run("namespace", "trusted-only", "acme", "off").exitCode()).isZero();
        assertThat(run("namespace", "trusted-only", "acme", "perhaps").exitCode())
                .isEqualTo(2);
        assertThat(sent).containsExactly("{\"trustedOnly\":true}", "{\"trustedOnly\":false}");
    }

    @Test
    void aLoginInAPathIsOneSegmentOfIt() {
        LairRun.Outcome outcome = run("namespace", "member", "remove", "acme", "../../tokens");
        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(registry.requests).noneMatch(request -> request.startsWith("DELETE api/v1/tokens"));
    }

    private static Map<String, Object> publisher() {
        return Map.of(
                "id",
                "pub_1",
                "packages",
                List.of("acme:greeter"),
                "owner",
                "acme",
                "repository",
                "greeter",
                "workflow",
                "release.yml",
                "status",
                "pending",
                "tomorrow",
                "something new");
    }

    @Test
    void aPublisherIsAddedWithWhatWasSaidAndAWarningWithoutEnvironment() {
        on("POST api/v1/namespaces/acme/publishers", 201, publisher());
        LairRun.Outcome outcome = run(
                "publisher",
                "add",
                "acme",
                "--package",
                "acme:greeter",
                "--owner",
                "acme",
                "--repository",
                "greeter",
                "--workflow",
                "release.yml");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(sent)
                .containsExactly("{\"packages\":[\"acme:greeter\"],"
                        + "\"issuer\":\"https://token.actions.githubusercontent.com\",\"kind\":\"github\","
                        + "\"owner\":\"acme\",\"repository\":\"greeter\",\"workflow\":\"release.yml\"}");
        assertThat(outcome.out()).isEqualTo("pub_1  acme:greeter  acme/greeter  workflow=release.yml  pending\n");
        assertThat(outcome.err()).contains("it demands no environment");
        LairRun.Outcome generic = run(
                "publisher",
                "add",
                "acme",
                "--package",
                "acme:*",
                "--kind",
                "generic",
                "--issuer",
                "https://ci.example",
                "--claim",
                "sub=build",
                "--environment",
                "release",
                "--schedule",
                "--json");
        assertThat(generic.exitCode()).as(generic.all()).isZero();
        assertThat(sent.getLast()).contains("\"claims\":{\"sub\":\"build\"}").contains("\"schedule\":true");
        assertThat(generic.json().get("publisher").get("tomorrow").asString()).isEqualTo("something new");
        assertThat(run("publisher", "add", "acme", "--package", "acme:*", "--kind", "gitlab")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void publishersAreListedInEitherFormAndRemoved() {
        on("GET api/v1/namespaces/acme/publishers", 200, Map.of("publishers", List.of(publisher())));
        String line = "pub_1  acme:greeter  acme/greeter  workflow=release.yml  pending\n";
        assertThat(run("publisher", "list", "acme").out()).isEqualTo(line);
        on("GET api/v1/namespaces/acme/publishers", 200, List.of(publisher()));
        assertThat(run("publisher", "list", "acme").out()).isEqualTo(line);
        on("DELETE api/v1/namespaces/acme/publishers/pub_1", 204, FakeRegistry.Answer.done());
        assertThat(run("publisher", "remove", "acme", "pub_1").out()).isEqualTo("removed    pub_1\n");
    }

    @Test
    void aTestNamesTheFieldThatDiffersAndTheExpectedValue() throws Exception {
        Map<String, Object> differs = Map.of(
                "id", "pub_1", "matches", false, "field", "environment", "expected", "release", "actual", "none");
        on("POST api/v1/namespaces/acme/publishers/test", 200, List.of(differs));
        Files.writeString(folder.resolve("claims.json"), "{\"ref\":\"refs/heads/main\"}");
        LairRun.Outcome outcome = run("publisher", "test", "acme", "--claims", "claims.json");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.out()).isEqualTo("pub_1  environment is `none`, and the publisher has `release`\n");
        assertThat(sent).containsExactly("{\"claims\":{\"ref\":\"refs/heads/main\"}}");

        on("POST api/v1/namespaces/acme/publishers/test", 200, List.of(Map.of("id", "pub_1", "matches", true)));
        lair.variables.put("LAIR_ID_TOKEN", IDENTITY);
        assertThat(run("publisher", "test", "acme").out()).isEqualTo("pub_1  matches\n");
        assertThat(sent.getLast()).isEqualTo("{\"token\":\"" + IDENTITY + "\"}");
        lair.variables.remove("LAIR_ID_TOKEN");
        lair.input = IDENTITY + "\n";
        assertThat(run("publisher", "test", "acme", "--token-stdin", "--json").exitCode())
                .isZero();
        assertThat(run("publisher", "test", "acme").exitCode()).isEqualTo(2);
        Files.writeString(folder.resolve("claims.json"), "[]");
        assertThat(run("publisher", "test", "acme", "--claims", "claims.json").exitCode())
                .isEqualTo(7);
    }
}
