package dev.lair.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.storage.registry.AccountRows;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** People who log in with an issuer that is not ours, by a browser with cookies. */
class ProviderLoginTest extends ProviderTest {

    @Test
    void whoLogsInGetsAnAccountAndIsTheSameNextTime() {
        String name = someone("ann");
        Browser browser = new Browser();
        URI at = begin(browser, "honest", "?next=/settings/tokens%3Fa=b");
        assertThat(Browser.parameter(at, "response_type")).isEqualTo("code");
        assertThat(Browser.parameter(at, "code_challenge_method")).isEqualTo("S256");
        assertThat(Browser.parameter(at, "code_challenge")).hasSize(43);
        assertThat(Browser.parameter(at, "nonce")).hasSize(43);
        assertThat(Browser.parameter(at, "scope")).isEqualTo("openid profile");
        assertThat(Browser.parameter(at, "prompt")).isNull();

        HttpResponse<String> done = logIn(browser, at, "honest", "sub-" + name, Map.of("preferred_username", name));
        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(Browser.location(done).toString()).endsWith("/settings/tokens?a=b");
        assertThat(done.headers().allValues("set-cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("lair=lair_pat_")
                        .contains("HttpOnly", "SameSite=Lax", "Path=/")
                        .doesNotContain("Domain"));
        assertThat(browser.cookie(registry(""), "lair-login")).isEmpty();
        assertThat(loginOf(session(browser))).isEqualTo(name);
        JsonNode me = get("api/v1/account", session(browser)).json(200);
        assertThat(Instant.parse(me.get("steppedUpUntil").asString())).isEqualTo(now().plus(Duration.ofMinutes(15)));
        assertThat(actsOf(name)).containsExactly("account-created", "login");

        Browser another = new Browser();
        logIn(another, "honest", "sub-" + name, Map.of("preferred_username", "renamed"));
        assertThat(accountOf(another)).isEqualTo(accountOf(browser));
    }

    @Test
    void loginThatSomebodyHasIsGivenWithANumber() {
        String taken = account(someone("ann"));
        Browser browser = new Browser();
        logIn(
                browser,
                "honest",
                someone("sub"),
                Map.of("preferred_username", taken.toUpperCase(java.util.Locale.ROOT)));
        assertThat(loginOf(session(browser))).isEqualTo(taken + "-2");
        Browser nameless = new Browser();
        logIn(nameless, "honest", someone("sub"), Map.of("preferred_username", "administrator"));
        assertThat(loginOf(session(nameless))).startsWith("user");
        assertThat(get("api/v1/account", session(nameless))
                        .json(200)
                        .get("account")
                        .get("administrator")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void addressOfMailPlaysNoRole() {
        Map<String, Object> mail = Map.of("email", someone("ann") + "@example.org", "email_verified", true);
        String subject = someone("sub");
        Browser first = new Browser();
        Browser stranger = new Browser();
        Browser again = new Browser();
        logIn(first, "honest", subject, mail);
        logIn(stranger, "honest", someone("sub"), mail);
        logIn(again, "honest", subject, Map.of("email", "else@example.org", "email_verified", false));
        assertThat(accountOf(stranger)).isNotEqualTo(accountOf(first));
        assertThat(accountOf(again)).isEqualTo(accountOf(first));
    }

    @Test
    void sameSubjectAtTwoIssuersIsTwoAccounts() {
        String subject = someone("sub");
        Browser here = new Browser();
        Browser there = new Browser();
        logIn(here, "honest", subject, Map.of());
        logIn(there, "other", subject, Map.of());
        assertThat(accountOf(there)).isNotEqualTo(accountOf(here));
    }

    private static URI with(URI callback, String name, String value) {
        return URI.create(callback.toString().replaceAll("([?&]" + name + "=)[^&]*", "$1" + value));
    }

    /** What the provider sends the browser back to. */
    private URI answer(Browser browser, String provider) {
        return Browser.location(browser.get(begin(browser, provider, "")));
    }

    @Test
    void answerWithAnotherStateIsRefused() {
        Browser browser = new Browser();
        URI answer = answer(browser, "honest");
        refused(browser.get(with(answer, "state", "x".repeat(43))), browser, "begin-again");
        refused(browser.get(with(answer(browser, "honest"), "state", "x")), browser, "begin-again");
        refused(browser.get(registry("login/with/honest/callback?code=a")), browser, "begin-again");
    }

    @Test
    void answerIsUsedOnce() {
        Browser browser = new Browser();
        URI at = begin(browser, "honest", "");
        String cookie = browser.cookie(registry(""), "lair-login").orElseThrow();
        URI answer = Browser.location(browser.get(at));
        assertThat(browser.get(answer).statusCode()).isEqualTo(303);
        String first = session(browser);
        Browser thief = new Browser();
        refused(thief.get(answer, "cookie", "lair-login=" + cookie), thief, "begin-again");
        assertThat(get("api/v1/account", first).status()).isEqualTo(200);
    }

    @Test
    void answerInAnotherBrowserIsRefusedAndLeavesTheFirstItsLogin() {
        Browser browser = new Browser();
        Browser victim = new Browser();
        begin(victim, "honest", "");
        URI answer = answer(browser, "honest");
        refused(victim.get(answer), victim, "begin-again");
        refused(new Browser().get(answer), new Browser(), "begin-again");
        assertThat(browser.get(answer).statusCode()).isEqualTo(303);
        assertThat(session(browser)).isNotEmpty();
    }

    @Test
    void answerOfOneProviderIsNotAnothers() {
        Browser browser = new Browser();
        URI answer = answer(browser, "honest");
        URI elsewhere = URI.create(answer.toString().replace("/with/honest/", "/with/other/"));
        refused(browser.get(elsewhere), browser, "begin-again");
        Browser mixed = new Browser();
        URI named = URI.create(answer(mixed, "honest") + "&iss=" + HONEST.issuerUrl("other"));
        refused(mixed.get(named), mixed, "not-verified");
        Browser right = new Browser();
        URI own = URI.create(answer(right, "honest") + "&iss=" + HONEST.issuerUrl("honest"));
        assertThat(right.get(own).statusCode()).isEqualTo(303);
        assertThat(session(right)).isNotEmpty();
    }

    @Test
    void answerBehindTenMinutesIsTooLate() {
        Browser browser = new Browser();
        URI answer = answer(browser, "honest");
        clock.move(ProviderLogins.LIFE);
        refused(browser.get(answer), browser, "begin-again");
    }

    @Test
    void whoSaysNoAtTheProviderIsToldSo() {
        Browser browser = new Browser();
        URI at = begin(browser, "honest", "");
        URI denied = registry("login/with/honest/callback?error=access_denied&state=" + Browser.parameter(at, "state"));
        refused(browser.get(denied), browser, "denied");
    }

    @Test
    void frozenAccountStaysOut() {
        String name = someone("ann");
        Browser browser = new Browser();
        logIn(browser, "honest", "sub-" + name, Map.of("preferred_username", name));
        String id = accountOf(browser);
        write(rows -> rows.accounts().setState(id, AccountRows.State.FROZEN));
        Browser again = new Browser();
        refused(logIn(again, "honest", "sub-" + name, Map.of()), again, "frozen");
        assertThat(actsOf(name)).endsWith("login-refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/%5Cevil.example",
                "%5C%5Cevil.example",
                "evil.example",
                "/%0d%0aset-cookie:a=b",
                "/a%20b",
                "javascript:alert(1)",
                ""
            })
    void nextLeadsToNobodyElsesPage(String next) {
        HttpResponse<String> reply = new Browser().get(registry("login/with/honest?next=" + next));
        if (next.isEmpty()) {
            // Nothing said: the usual place.
            assertThat(reply.statusCode()).isEqualTo(302);
        } else {
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(422);
        }
    }

    @Test
    void providerThatDoesNotAnswerIsSaidInWordsAndNoCookieIsLeft() {
        HttpResponse<String> reply = new Browser().get(registry("login/with/gone"));
        assertThat(reply.statusCode()).isEqualTo(503);
        assertThat(reply.headers().firstValue("retry-after")).contains("30");
        assertThat(reply.body()).contains("The gone").contains("does not answer");
        assertThat(reply.headers().allValues("set-cookie")).isEmpty();
        assertThat(new Browser().get(registry("login/with/nobody")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void everybodyIsToldTheProvidersAndNoMore() {
        JsonNode told = get("api/v1/login/providers", null).json(200);
        assertThat(told.get("providers").size()).isEqualTo(5);
        assertThat(told.get("providers").get(0).toString()).isEqualTo("{\"name\":\"honest\",\"label\":\"The honest\"}");
    }

    // --- linking ---

    private HttpResponse<String> link(Browser browser, String session, String provider, String subject) {
        URI at = begin(browser, provider, "?link", "authorization", "Bearer " + session);
        return logIn(browser, at, provider, subject, Map.of());
    }

    @Test
    void furtherProviderIsLinkedAndGivenUpButNotTheLastWayIn() {
        String ann = account(someone("ann"));
        String subject = someone("sub");
        Browser browser = new Browser();
        assertThat(link(browser, session(ann), "honest", subject).statusCode()).isEqualTo(303);
        assertThat(link(browser, session(ann), "honest", subject).statusCode()).isEqualTo(303);
        assertThat(browser.cookie(registry(""), "lair"))
                .as("a link is no login")
                .isEmpty();
        Browser fresh = new Browser();
        logIn(fresh, "honest", subject, Map.of());
        assertThat(loginOf(session(fresh))).isEqualTo(ann);

        JsonNode identities = get("api/v1/account/identities", session(ann)).json(200);
        assertThat(identities.get("identities").size()).isOne();
        assertThat(identities.get("password").asBoolean()).isFalse();
        JsonNode one = identities.get("identities").get(0);
        assertThat(one.get("provider").asString()).isEqualTo("honest");
        String path = "api/v1/account/identities/" + one.get("id").asString();
        send("DELETE", path, session(ann), null).requireProblem(Problem.Kind.CONFLICT, "last way in");
        send("DELETE", path, session(ann, Duration.ZERO), null).requireProblem(Problem.Kind.STEP_UP_REQUIRED);
        link(browser, session(ann), "other", subject);
        send("DELETE", path, session(ann), null).require(204);
        send("DELETE", path, session(ann), null).requireProblem(Problem.Kind.NOT_FOUND);
        assertThat(actsOf(ann)).containsExactly("identity-linked", "login", "identity-linked", "identity-unlinked");
    }

    @Test
    void identityOfAnotherAccountIsNotLinked() {
        String subject = someone("sub");
        Browser bob = new Browser();
        logIn(bob, "honest", subject, Map.of());
        Browser ann = new Browser();
        refused(link(ann, session(account(someone("ann"))), "honest", subject), ann, "linked-elsewhere");
    }

    @Test
    void linkIsBegunByAFreshSessionOnAPageOfOurs() {
        String ann = account(someone("ann"));
        URI link = registry("login/with/honest?link");
        Browser browser = new Browser();
        assertThat(browser.get(link).statusCode()).isEqualTo(401);
        assertThat(browser.get(link, "authorization", "Bearer " + session(ann, Duration.ZERO))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.get(
                                link,
                                "authorization",
                                "Bearer " + apiToken(ann, java.util.List.of("owners"), java.util.List.of()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.get(link, "authorization", "Bearer " + session(ann), "sec-fetch-site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.get(link, "authorization", "Bearer " + session(ann), "sec-fetch-site", "same-origin")
                        .statusCode())
                .isEqualTo(302);
    }
}
