package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.NamespaceDocuments.Member;
import dev.lair.registry.api.NamespaceDocuments.Namespace;
import dev.lair.registry.api.PeopleDocuments.Accounts;
import dev.lair.registry.api.PeopleDocuments.Belonging;
import dev.lair.registry.api.PeopleDocuments.Departure;
import dev.lair.registry.api.PeopleDocuments.FrozenAccount;
import dev.lair.registry.api.PeopleDocuments.FrozenNamespace;
import dev.lair.registry.api.PeopleDocuments.ListedAccount;
import dev.lair.registry.api.PeopleDocuments.Organisation;
import dev.lair.registry.api.PeopleDocuments.OrganisationMember;
import dev.lair.registry.api.PeopleDocuments.Organisations;
import dev.lair.registry.api.PeopleDocuments.SignedRelease;
import dev.lair.registry.api.PeopleDocuments.ToReview;
import dev.lair.registry.api.TokenText;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair org}, {@code lair account} and freezing: what is sent, and what is made of the answers. */
class OrgCommandsTest {

    private static final Organisation ORGANISATION = new Organisation(
            "guild",
            "The Guild",
            List.of(new OrganisationMember("ann", "owner", "2026"), new OrganisationMember("bob", "member", "2026")));
    private static final String SHOWN = "organisation  guild  The Guild\nowner         ann\nmember        bob\n";
    private static final List<ToReview> LEFT =
            List.of(new ToReview("pub_1", "acme", List.of("acme:greeter"), "active"));

    private final List<String> sent = new ArrayList<>();

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
        lair.variables.put(
                "LAIR_TOKEN",
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void on(String request, int status, Object answer) {
        registry.on(request, asked -> {
            sent.add(asked.text());
            return FakeRegistry.Answer.api(status, answer);
        });
    }

    private String out(String... arguments) {
        LairRun.Outcome outcome = lair.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        return outcome.out();
    }

    @Test
    void anOrganisationIsMadeListedAndItsMembersChanged() {
        on("POST api/v1/organisations", 201, ORGANISATION);
        on("GET api/v1/organisations/guild", 200, ORGANISATION);
        on("GET api/v1/organisations", 200, new Organisations(List.of(new Belonging("guild", "The Guild", "owner"))));
        on("PUT api/v1/organisations/guild/members/bob", 200, ORGANISATION);
        on("DELETE api/v1/organisations/guild/members/bob", 200, new Departure(LEFT));
        assertThat(out("org", "create", "guild", "--name", "The Guild")).isEqualTo(SHOWN);
        assertThat(out("org", "members", "guild")).isEqualTo(SHOWN);
        assertThat(out("org", "list")).isEqualTo("guild  owner  The Guild\n");
        assertThat(out("org", "add", "guild", "bob")).isEqualTo(SHOWN);
        assertThat(out("org", "remove", "guild", "bob"))
                .isEqualTo("bob is not in guild any more\nlook at publisher pub_1  acme  acme:greeter  active\n");
        assertThat(sent)
                .containsExactly(
                        "{\"login\":\"guild\",\"displayName\":\"The Guild\"}", "", "", "{\"role\":\"member\"}", "");
    }

    @Test
    void anAccountIsFrozenForAReasonAndWhatEndedIsShown() {
        on("POST api/v1/accounts/bob/freeze", 200, new FrozenAccount("bob", "frozen", 2, 1, LEFT));
        on("POST api/v1/accounts/bob/unfreeze", 200, new FrozenAccount("bob", "active", 0, 0, List.of()));
        assertThat(lair.run("account", "freeze", "bob").exitCode()).isEqualTo(2);
        assertThat(out("account", "freeze", "bob", "--reason", "left"))
                .isEqualTo("bob is frozen; ended: 2 sessions, 1 tokens\n"
                        + "look at publisher pub_1  acme  acme:greeter  active\n");
        assertThat(out("account", "unfreeze", "bob")).isEqualTo("bob may log in again\n");
        assertThat(sent).containsExactly("{\"reason\":\"left\"}", "");
    }

    @Test
    void allAccountsAreListedOfEveryPage() {
        registry.on("GET api/v1/accounts", asked -> {
            ListedAccount ann = new ListedAccount("acc_1", "ann", "Ann", "person", true, "active", "2026");
            ListedAccount bob = new ListedAccount("acc_2", "bob", "Bob", "person", false, "frozen", "2026");
            return FakeRegistry.Answer.api(
                    200,
                    sent.isEmpty() && sent.add("first")
                            ? new Accounts(List.of(ann), "ann")
                            : new Accounts(List.of(bob), null));
        });
        assertThat(out("account", "list")).isEqualTo("ann  person  active  administrator\nbob  person  frozen\n");
    }

    @Test
    void aNamespaceIsFrozenSinceADayLetGoOnAndRecovered() {
        on(
                "POST api/v1/namespaces/acme/freeze",
                200,
                new FrozenNamespace(
                        "acme",
                        "2026-02-03T00:00:00Z",
                        3,
                        LEFT,
                        "2026-01-31T00:00:00Z",
                        List.of(new SignedRelease("acme:greeter", "1.0.0", "2026-02-01T00:00:00Z"))));
        Namespace acme =
                new Namespace("acme", "active", null, false, "2026", List.of(new Member("ann", "owner", "2026")));
        on("POST api/v1/namespaces/acme/unfreeze", 200, acme);
        on("POST api/v1/namespaces/acme/recover", 200, acme);
        assertThat(out("namespace", "freeze", "acme", "--reason", "odd", "--since", "2026-01-31"))
                .isEqualTo("acme is frozen since 2026-02-03T00:00:00Z; revoked: 3 tokens\n"
                        + "look at publisher pub_1  acme  acme:greeter  active\n"
                        + "released acme:greeter@1.0.0  2026-02-01T00:00:00Z\n");
        assertThat(lair.run("namespace", "freeze", "acme", "--reason", "odd", "--since", "yesterday")
                        .exitCode())
                .isEqualTo(2);
        assertThat(out("namespace", "unfreeze", "acme")).contains("owner      ann");
        assertThat(out("namespace", "recover", "acme", "--to", "ann", "--reason", "lost"))
                .contains("owner      ann");
        assertThat(sent)
                .containsExactly(
                        "{\"reason\":\"odd\",\"since\":\"2026-01-31T00:00:00Z\"}",
                        "",
                        "{\"to\":\"ann\",\"reason\":\"lost\"}");
    }
}
