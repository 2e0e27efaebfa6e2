package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.Role;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pages of settings do, form by form. */
class SettingsPagesTest extends WebTest {

    private static final String MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

    private String owner = "";
    private Browser browser = new Browser(0);

    @BeforeEach
    void somebody() {
        owner = account(unique("owner"));
        browser = browserOf(owner);
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group();
    }

    @Test
    void tokenIsShownOnceListedAndRevoked() {
        Browser.Shown made = browser.submit(
                "/settings/tokens",
                "label",
                "ci",
                "scopes",
                "read",
                "scopes",
                "yank",
                "packages",
                "a:b, c:*",
                "days",
                "9");
        String text = found("lair_pat_[0-9A-Za-z]{36}", made.require(200).text());
        assertThat(made.header("cache-control")).contains("private, no-store");
        assertThat(get("api/v1/account", text).json(200).get("packages").toString())
                .isEqualTo("[\"a:b\",\"c:*\"]");
        Browser.Shown list = browser.get("/settings/tokens").require(200, "read, yank", "a:b c:*");
        assertThat(list.text()).doesNotContain(text);
        String id = found("tok_[a-z2-7]+", list.text());
        browserOf(account(unique("other")))
                .submit("/settings/tokens/" + id + "/revoke")
                .require(404);
        browser.submit("/settings/tokens/" + id + "/revoke").requireSentTo("/settings/tokens?done=token-revoked");
        get("api/v1/account", text).requireProblem(Problem.Kind.UNAUTHORIZED);
        browser.get("/settings/tokens?done=token-revoked").require(200, "The token is revoked.");
    }

    @Test
    void refusedTokenKeepsWhatWasFilledIn() {
        browser.submit("/settings/tokens", "label", "ci", "scopes", "yank", "packages", "acme", "days", "99")
                .require(422, "1 to 90, not 99", "value=\"ci\"", "value=\"acme\"", "value=\"99\"", " checked>");
        browser.submit("/settings/tokens", "label", "ci", "scopes", "yank", "days", "soon")
                .require(422, "`soon`");
        browser.submit("/settings/tokens", "label", "ci", "days", "1").require(422, "scopes");
    }

    @Test
    void markupIsInertWhereverSomebodyTypesIt() {
        browser.submit("/settings/tokens", "label", MARKUP, "scopes", "read", "days", "1")
                .require(200);
        for (Browser.Shown page : List.of(
                browser.get("/settings/tokens"),
                browser.get("/settings/tokens?label=" + Browser.encode(MARKUP) + "&days=" + Browser.encode(MARKUP)),
                browser.submit(
                        "/settings/tokens", "label", MARKUP, "scopes", MARKUP, "days", MARKUP, "packages", MARKUP),
                browser.submit("/settings/namespaces", "name", MARKUP),
                browser.submit("/login/device", "code", MARKUP),
                browser.get("/login/device?code=" + Browser.encode(MARKUP)),
                browser.get("/login?login=" + Browser.encode(MARKUP)),
                browser.get("/login/again?next=" + Browser.encode("/x?" + MARKUP)),
                browser.get("/no/" + Browser.encode(MARKUP.replace("/", ""))),
                browser.get("/?done=" + Browser.encode(MARKUP)))) {
            assertThat(page.status()).isLessThan(500);
            assertThat(page.text())
                    .doesNotContain("<script", "<img src=x", "\"'>")
                    .contains("<main");
        }
    }

    @Test
    void namespaceIsCreatedAndTheNextOfItsKindWaits() {
        String name = unique("fresh");
        browser.get("/settings/namespaces").require(200, "You are in no namespace");
        browser.submit("/settings/namespaces", "name", name)
                .requireSentTo("/settings/namespaces/" + name + "?done=namespace-created");
        browser.get("/settings/namespaces/" + name).require(200, "Give a role", "Hand it on");
        assertThat(acts(name)).containsExactly("namespace-created", "namespace-defined");
        browser.submit("/settings/namespaces", "name", name).require(409, "value=\"" + name + "\"");
        browser.submit("/settings/namespaces", "name", "login").require(422, "reserved");

        Browser stranger = browserOf(account(unique("stranger")));
        String alike = name + "s";
        stranger.submit("/settings/namespaces", "name", alike)
                .requireSentTo("/settings/namespaces/" + alike + "?done=namespace-asked-for");
        stranger.get("/settings/namespaces").require(200, "waits for approval", "looks like");
        browserOf("administrator").get("/approvals").require(200, alike, "looks like");
    }

    @Test
    void administratorApprovesOneAndRejectsAnotherWithAReason() {
        String one = pending(unique("one"));
        String other = pending(unique("other"));
        Browser administrator = browserOf("administrator");
        administrator.submit("/approvals/" + one + "/approve").requireSentTo("/approvals?done=approved");
        administrator.submit("/approvals/" + other + "/reject", "reason", " ").require(422, "reason");
        administrator
                .submit("/approvals/" + other + "/reject", "reason", "taken " + MARKUP)
                .requireSentTo("/approvals?done=rejected");
        administrator.submit("/approvals/" + other + "/approve").require(409);
        assertThat(browser.get("/settings/namespaces/" + other)
                        .require(200, "rejected", "taken &lt;script")
                        .text())
                .doesNotContain("<script");
        assertThat(store.read(rows -> rows.namespaces().find(one)).orElseThrow().state())
                .isEqualTo(NamespaceRows.State.ACTIVE);
        browser.submit("/approvals/" + other + "/approve").require(403);
    }

    private String pending(String name) {
        write(rows -> {
            rows.namespaces()
                    .add(new NamespaceRows.Namespace(
                            name, NamespaceRows.State.PENDING, "it looks like another", false, "acc_" + owner, now()));
            rows.namespaces().setRole(name, "acc_" + owner, Role.OWNER, now());
        });
        return name;
    }

    @Test
    void rolesAreGivenTakenAndHandedOn() {
        String namespace = namespace(unique("acme"), owner);
        String friend = account(unique("friend"));
        String page = "/settings/namespaces/" + namespace;
        browser.submit(page + "/members", "login", friend, "role", "maintainer")
                .requireSentTo(page + "?done=role-given");
        browser.get(page).require(200, friend, "maintainer");
        Browser friends = browserOf(friend);
        assertThat(friends.get(page).require(200, owner).text()).doesNotContain("Give a role");
        friends.submit(page + "/members", "login", friend, "role", "owner").require(403);
        browser.submit(page + "/members", "login", "nobody-of-this-name", "role", "owner")
                .require(404, "value=\"nobody-of-this-name\"", " selected");
        browser.submit(page + "/members", "login", friend, "role", "king").require(422, "king");
        browser.submit(page + "/members/remove", "login", owner).require(409, "last owner");
        browser.submit(page + "/members/remove", "login", friend).requireSentTo(page + "?done=role-taken");

        browser.submit(page + "/trusted-only", "on", "yes").requireSentTo(page + "?done=trusted-only-set");
        browser.get(page).require(200, "trusted publishers only");
        browser.submit(page + "/trusted-only").requireSentTo(page + "?done=trusted-only-set");

        browser.submit(page + "/transfer", "to", friend, "confirm", "acme").require(422, "type its name");
        browser.submit(page + "/transfer", "to", friend, "confirm", namespace)
                .requireSentTo(page + "?done=transferred");
        assertThat(browser.get(page).require(200, friend).text()).doesNotContain("Give a role");
        assertThat(acts(namespace))
                .containsExactly(
                        "role-given", "role-taken", "trusted-only-set", "trusted-only-set", "namespace-transferred");
    }

    @Test
    void publisherIsAddedTestedFrozenAndRemoved() {
        String namespace = namespace(unique("acme"), owner);
        String page = "/settings/namespaces/" + namespace + "/publishers";
        browser.get("/settings/publishers").require(200, page);
        browser.get(page).require(200, "There is none", "token.actions.githubusercontent.com", "gitlab.com");
        String[] fields = {
            "issuer", "https://token.actions.githubusercontent.com",
            "packages", namespace + ":*",
            "owner", "acme",
            "repository", "door",
            "workflow", "release.yml",
            "environment", "",
            "refPattern", "refs/tags/v*"
        };
        browser.submit(page, fields).requireSentTo(page + "?done=publisher-added");
        browser.submit(page, fields).require(409, "value=\"release.yml\"");
        Browser.Shown list = browser.get(page).require(200, "acme/door", "refs/tags/v*", "active");
        String id = found("pub_[a-z2-7]+", list.text());

        String claims = """
                {"iss": "https://token.actions.githubusercontent.com", "sub": "repo:acme/door:ref:refs/heads/main",
                 "repository": "acme/door", "repository_id": "74", "repository_owner": "acme", "repository_owner_id": "65",
                 "workflow_ref": "acme/door/.github/workflows/%s@refs/tags/v1", "job_workflow_ref":
                 "acme/door/.github/workflows/%s@refs/tags/v1", "ref": "refs/tags/v1", "ref_type": "tag", "event_name": "push",
                 "runner_environment": "github-hosted", "sha": "0123456789012345678901234567890123456789",
                 "run_id": "1", "run_attempt": "1", "repository_visibility": "public", "actor_id": "1"}
                """;
        browser.submit(page + "/test", "identity", claims.formatted("other.yml", "other.yml"))
                .require(200, "No publisher takes this identity", "workflow", "release.yml", "other.yml");
        browser.submit(page + "/test", "identity", claims.formatted("release.yml", "release.yml"))
                .require(200, "A publisher takes this identity");
        Browser.Shown broken =
                browser.submit(page + "/test", "identity", "eyJhbGciOiJub25lIn0." + "x".repeat(40) + ".");
        assertThat(broken.status()).isBetween(400, 499);
        assertThat(broken.text()).contains("role=\"alert\"").doesNotContain("eyJhbGciOiJub25lIn0");
        browser.submit(page + "/test", "identity", "{").require(422, "no JSON object");
        browser.submit(page + "/test", "identity", "").require(422);

        browser.submit(page + "/" + id + "/freeze").requireSentTo(page + "?done=publisher-frozen");
        browser.submit(page + "/" + id + "/freeze").require(409);
        browser.get(page).require(200, "frozen", "Let it go on");
        browser.submit(page + "/" + id + "/unfreeze").requireSentTo(page + "?done=publisher-unfrozen");
        assertThat(store.read(rows -> rows.publishers().find(id)).orElseThrow().status())
                .isEqualTo(PublisherRows.Status.ACTIVE);
        browser.submit(page + "/" + id + "/remove").requireSentTo(page + "?done=publisher-removed");
        browser.get(page).require(200, "There is none");
        assertThat(acts(namespace))
                .containsExactly("publisher-added", "publisher-frozen", "publisher-unfrozen", "publisher-removed");
    }

    @Test
    void publisherOfAnotherForgeHasItsOwnFields() {
        String namespace = namespace(unique("acme"), owner);
        String page = "/settings/namespaces/" + namespace + "/publishers";
        browser.get(page + "?issuer=https%3A%2F%2Fgitlab.com").require(200, "Pipeline file", "Group");
        browser.submit(
                        page,
                        "issuer",
                        "https://gitlab.com",
                        "packages",
                        namespace + ":x " + namespace + ":y",
                        "owner",
                        "acme/tools",
                        "repository",
                        "door",
                        "workflow",
                        "")
                .require(422, "value=\"acme/tools\"", "Pipeline file");
        browser.submit(page, "issuer", "https://nobody.example", "packages", namespace + ":*")
                .require(422, "issuer");
        browser.submit(page, "issuer", "https://gitlab.com", "packages", namespace + ":*", "demanded", "nothing")
                .require(422, "claims");
    }

    @Test
    void publisherLooksAtTheListAndChangesNothing() {
        String namespace = namespace(unique("acme"), owner);
        String login = account(unique("pub"));
        role(namespace, login, Role.PUBLISHER);
        String page = "/settings/namespaces/" + namespace + "/publishers";
        Browser publisher = browserOf(login);
        assertThat(publisher.get(page).require(200, "Test an identity").text()).doesNotContain("Add the publisher");
        publisher.submit(page, "issuer", "https://gitlab.com").require(403);
        browserOf(account(unique("other"))).get(page).require(403);
    }

    @Test
    void auditLogIsToldToOwnersByName() {
        String namespace = namespace(unique("acme"), owner);
        browser.submit("/settings/namespaces/" + namespace + "/trusted-only", "on", "yes")
                .require(303);
        browser.get("/settings/audit").require(200, "/settings/namespaces/" + namespace + "/audit");
        browser.get("/settings/namespaces/" + namespace + "/audit").require(200, "trusted-only-set", owner);
        browser.get("/settings/namespaces/" + namespace + "/audit?before=1").require(200, "nothing older");
        browser.get("/settings/namespaces/" + namespace + "/audit?before=x").require(400);
        browserOf(account(unique("other")))
                .get("/settings/namespaces/" + namespace + "/audit")
                .require(403);
        browserOf("administrator").get("/settings/audit/registry").require(200, "trusted-only-set");
    }

    @Test
    void staleSessionIsAskedBeforeEachSensitiveAct() {
        String namespace = namespace(unique("acme"), owner);
        Browser stale = staleBrowserOf(owner);
        String page = "/settings/namespaces/" + namespace;
        stale.get(page).require(200, "Give a role");
        assertThat(stale.submit(page + "/members", "login", "ann", "role", "owner")
                        .require(303)
                        .location())
                .isEqualTo("/login/again?next=" + Browser.encode(page + "?" + "login=ann&role=owner"));
        stale.get(page + "?login=ann&role=owner").require(200, "value=\"ann\"");
        stale.get("/login/again?next=" + page).require(200, "has no password");
    }

    @Test
    void profileListsWhereOneIsLoggedIn() {
        session(owner);
        Browser.Shown profile = browser.get("/settings/profile").require(200, owner, "this one", "Command line");
        assertThat(profile.text().split("Command line", -1)).hasSize(3);
        assertThat(profile.text()).doesNotContain("Change the password");
    }
}
