package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.server.access.ApiTest;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who lets which CI jobs release in a namespace, over HTTP. */
class PublishersTest extends ApiTest {

    private static final String GITHUB = "https://token.actions.githubusercontent.com";

    private String owner = "";
    private String namespace = "";
    private String session = "";

    @BeforeEach
    void people() {
        owner = account(unique("owner"));
        namespace = namespace(unique("acme"), owner);
        session = session(owner);
    }

    private String path() {
        return "api/v1/namespaces/" + namespace + "/publishers";
    }

    private Map<String, Object> widgets(String... more) {
        Map<String, Object> body = new LinkedHashMap<>(Map.of(
                "issuer", GITHUB,
                "packages", List.of(namespace + ":widgets"),
                "owner", "octo-org",
                "repository", "widgets",
                "workflow", "release.yml"));
        for (int i = 0; i < more.length; i += 2) {
            body.put(more[i], more[i + 1]);
        }
        return body;
    }

    private String added(Map<String, Object> body) {
        return post(path(), session, body).json(201).get("id").asString();
    }

    private Map<String, Object> claims() {
        Map<String, Object> claims = new TreeMap<>(ForgedIssuer.githubClaims());
        claims.put("iss", GITHUB);
        return claims;
    }

    private JsonNode tested(Map<String, Object> claims) {
        return post(path() + "/test", session, Map.of("claims", claims)).json(200);
    }

    @Test
    void publisherOfAPackageThatIsToComeIsPendingForThirtyDays() {
        JsonNode made = post(path(), session, widgets("environment", "release")).json(201);
        assertThat(made.get("status").asString()).isEqualTo("pending");
        assertThat(made.get("expiresAt").asString())
                .isEqualTo(now().plus(Duration.ofDays(30)).toString());
        assertThat(made.get("kind").asString()).isEqualTo("github");
        assertThat(made.get("createdBy").asString()).isEqualTo(owner);
        assertThat(made.has("repositoryId")).isFalse();
        JsonNode listed = get(path(), session).json(200).get("publishers");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0)).isEqualTo(made);
    }

    @Test
    void publisherOfAWholeNamespaceIsActiveAtOnce() {
        Map<String, Object> body = widgets();
        body.put("packages", List.of(namespace + ":*"));
        JsonNode made = post(path(), session, body).json(201);
        assertThat(made.get("status").asString()).isEqualTo("active");
        assertThat(made.has("expiresAt")).isFalse();
    }

    @Test
    void nobodyAddsOneForANamespaceThatIsNotTheirs() {
        String other = namespace(unique("other"), account(unique("stranger")));
        Map<String, Object> body = widgets();
        body.put("packages", List.of(other + ":widgets"));
        post(path(), session, body).requireProblem(Problem.Kind.INVALID, other);
        post("api/v1/namespaces/" + other + "/publishers", session, body).requireProblem(Problem.Kind.FORBIDDEN);
        post(path(), session(owner, Duration.ZERO), widgets()).requireProblem(Problem.Kind.STEP_UP_REQUIRED);
        post(path(), trustedToken(List.of(namespace + ":*")), widgets()).requireProblem(Problem.Kind.FORBIDDEN);
    }

    @Test
    void fieldThatBreaksItsRuleIsNamed() {
        JsonNode problem = post(path(), session, widgets("workflow", ".github/workflows/release.yml"))
                .requireProblem(Problem.Kind.INVALID, "workflow", "bare name")
                .json();
        assertThat(problem.get("field").asString()).isEqualTo("workflow");
        post(path(), session, widgets("owner", "аcme")).requireProblem(Problem.Kind.INVALID, "owner");
        post(path(), session, widgets("refPattern", "tags/*")).requireProblem(Problem.Kind.INVALID, "refPattern");
        post(path(), session, widgets("kind", "gitlab")).requireProblem(Problem.Kind.INVALID, "kind", "github");
        post(path(), session, widgets("issuer", "https://forged.example"))
                .requireProblem(Problem.Kind.INVALID, "issuer", GITHUB);
        assertThat(acts(namespace)).isEmpty();
    }

    @Test
    void aPackageHasTenPublishersAtMostAndNoneTwice() {
        for (int i = 0; i < 10; i++) {
            added(widgets("environment", "release-" + i));
        }
        post(path(), session, widgets("environment", "release-3"))
                .requireProblem(Problem.Kind.CONFLICT, "same already");
        post(path(), session, widgets("environment", "one-more")).requireProblem(Problem.Kind.CONFLICT, "10");
        Map<String, Object> other = widgets("environment", "one-more");
        other.put("packages", List.of(namespace + ":gadgets"));
        added(other);
    }

    @Test
    void everyActHasItsRowInTheAuditLogAndARefusedOneHasNone() {
        String id = added(widgets());
        post(path() + "/" + id + "/freeze", session, null).json(200);
        post(path() + "/" + id + "/freeze", session, null).requireProblem(Problem.Kind.CONFLICT, "frozen");
        JsonNode again = post(path() + "/" + id + "/unfreeze", session, null).json(200);
        assertThat(again.get("status").asString()).isEqualTo("pending");
        post(path() + "/" + id + "/unfreeze", session, null).requireProblem(Problem.Kind.CONFLICT);
        send("DELETE", path() + "/" + id, session, null).require(204);
        send("DELETE", path() + "/" + id, session, null).requireProblem(Problem.Kind.NOT_FOUND);
        assertThat(acts(namespace))
                .containsExactly("publisher-added", "publisher-frozen", "publisher-unfrozen", "publisher-removed");
        List<AuditRows.Row> rows = store.read(tables -> tables.audit().ofNamespace(namespace, Long.MAX_VALUE, 10));
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.act().subject()).isEqualTo(id);
            assertThat(row.act().actor()).isEqualTo("acc_" + owner);
            assertThat(row.act().detail()).contains("octo-org");
        });
    }

    @Test
    void whoeverFreezesOrRemovesEndsTheTokens() {
        String frozen = trustedToken(List.of(namespace + ":one"));
        String removed = trustedToken(List.of(namespace + ":two"));
        get("api/v1/account", frozen).require(200);
        for (JsonNode each : get(path(), session).json(200).get("publishers")) {
            String id = each.get("id").asString();
            if (each.get("packages").get(0).asString().endsWith(":one")) {
                post(path() + "/" + id + "/freeze", session, null).json(200);
                post(path() + "/" + id + "/unfreeze", session, null).json(200);
            } else {
                send("DELETE", path() + "/" + id, session, null).require(204);
            }
        }
        get("api/v1/account", frozen).requireProblem(Problem.Kind.UNAUTHORIZED);
        get("api/v1/account", removed).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void transferLeavesNoPublisherAndNoTokenOfOne() {
        String heir = account(unique("heir"));
        added(widgets());
        String token = trustedToken(List.of(namespace + ":*"));
        post("api/v1/namespaces/" + namespace + "/transfer", session, Map.of("to", heir))
                .json(200);
        assertThat(get(path(), session(heir)).json(200).get("publishers")).isEmpty();
        get("api/v1/account", token).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void publisherOfSomebodyWhoLeftIsToBeReviewed() {
        String left = account(unique("left"));
        role(namespace, left, Role.MAINTAINER);
        post(path(), session(left), widgets()).json(201);
        assertThat(get(path(), session)
                        .json(200)
                        .get("publishers")
                        .get(0)
                        .get("needsReview")
                        .asBoolean())
                .isFalse();
        send("DELETE", "api/v1/namespaces/" + namespace + "/members/" + left, session, null)
                .require(200);
        assertThat(get(path(), session)
                        .json(200)
                        .get("publishers")
                        .get(0)
                        .get("needsReview")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void testOfClaimsNamesTheFirstFieldThatDiffersOfEachPublisher() {
        String right = added(widgets("environment", "release"));
        String wrong = added(widgets("environment", "production"));
        JsonNode told = tested(claims());
        assertThat(told.get("matched").asBoolean()).isTrue();
        for (JsonNode result : told.get("results")) {
            assertThat(result.get("matches").asBoolean())
                    .isEqualTo(result.get("id").asString().equals(right));
            if (result.get("id").asString().equals(wrong)) {
                assertThat(result.get("code").asString()).isEqualTo("environment-mismatch");
                assertThat(result.get("field").asString()).isEqualTo("environment");
                assertThat(result.get("expected").asString()).isEqualTo("production");
                assertThat(result.get("actual").asString()).isEqualTo("release");
            }
        }
        assertThat(tested(ForgedIssuer.with(claims(), "workflow_ref", "octo-org/widgets/.github/workflows/x.yml@r"))
                        .get("matched")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void testOfClaimsThatNoTokenHasSaysSo() {
        added(widgets());
        post(path() + "/test", session, Map.of("claims", ForgedIssuer.with(claims(), "repository_id", 74)))
                .requireProblem(Problem.Kind.MALFORMED_TOKEN, "repository_id");
        post(path() + "/test", session, Map.of("claims", ForgedIssuer.with(claims(), "iss", "https://x.example")))
                .requireProblem(Problem.Kind.INVALID, "iss");
        assertThat(tested(ForgedIssuer.with(claims(), "iss", null))
                        .get("matched")
                        .asBoolean())
                .isTrue();
        post(path() + "/test", session, "{}").requireProblem(Problem.Kind.BAD_REQUEST, "token");
        post(path() + "/test", session, Map.of("token", "not.a.token")).requireProblem(Problem.Kind.MALFORMED_TOKEN);
    }
}
