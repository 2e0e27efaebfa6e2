package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.server.namespace.Namespaces;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Namespaces, roles, transfer and approval over HTTP, with the policy {@code open}. */
class NamespaceTest extends ApiTest {

    @Autowired
    Namespaces logged;

    @Autowired
    NamespaceOwners owners;

    private Reply create(String session, String name) {
        return post("api/v1/namespaces", session, Map.of("name", name));
    }

    private NamespaceRows.State stateOf(String name) {
        return store.read(rows -> rows.namespaces().find(name).orElseThrow().state());
    }

    private long owners(String name) {
        return store.read(rows -> rows.namespaces().owners(name));
    }

    private boolean isDefined(String name) {
        return logged.find(new Namespace(name)).isPresent();
    }

    @Test
    void namespaceIsCreatedDefinedOwnedAndWrittenDown() {
        String login = account(unique("ann"));
        String name = unique("acme");
        JsonNode made = create(session(login), name).json(201);
        assertThat(made.get("state").asString()).isEqualTo("active");
        assertThat(made.get("members").size()).isOne();
        assertThat(made.get("members").get(0).get("login").asString()).isEqualTo(login);
        assertThat(made.get("members").get(0).get("role").asString()).isEqualTo("owner");
        assertThat(isDefined(name)).isTrue();
        assertThat(acts(name)).containsExactly("namespace-created", "namespace-defined");
        assertThat(get("api/v1/namespaces", session(login))
                        .json(200)
                        .get("namespaces")
                        .get(0)
                        .get("name")
                        .asString())
                .isEqualTo(name);
    }

    @Test
    void ofFiftyWhoCreateANamespaceAtOnceOneOwnsIt() throws Exception {
        String name = unique("acme");
        List<Callable<Reply>> racers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String session = session(account(unique("racer")));
            racers.add(() -> create(session, name));
        }
        int won = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (Future<Reply> each : threads.invokeAll(racers)) {
                if (each.get().status() == 201) {
                    won++;
                } else {
                    each.get().requireProblem(Problem.Kind.CONFLICT);
                }
            }
        }
        assertThat(won).isOne();
        assertThat(get("api/v1/namespaces/" + name, null)
                        .json(200)
                        .get("members")
                        .size())
                .isOne();
        assertThat(acts(name)).containsExactly("namespace-created", "namespace-defined");
    }

    @Test
    void takenReservedAndMalformedNamesAreRefused() {
        String session = session(account(unique("ann")));
        String name = unique("acme");
        create(session, name).require(201);
        create(session, name).requireProblem(Problem.Kind.CONFLICT);
        create(session(account(unique("bob"))), name).requireProblem(Problem.Kind.CONFLICT);
        // The operator log has it, and nobody owns it.
        create(session, "test").requireProblem(Problem.Kind.CONFLICT);
        create(session, "admin").requireProblem(Problem.Kind.INVALID, "reserved");
        create(session, "No Name").requireProblem(Problem.Kind.INVALID);
        post("api/v1/namespaces", session, "{}").requireProblem(Problem.Kind.BAD_REQUEST, "name");
    }

    @Test
    void lookAlikeWaitsForAnAdministratorWhoLetsItBe() {
        String bob = session(account(unique("bob")));
        String name = unique("lookalike");
        create(session(account(unique("ann"))), name).require(201);
        String alike = name.replace("lookalike", "l0okalike");
        JsonNode asked = create(bob, alike).json(201);
        assertThat(asked.get("state").asString()).isEqualTo("pending-approval");
        assertThat(asked.get("note").asString()).contains(name);
        assertThat(isDefined(alike)).isFalse();
        post("api/v1/namespaces/" + alike + "/transfer", bob, Map.of("to", "administrator"))
                .requireProblem(Problem.Kind.CONFLICT);

        String administrator = administrator();
        assertThat(get("api/v1/namespaces", administrator).text()).contains(alike);
        assertThat(get("api/v1/namespaces", bob).json(200).has("waiting")).isFalse();
        assertThat(post("api/v1/namespaces/" + alike + "/approve", administrator, "")
                        .json(200)
                        .get("state")
                        .asString())
                .isEqualTo("active");
        assertThat(isDefined(alike)).isTrue();
        post("api/v1/namespaces/" + alike + "/approve", administrator, "").requireProblem(Problem.Kind.CONFLICT);
        assertThat(acts(alike)).containsExactly("namespace-asked-for", "namespace-approved", "namespace-defined");
    }

    @Test
    void rejectedNameIsFreeAndWhoAskedReadsWhy() {
        String bob = session(account(unique("bob")));
        String name = unique("reject");
        create(session(account(unique("ann"))), name).require(201);
        String alike = name + "y";
        create(bob, alike).require(201);
        JsonNode rejected = post(
                        "api/v1/namespaces/" + alike + "/reject", administrator(), Map.of("reason", "no squatting"))
                .json(200);
        assertThat(rejected.get("state").asString()).isEqualTo("rejected");
        assertThat(rejected.get("note").asString()).isEqualTo("no squatting");
        assertThat(rejected.get("members").size()).isZero();
        assertThat(isDefined(alike)).isFalse();
        assertThat(create(session(account(unique("eve"))), alike)
                        .json(201)
                        .get("state")
                        .asString())
                .isEqualTo("pending-approval");
    }

    @Test
    void ownersMayCallTheirSecondNamespaceAlmostAsTheFirst() {
        String session = session(account(unique("ann")));
        String name = unique("family");
        create(session, name).require(201);
        assertThat(create(session, name + "y").json(201).get("state").asString())
                .isEqualTo("active");
    }

    @Test
    void accountCreatesNoMoreThanTheLimitAndAnAdministratorDoes() {
        String login = account(unique("ann"));
        for (int i = 0; i < 10; i++) {
            namespace(unique("many"), login);
        }
        create(session(login), unique("onemore")).requireProblem(Problem.Kind.FORBIDDEN, "lair.namespaces-per-account");
        create(administrator(), unique("theirs")).require(201);
    }

    /** The three places where the process may stop between tables and operator log. */
    @Test
    void whatACrashLeftHalfDefinedIsWholeWhenAskedForOrStarted() {
        String login = account(unique("ann"));
        for (boolean isLogged : new boolean[] {false, true}) {
            for (int way = 0; way < 3; way++) {
                String name = unique("crash");
                namespace(name, login);
                write(rows ->
                        rows.namespaces().move(name, NamespaceRows.State.ACTIVE, NamespaceRows.State.DEFINING, ""));
                if (isLogged) {
                    String copy = unique("copy");
                    create(administrator(), copy).require(201);
                    // As if the record had been written and the row had not.
                    write(rows ->
                            rows.namespaces().move(copy, NamespaceRows.State.ACTIVE, NamespaceRows.State.DEFINING, ""));
                    assertThat(get("api/v1/namespaces/" + copy, null)
                                    .json(200)
                                    .get("state")
                                    .asString())
                            .isEqualTo("active");
                }
                switch (way) {
                    case 0 -> owners.resume();
                    case 1 -> get("api/v1/namespaces/" + name, null).require(200);
                    default -> create(session(login), name).require(201);
                }
                assertThat(isDefined(name)).isTrue();
                assertThat(stateOf(name)).isEqualTo(NamespaceRows.State.ACTIVE);
            }
        }
    }

    private Reply setRole(String session, String namespace, String login, String role) {
        return send("PUT", "api/v1/namespaces/" + namespace + "/members/" + login, session, Map.of("role", role));
    }

    private Reply removeRole(String session, String namespace, String login) {
        return send("DELETE", "api/v1/namespaces/" + namespace + "/members/" + login, session, null);
    }

    @Test
    void lastOwnerCannotLeave() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String session = session(ann);
        String name = namespace(unique("acme"), ann);
        removeRole(session, name, ann).requireProblem(Problem.Kind.CONFLICT, "last owner");
        setRole(session, name, ann, "publisher").requireProblem(Problem.Kind.CONFLICT, "last owner");
        setRole(session, name, bob, "owner").require(204);
        removeRole(session, name, ann).require(200);
        removeRole(session, name, bob).requireProblem(Problem.Kind.FORBIDDEN, "manage-roles", "owner", "none");
        removeRole(session(bob), name, bob).requireProblem(Problem.Kind.CONFLICT);
        assertThat(acts(name)).containsExactly("role-given", "role-taken");
    }

    /** Each alone would leave the other: together they must not leave nobody. */
    @Test
    void twoOwnersWhoLeaveAtOnceLeaveOne() throws Exception {
        for (int round = 0; round < 10; round++) {
            String ann = account(unique("ann"));
            String bob = account(unique("bob"));
            String name = namespace(unique("acme"), ann);
            role(name, bob, Role.OWNER);
            String annSession = session(ann);
            String bobSession = session(bob);
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                threads.invokeAll(
                        List.of(() -> removeRole(annSession, name, ann), () -> removeRole(bobSession, name, bob)));
            }
            assertThat(owners(name)).isOne();
        }
    }

    @Test
    void unknownRolesLoginsAndNamespacesAreNamed() {
        String ann = account(unique("ann"));
        String session = session(ann);
        String name = namespace(unique("acme"), ann);
        setRole(session, name, ann, "king").requireProblem(Problem.Kind.INVALID, "king");
        setRole(session, name, "nobody-here", "owner").requireProblem(Problem.Kind.NO_SUCH_ACCOUNT, "nobody-here");
        removeRole(session, name, account(unique("bob"))).requireProblem(Problem.Kind.NO_SUCH_ACCOUNT);
        setRole(session, "no-such-namespace", ann, "owner").requireProblem(Problem.Kind.NO_SUCH_NAMESPACE);
        get("api/v1/namespaces/no-such-namespace", null).requireProblem(Problem.Kind.NO_SUCH_NAMESPACE);
    }

    @Test
    void transferLeavesNothingThatTheOwnersOfBeforeArranged() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String eve = account(unique("eve"));
        String name = namespace(unique("acme"), ann);
        role(name, eve, Role.MAINTAINER);
        String bound = apiToken(eve, List.of("publish-update", "read"), List.of(name + ":*"));
        String free = apiToken(eve, List.of("publish-update", "read"), List.of());
        JsonNode after = post("api/v1/namespaces/" + name + "/transfer", session(ann), Map.of("to", bob))
                .json(200);
        assertThat(after.get("members").size()).isOne();
        assertThat(after.get("members").get(0).get("login").asString()).isEqualTo(bob);
        get("api/v1/account", bound).requireProblem(Problem.Kind.UNAUTHORIZED);
        get("api/v1/account", free).require(200);
        setRole(session(ann), name, ann, "owner").requireProblem(Problem.Kind.FORBIDDEN);
        assertThat(acts(name)).containsExactly("namespace-transferred");
    }

    @Test
    void authorityIsReadAnewAtEachUse() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String name = namespace(unique("acme"), ann);
        role(name, bob, Role.OWNER);
        String session = session(bob);
        String token = apiToken(bob, List.of("owners"), List.of());
        setRole(session, name, bob, "owner").require(204);
        setRole(token, name, bob, "owner").require(204);
        AuditRows.Act byToken = store.read(rows -> rows.audit().ofNamespace(name, Long.MAX_VALUE, 1))
                .getFirst()
                .act();
        assertThat(byToken.actor()).startsWith("tok_");
        assertThat(byToken.detail()).contains("acc_" + bob);
        role(name, bob, Role.MAINTAINER);
        setRole(session, name, bob, "owner").requireProblem(Problem.Kind.FORBIDDEN, "owner", "maintainer");
        setRole(token, name, bob, "owner").requireProblem(Problem.Kind.FORBIDDEN);
    }

    @Test
    void tokenDoesOnlyWhatItsScopesAndPatternsSay() {
        String ann = account(unique("ann"));
        String name = namespace(unique("acme"), ann);
        setRole(apiToken(ann, List.of("read", "publish-new", "publishers"), List.of()), name, ann, "owner")
                .requireProblem(Problem.Kind.FORBIDDEN, "owners");
        setRole(apiToken(ann, List.of("owners"), List.of("other:*")), name, ann, "owner")
                .requireProblem(Problem.Kind.FORBIDDEN, "other:*");
        setRole(apiToken(ann, List.of("owners"), List.of(name + ":one")), name, ann, "owner")
                .requireProblem(Problem.Kind.FORBIDDEN);
        setRole(apiToken(ann, List.of("owners"), List.of(name + ":*")), name, ann, "owner")
                .require(204);
    }

    @Test
    void oldSessionChangesNoRole() {
        String ann = account(unique("ann"));
        String name = namespace(unique("acme"), ann);
        String session = session(ann);
        clock.move(Duration.ofMinutes(15));
        setRole(session, name, ann, "owner").requireProblem(Problem.Kind.STEP_UP_REQUIRED, "manage-roles");
        post("api/v1/namespaces/" + name + "/approve", session("administrator", Duration.ZERO), "")
                .requireProblem(Problem.Kind.STEP_UP_REQUIRED);
    }

    @Test
    void trustedOnlyIsSaidByOwnersAndWrittenDown() {
        String ann = account(unique("ann"));
        String name = namespace(unique("acme"), ann);
        JsonNode changed = send("PATCH", "api/v1/namespaces/" + name, session(ann), Map.of("trustedOnly", true))
                .json(200);
        assertThat(changed.get("trustedOnly").asBoolean()).isTrue();
        assertThat(acts(name)).containsExactly("trusted-only-set");
    }

    @Test
    void ownersReadWhatWasDoneInTheirNamespaceAPageAtATime() {
        String ann = account(unique("ann"));
        String name = namespace(unique("acme"), ann);
        String session = session(ann);
        for (int i = 0; i < 101; i++) {
            setRole(session, name, ann, "owner").require(204);
        }
        JsonNode page = get("api/v1/audit?namespace=" + name, session).json(200);
        assertThat(page.get("acts").size()).isEqualTo(100);
        JsonNode act = page.get("acts").get(0);
        assertThat(act.get("act").asString()).isEqualTo("role-given");
        assertThat(act.get("actor").asString()).isEqualTo("acc_" + ann);
        assertThat(act.get("requestId").asString()).isNotEmpty();
        JsonNode last = get(
                        "api/v1/audit?namespace=" + name + "&before="
                                + page.get("before").asLong(),
                        session)
                .json(200);
        assertThat(last.get("acts").size()).isOne();
        assertThat(last.has("before")).isFalse();
    }
}
