package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.storage.registry.AccountRows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Organisations over HTTP: who is in them, what they give in namespaces, and what who leaves leaves behind. */
class OrganisationTest extends ApiTest {

    private static final String ORGANISATIONS = "api/v1/organisations";

    private String organisation(String owner) {
        String login = unique("org");
        post(ORGANISATIONS, session(owner), Map.of("login", login, "displayName", "The " + login))
                .json(201);
        return login;
    }

    private Reply set(String session, String organisation, String login, String role) {
        return send("PUT", ORGANISATIONS + "/" + organisation + "/members/" + login, session, Map.of("role", role));
    }

    private Reply remove(String session, String organisation, String login) {
        return send("DELETE", ORGANISATIONS + "/" + organisation + "/members/" + login, session, null);
    }

    private List<String> actsOf(String organisation) {
        return store.read(rows -> rows.audit().all(Long.MAX_VALUE, 1000)).reversed().stream()
                .filter(row -> row.act().subject().equals(organisation))
                .map(row -> row.act().act())
                .toList();
    }

    @Test
    void whoMakesAnOrganisationOwnsItAndPutsPeopleIn() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String organisation = organisation(ann);
        JsonNode both = set(session(ann), organisation, bob, "member").json(200);
        assertThat(both.get("members").size()).isEqualTo(2);
        assertThat(get(ORGANISATIONS, session(bob))
                        .json(200)
                        .get("organisations")
                        .get(0)
                        .toString())
                .isEqualTo("{\"login\":\"" + organisation + "\",\"displayName\":\"The " + organisation
                        + "\",\"role\":\"member\"}");
        assertThat(get(ORGANISATIONS + "/" + organisation, session(bob)).json(200))
                .isEqualTo(both);
        assertThat(get(ORGANISATIONS + "/" + organisation, administrator()).json(200))
                .isEqualTo(both);
        assertThat(actsOf(organisation)).containsExactly("organisation-created", "organisation-member-set");
    }

    @Test
    void strangersSeeNoOrganisationAndMembersChangeNone() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String organisation = organisation(ann);
        get(ORGANISATIONS + "/" + organisation, session(bob)).requireProblem(Problem.Kind.NO_SUCH_ACCOUNT);
        set(session(bob), organisation, bob, "owner").requireProblem(Problem.Kind.NO_SUCH_ACCOUNT);
        set(session(ann), organisation, bob, "member").require(200);
        set(session(bob), organisation, bob, "owner").requireProblem(Problem.Kind.FORBIDDEN);
        remove(session(bob), organisation, ann).requireProblem(Problem.Kind.FORBIDDEN);
        set(session(ann, Duration.ZERO), organisation, bob, "owner").requireProblem(Problem.Kind.STEP_UP_REQUIRED);
        set(session(ann), organisation, organisation(ann), "member").requireProblem(Problem.Kind.INVALID);
        set(session(ann), organisation, bob, "king").requireProblem(Problem.Kind.INVALID, "king");
        set(session(ann), organisation, "nobody-here", "member").requireProblem(Problem.Kind.NO_SUCH_ACCOUNT);
        post(ORGANISATIONS, session(bob), Map.of("login", organisation)).requireProblem(Problem.Kind.CONFLICT);
    }

    @Test
    void lastOwnerOfAnOrganisationCannotLeave() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String organisation = organisation(ann);
        remove(session(ann), organisation, ann).requireProblem(Problem.Kind.CONFLICT, "last owner");
        set(session(ann), organisation, ann, "member").requireProblem(Problem.Kind.CONFLICT, "last owner");
        set(session(ann), organisation, bob, "owner").require(200);
        remove(session(ann), organisation, ann).require(200);
        get(ORGANISATIONS + "/" + organisation, session(ann)).requireProblem(Problem.Kind.NO_SUCH_ACCOUNT);
        assertThat(actsOf(organisation)).endsWith("organisation-left");
    }

    @Test
    void membersAreInANamespaceWhatTheirOrganisationIsThere() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        String cy = account(unique("cy"));
        String organisation = organisation(ann);
        String namespace = namespace(unique("acme"), cy);
        String members = "api/v1/namespaces/" + namespace + "/members/";
        send("PUT", members + organisation, session(cy), Map.of("role", "owner"))
                .require(204);
        set(session(ann), organisation, bob, "member").require(200);

        // An owner of the organisation owns, a member publishes.
        send("PUT", members + bob, session(ann), Map.of("role", "publisher")).require(204);
        send("DELETE", members + bob, session(ann), null).require(200);
        get("api/v1/namespaces/" + namespace + "/publishers", session(bob)).require(200);
        send("PUT", members + bob, session(bob), Map.of("role", "owner"))
                .requireProblem(Problem.Kind.FORBIDDEN, "publisher");

        remove(session(bob), organisation, bob).require(200);
        get("api/v1/namespaces/" + namespace + "/publishers", session(bob))
                .requireProblem(Problem.Kind.FORBIDDEN, "none");
        write(rows -> rows.accounts()
                .setState(rows.accounts().byLogin(organisation).orElseThrow().id(), AccountRows.State.FROZEN));
        get("api/v1/namespaces/" + namespace + "/publishers", session(ann))
                .requireProblem(Problem.Kind.FORBIDDEN, "none");
    }

    @Test
    void publishersOfWhoLeavesAreNamedToWhoShowsThemOut() {
        String ann = account(unique("ann"));
        String namespace = namespace(unique("acme"), ann);
        String bob = account(unique("bob"));
        role(namespace, bob, dev.lair.storage.registry.Role.OWNER);
        String kept = trustedToken(List.of(namespace + ":*"));
        JsonNode departure = send("DELETE", "api/v1/namespaces/" + namespace + "/members/" + ann, session(bob), null)
                .json(200);
        assertThat(departure.get("publishers").size()).isOne();
        assertThat(departure.get("publishers").get(0).get("namespace").asString())
                .isEqualTo(namespace);
        assertThat(departure.get("publishers").get(0).get("status").asString()).isEqualTo("active");
        // Named, and left to be decided on.
        get("api/v1/account", kept).require(200);
    }
}
