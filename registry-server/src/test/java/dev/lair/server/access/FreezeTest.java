package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.publish.PublishRefused;
import dev.lair.server.publish.PublishRequest;
import dev.lair.server.publish.PublishService;
import dev.lair.storage.registry.Role;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Stopping accounts and namespaces, and giving a namespace back to somebody. */
class FreezeTest extends ApiTest {

    @Autowired
    PublishService publishing;

    private String owner = "";
    private String namespace = "";

    @BeforeEach
    void namespaceWithAnOwner() {
        owner = account(unique("owner"));
        namespace = unique("acme");
        post("api/v1/namespaces", session(owner), Map.of("name", namespace)).json(201);
    }

    private Reply freezeAccount(String login) {
        return post("api/v1/accounts/" + login + "/freeze", administrator(), Map.of("reason", "laptop stolen"));
    }

    private Reply freeze(String session) {
        return post("api/v1/namespaces/" + namespace + "/freeze", session, Map.of("reason", "odd releases"));
    }

    private Reply unfreeze(String session) {
        return post("api/v1/namespaces/" + namespace + "/unfreeze", session, "");
    }

    private Reply release(String token, String version) {
        byte[] content = Wasm.component(namespace + version);
        return send(request("api/v1/packages/" + namespace + "/door/versions/" + version)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/wasm")
                .header("content-digest", DigestField.format(Digest.of(content)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
    }

    // --- accounts ---

    @Test
    void frozenAccountHasNoSessionNoTokenAndNoPublisherAtOnce() {
        String session = session(owner);
        String token = apiToken(owner, List.of("read"), List.of());
        String job = trustedToken(List.of(namespace + ":*"));
        JsonNode frozen = freezeAccount(owner).json(200);
        assertThat(frozen.get("state").asString()).isEqualTo("frozen");
        assertThat(frozen.get("sessions").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(frozen.get("tokens").asInt()).isOne();
        assertThat(frozen.get("publishers").size()).isOne();
        assertThat(frozen.get("publishers").get(0).get("status").asString()).isEqualTo("frozen");
        for (String credential : List.of(session, token, job)) {
            get("api/v1/account", credential).requireProblem(Problem.Kind.UNAUTHORIZED);
        }
        assertThat(acts(namespace)).endsWith("publisher-frozen");

        assertThat(get("api/v1/accounts", administrator()).text()).contains("\"login\":\"" + owner + "\"");
        post("api/v1/accounts/" + owner + "/unfreeze", administrator(), "").require(200);
        get("api/v1/account", session).requireProblem(Problem.Kind.UNAUTHORIZED);
        get("api/v1/account", token).requireProblem(Problem.Kind.UNAUTHORIZED);
        get("api/v1/account", job).requireProblem(Problem.Kind.UNAUTHORIZED);
        get("api/v1/account", session(owner)).require(200);
        post("api/v1/accounts/" + owner + "/unfreeze", administrator(), "").requireProblem(Problem.Kind.CONFLICT);
    }

    @Test
    void accountIsFrozenOnceByAnotherAdministratorForAReason() {
        freezeAccount("administrator").requireProblem(Problem.Kind.CONFLICT, "themselves");
        freezeAccount("nobody-here").requireProblem(Problem.Kind.NO_SUCH_ACCOUNT);
        String path = "api/v1/accounts/" + owner + "/freeze";
        post(path, administrator(), Map.of("reason", " ")).requireProblem(Problem.Kind.INVALID, "reason");
        post(path, session(account(unique("ann"))), Map.of("reason", "x")).requireProblem(Problem.Kind.FORBIDDEN);
        post(path, session("administrator", Duration.ZERO), Map.of("reason", "x"))
                .requireProblem(Problem.Kind.STEP_UP_REQUIRED);
        freezeAccount(owner).require(200);
        freezeAccount(owner).requireProblem(Problem.Kind.CONFLICT, "already");
    }

    @Test
    void listOfAccountsIsReadInPages() {
        String first = get("api/v1/accounts", administrator())
                .json(200)
                .get("accounts")
                .get(0)
                .get("login")
                .asString();
        JsonNode behind = get("api/v1/accounts?after=" + first, administrator()).json(200);
        assertThat(behind.get("accounts").get(0).get("login").asString()).isGreaterThan(first);
    }

    // --- namespaces ---

    @Test
    void frozenNamespaceTakesNoReleaseYankTokenOrPublisherUntilItGoesOn() {
        String people = apiToken(owner, List.of("publish-new", "publish-update", "yank"), List.of());
        String bound = apiToken(owner, List.of("publish-update"), List.of(namespace + ":*"));
        String job = trustedToken(List.of(namespace + ":*"));
        release(people, "1.0.0").json(201);

        JsonNode frozen = freeze(session(owner)).json(200);
        assertThat(frozen.get("tokens").asInt()).isEqualTo(2);
        assertThat(frozen.get("publishers").size()).isOne();
        assertThat(frozen.get("releases").size()).isOne();
        assertThat(frozen.get("releases").get(0).get("packageName").asString()).isEqualTo(namespace + ":door");
        assertThat(frozen.get("releases").get(0).get("version").asString()).isEqualTo("1.0.0");
        release(people, "1.0.1").requireProblem(Problem.Kind.DISABLED, "frozen");
        release(session(owner), "1.0.1").requireProblem(Problem.Kind.DISABLED, "frozen");
        post("api/v1/packages/" + namespace + "/door/versions/1.0.0/yank", people, "")
                .requireProblem(Problem.Kind.DISABLED);
        release(job, "1.0.1").requireProblem(Problem.Kind.UNAUTHORIZED);
        release(bound, "1.0.1").requireProblem(Problem.Kind.UNAUTHORIZED);
        assertThat(get("api/v1/namespaces/" + namespace, null)
                        .json(200)
                        .get("note")
                        .asString())
                .startsWith("frozen since")
                .doesNotContain("odd releases");
        assertThat(get("api/v1/packages/" + namespace + "/door/versions/1.0.0", null)
                        .status())
                .as("what is released stays readable")
                .isEqualTo(200);

        // A token for owners' acts stops, and does not let go on.
        freeze(apiToken(owner, List.of("owners"), List.of())).require(200);
        unfreeze(apiToken(owner, List.of("owners"), List.of())).requireProblem(Problem.Kind.FORBIDDEN);
        unfreeze(session(owner, Duration.ZERO)).requireProblem(Problem.Kind.STEP_UP_REQUIRED);
        unfreeze(session(owner)).require(200);
        release(people, "1.0.1").json(201);
        release(job, "1.0.2").requireProblem(Problem.Kind.UNAUTHORIZED);
        release(bound, "1.0.2").requireProblem(Problem.Kind.UNAUTHORIZED);
        unfreeze(administrator()).requireProblem(Problem.Kind.CONFLICT, "not frozen");
        assertThat(acts(namespace)).contains("namespace-frozen", "namespace-unfrozen");
    }

    @Test
    void releasesAreListedSinceTheDateThatIsAskedFor() {
        release(session(owner), "1.0.0").json(201);
        JsonNode none = post(
                        "api/v1/namespaces/" + namespace + "/freeze",
                        session(owner),
                        Map.of("reason", "x", "since", now().plusSeconds(1).toString()))
                .json(200);
        assertThat(none.get("releases").size()).isZero();
        post("api/v1/namespaces/" + namespace + "/freeze", session(owner), Map.of("reason", "x", "since", "yesterday"))
                .requireProblem(Problem.Kind.INVALID, "yesterday");
    }

    @Test
    void onlyOwnersAndAdministratorsFreezeANamespace() {
        String maintainer = account(unique("maintainer"));
        role(namespace, maintainer, Role.MAINTAINER);
        freeze(session(maintainer)).requireProblem(Problem.Kind.FORBIDDEN, "owner");
        freeze(session(owner, Duration.ZERO)).requireProblem(Problem.Kind.STEP_UP_REQUIRED);
        freeze(administrator()).require(200);
        unfreeze(administrator()).require(200);
        post("api/v1/namespaces/no-such-namespace/freeze", administrator(), Map.of("reason", "x"))
                .requireProblem(Problem.Kind.NO_SUCH_NAMESPACE);
    }

    @Test
    void lostNamespaceIsGivenToSomebodyWithoutPublishersAndTokensOfBefore() {
        String ann = account(unique("ann"));
        String job = trustedToken(List.of(namespace + ":*"));
        String bound = apiToken(owner, List.of("publish-update"), List.of(namespace + ":*"));
        String path = "api/v1/namespaces/" + namespace + "/recover";
        post(path, session(owner), Map.of("to", ann, "reason", "x")).requireProblem(Problem.Kind.FORBIDDEN);
        post(path, administrator(), Map.of("to", ann, "reason", "")).requireProblem(Problem.Kind.INVALID);
        JsonNode recovered = post(path, administrator(), Map.of("to", ann, "reason", "owner left the company"))
                .json(200);
        assertThat(recovered.toString()).contains("\"login\":\"" + ann + "\",\"role\":\"owner\"");
        get("api/v1/account", job).requireProblem(Problem.Kind.UNAUTHORIZED);
        get("api/v1/account", bound).requireProblem(Problem.Kind.UNAUTHORIZED);
        int publishers =
                store.read(rows -> rows.publishers().ofNamespace(namespace).size());
        assertThat(publishers).isZero();
        assertThat(store.read(rows -> rows.audit().ofNamespace(namespace, Long.MAX_VALUE, 1))
                        .getFirst()
                        .act()
                        .detail())
                .contains("owner left the company");
    }

    @Test
    void authorsOwnKeyAddsNothingInAFrozenNamespace() throws Exception {
        Author author = Author.of(namespace + ":own", clock);
        SignedPackageRecord record = author.release("1.0.0", Wasm.coreModule(namespace));
        publishing.publish(new PublishRequest(author.name(), record, Set.of(), true));
        publishing.upload(
                author.log(),
                record.id(),
                Digest.of(Wasm.coreModule(namespace)),
                new ByteArrayInputStream(Wasm.coreModule(namespace)));
        freeze(session(owner)).require(200);
        SignedPackageRecord next = author.release("1.0.1", Wasm.coreModule(namespace + "2"));
        assertThatThrownBy(() -> publishing.publish(new PublishRequest(author.name(), next, Set.of(), true)))
                .isInstanceOf(PublishRefused.Unauthorized.class)
                .hasMessageContaining("is frozen");
    }
}
