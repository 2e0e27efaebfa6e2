package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.storage.registry.AccountRows;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Sessions of browsers: how they begin, go on, are confirmed and end. */
class LoginPagesTest extends WebTest {

    @Test
    void cookieOfALoginIsForThisHostAndNoScript() {
        String login = local();
        Browser browser = browser();
        browser.get("/login");
        Browser.Shown reply = browser.submit("/login", "login", login, "password", PASSWORD);
        String cookie = reply.headers("set-cookie").stream()
                .filter(each -> each.startsWith("lair="))
                .findFirst()
                .orElseThrow();
        assertThat(cookie)
                .contains("; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=43200")
                .doesNotContain("Domain");
        assertThat(reply.header("cache-control")).contains("private, no-store");
        assertThat(reply.text()).isEmpty();
    }

    @Test
    void loginGivesASecretThatNobodyKnewBefore() {
        String login = local();
        String planted = session(account(unique("evil")));
        Browser browser = browser().with("lair", planted);
        browser.get("/login");
        browser.submit("/login", "login", login, "password", PASSWORD).requireSentTo("/");
        String given = browser.cookie("lair").orElseThrow();
        assertThat(given).isNotEqualTo(planted);
        browser.get("/settings/profile").require(200, login);

        Browser again = loggedIn(login);
        assertThat(again.cookie("lair")).isPresent().isNotEqualTo(browser.cookie("lair"));
    }

    @Test
    void wrongPasswordIsToldBesideTheFormWhichKeepsTheLogin() {
        String login = local();
        Browser browser = browser();
        browser.get("/login?next=%2Fsettings%2Ftokens");
        Browser.Shown reply =
                browser.submit("/login", "login", login, "password", "not this one", "next", "/settings/tokens");
        reply.require(401, "there is no account with this login", "value=\"" + login + "\"", "/settings/tokens");
        assertThat(reply.text()).doesNotContain("not this one");
        assertThat(browser.cookie("lair")).isEmpty();
    }

    @Test
    void lockIsToldWithItsTime() {
        String login = local();
        Browser browser = browser();
        browser.get("/login");
        for (int i = 0; i < 5; i++) {
            browser.submit("/login", "login", login, "password", "wrong").require(401);
        }
        Browser.Shown locked = browser.submit("/login", "login", login, "password", PASSWORD);
        locked.require(429, "locked");
        assertThat(locked.header("retry-after")).contains("60");
    }

    @Test
    void whoIsNotLoggedInComesBackToWhereTheyWere() {
        Browser browser = browser();
        String login = local();
        String next = browser.get("/settings/audit?x=1").require(303).location();
        assertThat(next).isEqualTo("/login?next=%2Fsettings%2Faudit%3Fx%3D1");
        browser.get(next).require(200, "value=\"/settings/audit?x=1\"");
        browser.submit("/login", "login", login, "password", PASSWORD, "next", "/settings/audit?x=1")
                .requireSentTo("/settings/audit?x=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "\\\\evil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                " /x",
                "javascript:alert(1)",
                "evil.example",
                "/x#y",
                "/%zz\"><script>",
                "/\u00e9",
                ""
            })
    void nobodyIsSentToAnotherHost(String next) {
        String login = local();
        Browser browser = browser();
        browser.get("/login?next=" + Browser.encode(next)).require(200, "name=\"next\" value=\"/\"");
        browser.submit("/login", "login", login, "password", PASSWORD, "next", next)
                .requireSentTo("/");
    }

    @Test
    void twoTargetsAreNone() {
        assertThat(browser().get("/login?next=/a&next=/b").require(200).text()).contains("name=\"next\" value=\"/\"");
    }

    @Test
    void logoutEndsTheSessionAndTakesTheCookie() {
        Browser browser = loggedIn(local());
        String secret = browser.cookie("lair").orElseThrow();
        browser.submit("/logout").requireSentTo("/?done=logged-out");
        assertThat(browser.cookie("lair")).isEmpty();
        browser().with("lair", secret).get("/settings/profile").require(303);
        get("api/v1/account", secret).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void logoutEverywhereEndsAllSessionsAndNoToken() {
        String login = local();
        Browser one = loggedIn(login);
        Browser other = loggedIn(login);
        String token = apiToken(login, List.of("read"), List.of());
        one.submit("/logout/everywhere").requireSentTo("/?done=logged-out");
        other.get("/settings/profile").require(303);
        get("api/v1/account", token).require(200);
    }

    @Test
    void frozenAccountIsOutAtOnce() {
        String login = local();
        Browser browser = loggedIn(login);
        write(rows -> rows.accounts()
                .setState(rows.accounts().byLogin(login).orElseThrow().id(), AccountRows.State.FROZEN));
        browser.get("/settings/profile").require(303);
        browser.submit("/settings/tokens", "label", "x", "scopes", "read", "days", "1")
                .require(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "", "lair_pat_000000000000000000000000000000000000"})
    void cookieThatIsNoSessionIsNobody(String value) {
        Browser browser = browser().with("lair", value);
        browser.get("/").require(200, "Log in");
        browser.get("/login").require(200);
        browser.get("/settings/profile").require(303);
        assertThat(send(request("log/checkpoint")
                                .header("cookie", "lair=" + value)
                                .GET())
                        .status())
                .isNotEqualTo(401);
    }

    /** A token of a script is not what a browser holds: it has no form token, and may not log in. */
    @Test
    void apiTokenInTheCookieIsNobody() {
        String token = apiToken(account(unique("ann")), List.of("owners"), List.of());
        browser().with("lair", token).get("/settings/profile").require(303);
    }

    @Test
    void ofTwoCookiesNeitherIsTaken() {
        String login = account(unique("ann"));
        String secret = session(login);
        assertThat(send(request("api/v1/account")
                                .header("cookie", "lair=" + session(account(unique("evil"))) + "; lair=" + secret)
                                .GET())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void headerGoesBeforeTheCookie() {
        String ann = account(unique("ann"));
        String bob = account(unique("bob"));
        assertThat(send(request("api/v1/account")
                                .header("cookie", "lair=" + session(ann))
                                .header("authorization", "Bearer " + session(bob))
                                .GET())
                        .json(200)
                        .get("account")
                        .get("login")
                        .asString())
                .isEqualTo(bob);
        send(request("api/v1/account")
                        .header("cookie", "lair=" + session(ann))
                        .header("authorization", "Bearer nonsense")
                        .GET())
                .requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void sessionInUseLivesOnForADayOfWorkAndAWeekAtMost() {
        String login = local();
        Browser browser = loggedIn(login);
        for (int hours = 0; hours < 7 * 24 - 11; hours += 11) {
            clock.move(Duration.ofHours(11));
            browser.get("/settings/profile").require(200, login);
        }
        // Seven days and an hour at most are behind it.
        clock.move(Duration.ofHours(11));
        browser.get("/settings/profile").require(303);
    }

    @Test
    void sessionThatNobodyUsesIsOverAfterTwelveHours() {
        Browser browser = loggedIn(local());
        clock.move(Duration.ofHours(12));
        browser.get("/settings/profile").require(303);
    }

    @Test
    void cookieOfASessionThatLivesOnIsSetAnew() {
        Browser browser = loggedIn(local());
        assertThat(browser.get("/settings/profile").headers("set-cookie")).isEmpty();
        clock.move(Duration.ofHours(2));
        assertThat(browser.get("/settings/profile").headers("set-cookie"))
                .singleElement()
                .asString()
                .contains("Max-Age=43200", "HttpOnly");
        assertThat(browser.get("/settings/profile").headers("set-cookie")).isEmpty();
    }

    @Test
    void sessionOfTheCommandLineLivesNoLongerForStandingInACookie() {
        String login = account(unique("ann"));
        Browser browser = browserOf(login);
        clock.move(Duration.ofMinutes(59));
        browser.get("/settings/profile").require(200);
        clock.move(Duration.ofMinutes(1));
        browser.get("/settings/profile").require(303);
    }

    @Test
    void sensitiveActAsksForThePasswordAndComesBackToTheFilledForm() {
        String login = local();
        Browser browser = loggedIn(login);
        clock.move(Duration.ofMinutes(15));
        Browser.Shown sent = browser.submit(
                "/settings/tokens", "label", "night & day", "scopes", "read", "scopes", "yank", "days", "7");
        assertThat(sent.location())
                .startsWith("/login/again?next=%2Fsettings%2Ftokens%3F")
                .doesNotContain("csrf");
        browser.get(sent.location()).require(200, "Is it you, " + login, "What you filled in is kept");
        String next = "/settings/tokens?label=night+%26+day&scopes=read&scopes=yank&days=7";
        browser.submit("/login/again", "password", "wrong", "next", next).require(401, "value=\"/settings/tokens?");
        String back = browser.submit("/login/again", "password", PASSWORD, "next", next)
                .require(303)
                .location();
        assertThat(back).isEqualTo(next + "&done=confirmed");
        Browser.Shown form = browser.get(back).require(200, "value=\"night &amp; day\"", "value=\"7\"");
        assertThat(form.text().split(" checked>", -1)).hasSize(3);
        browser.submit("/settings/tokens", "label", "night & day", "scopes", "read", "days", "7")
                .require(200, "lair_pat_");
    }

    @Test
    void secretsAreInNoAddress() {
        Browser browser = loggedIn(local());
        clock.move(Duration.ofMinutes(15));
        String to = browser.submit("/settings/profile/password", "old", PASSWORD, "fresh", "x1", "again", "x2")
                .require(303)
                .location();
        assertThat(to).isEqualTo("/login/again?next=%2Fsettings%2Fprofile");
        browser.get(to).require(200, "type them again");
    }

    @Test
    void confirmingIsCountedAsALogin() {
        Browser browser = loggedIn(local());
        for (int i = 0; i < 5; i++) {
            browser.submit("/login/again", "password", "wrong").require(401);
        }
        browser.submit("/login/again", "password", PASSWORD).require(429);
    }

    @Test
    void newPasswordEndsEveryOtherSession() {
        String login = local();
        Browser other = loggedIn(login);
        Browser browser = loggedIn(login);
        String old = browser.cookie("lair").orElseThrow();
        browser.submit(
                        "/settings/profile/password",
                        "old",
                        PASSWORD,
                        "fresh",
                        "another password",
                        "again",
                        "another passwort")
                .require(422, "in two ways");
        browser.submit(
                        "/settings/profile/password",
                        "old",
                        "wrong",
                        "fresh",
                        "another password",
                        "again",
                        "another password")
                .require(401);
        browser.submit("/settings/profile/password", "old", PASSWORD, "fresh", "short", "again", "short")
                .require(422, "12");
        browser.submit(
                        "/settings/profile/password",
                        "old",
                        PASSWORD,
                        "fresh",
                        "another password",
                        "again",
                        "another password")
                .requireSentTo("/settings/profile?done=password-changed");
        assertThat(browser.cookie("lair")).isPresent().get().isNotEqualTo(old);
        browser.get("/settings/profile").require(200, login);
        browser().with("lair", old).get("/settings/profile").require(303);
        other.get("/settings/profile").require(303);
        post("api/v1/login", null, Map.of("login", login, "password", PASSWORD))
                .requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        assertThat(store.read(rows -> rows.audit().all(Long.MAX_VALUE, 10)).stream()
                        .map(row -> row.act().act()))
                .contains("password-changed");
    }

    @Test
    void deviceIsLookedAtThenApproved() {
        String login = local();
        Browser browser = loggedIn(login);
        JsonNode device = post("api/v1/login/device", null, "{}").json(200);
        String code = device.get("userCode").asString();
        browser.get("/login/device").require(200, "Type the code");
        browser.submit("/login/device", "code", "XXXX-XXXX").require(400, "no login waits", "value=\"XXXX-XXXX\"");
        browser.submit("/login/device", "code", code.toLowerCase(Locale.ROOT).replace("-", ""))
                .require(200, code, "Approve");
        browser.submit("/login/device/decide", "code", code, "decision", "perhaps")
                .require(422);
        browser.submit("/login/device/decide", "code", code, "decision", "approve")
                .requireSentTo("/login/device?done=device-approved");
        clock.move(Duration.ofSeconds(3));
        post(
                        "api/v1/login/device/token",
                        null,
                        Map.of("deviceCode", device.get("deviceCode").asString()))
                .require(200);
        // It is used; who comes late is told so.
        browser.submit("/login/device/decide", "code", code, "decision", "deny").require(400, "no login waits");
    }

    /** A link that somebody sends fills the field in, and shows nothing that could be approved at once. */
    @Test
    void codeInALinkApprovesNothingByItself() {
        Browser browser = loggedIn(local());
        String code = post("api/v1/login/device", null, "{}")
                .json(200)
                .get("userCode")
                .asString();
        assertThat(browser.get("/login/device?code=" + code).require(200, code).text())
                .doesNotContain("value=\"approve\"");
    }

    /** Caches keep contents and tiles for a year, with every header that they came with. */
    @Test
    void readThatCachesKeepSetsNoCookie() {
        Browser browser = loggedIn(local());
        clock.move(Duration.ofHours(2));
        Browser.Shown tile = browser.get("/log/tile/0/000.p/1").require(200);
        assertThat(tile.header("cache-control").orElse("")).contains("public", "immutable");
        assertThat(tile.headers("set-cookie")).isEmpty();
        assertThat(browser.get("/v1/fetch/checkpoint").require(200).headers("set-cookie"))
                .isEmpty();
        assertThat(browser.get("/ledger").require(200).headers("set-cookie")).isEmpty();
        assertThat(browser.get("/settings/profile").require(200).headers("set-cookie"))
                .isNotEmpty();
    }

    @Test
    void deviceThatWasApprovedGetsNothingAfterLogOutEverywhere() {
        String login = account(unique("owner"));
        Browser browser = browserOf(login);
        Reply begun = post("api/v1/login/device", null, Map.of());
        String device = begun.json(200).get("deviceCode").asString();
        post(
                        "api/v1/login/device/approve",
                        session(login),
                        Map.of("userCode", begun.json().get("userCode").asString()))
                .require(204);
        browser.get("/settings/profile").require(200);
        browser.submit("/logout/everywhere");
        post("api/v1/login/device/token", null, Map.of("deviceCode", device)).requireProblem(Problem.Kind.EXPIRED_CODE);
    }

    @Test
    void deviceIsApprovedByAFreshLoginAlone() {
        String login = account(unique("owner"));
        Reply begun = post("api/v1/login/device", null, Map.of());
        post(
                        "api/v1/login/device/approve",
                        session(login, Duration.ZERO),
                        Map.of("userCode", begun.json(200).get("userCode").asString()))
                .requireProblem(Problem.Kind.STEP_UP_REQUIRED);
    }
}
