package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.server.warg.RawHttp;
import dev.lair.storage.registry.AccountRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Logins, sessions, devices and API tokens over HTTP. */
class LoginTest extends ApiTest {

    private static final String PASSWORD = "a password of somebody";

    /** An account with a password, made as administrators make them. */
    private String local() {
        String login = unique("local");
        post("api/v1/accounts", administrator(), Map.of("login", login, "password", PASSWORD))
                .require(201);
        return login;
    }

    private Reply login(String login, String password) {
        return post("api/v1/login", null, Map.of("login", login, "password", password));
    }

    @Test
    void administratorLogsInWithThePasswordOfTheSettings() {
        JsonNode session = login("administrator", ADMINISTRATOR_PASSWORD).json(200);
        assertThat(session.get("account").get("administrator").asBoolean()).isTrue();
        assertThat(session.get("expiresAt").asString())
                .isEqualTo(now().plus(Duration.ofHours(1)).toString());
        assertThat(session.get("steppedUpUntil").asString())
                .isEqualTo(now().plus(Duration.ofMinutes(15)).toString());

        JsonNode me = get("api/v1/account", session.get("token").asString()).json(200);
        assertThat(me.get("kind").asString()).isEqualTo("session");
        assertThat(me.get("account").get("login").asString()).isEqualTo("administrator");
    }

    @Test
    void wrongPasswordAndUnknownLoginAreToldAlike() {
        String login = local();
        Reply wrong = login(login, "another password");
        Reply unknown = login(unique("nobody"), PASSWORD);
        wrong.requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        unknown.requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        assertThat(wrong.json().get("detail")).isEqualTo(unknown.json().get("detail"));
    }

    @Test
    void fifthFailureInARowLocksTheAccountForAWhileThatDoubles() {
        String login = local();
        for (int i = 0; i < 5; i++) {
            login(login, "wrong").requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        }
        assertThat(login(login, PASSWORD).requireProblem(Problem.Kind.LOCKED).header("retry-after"))
                .contains("60");
        clock.move(Duration.ofSeconds(61));
        login(login, "wrong").requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        assertThat(login(login, PASSWORD).requireProblem(Problem.Kind.LOCKED).header("retry-after"))
                .contains("120");
        clock.move(Duration.ofSeconds(121));
        login(login, PASSWORD).require(200);
        login(login, "wrong").requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        login(login, PASSWORD).require(200);
    }

    /** Each attempt is counted before its password is looked at, or all of a burst would be. */
    @Test
    void burstOfGuessesGetsNoMoreThanFiveLooks() throws Exception {
        String login = local();
        List<Callable<Reply>> guesses = Stream.<Callable<Reply>>generate(() -> () -> login(login, "wrong"))
                .limit(20)
                .toList();
        int looked = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<Reply> each : threads.invokeAll(guesses)) {
                looked += each.get().status() == 401 ? 1 : 0;
            }
        }
        assertThat(looked).isEqualTo(5);
    }

    @Test
    void frozenAccountNeitherLogsInNorActs() {
        String login = local();
        String token = session(login);
        write(rows -> rows.accounts()
                .setState(rows.accounts().byLogin(login).orElseThrow().id(), AccountRows.State.FROZEN));
        login(login, PASSWORD).requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        get("api/v1/account", token).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void sessionEndsAfterAnHourOrWhenItIsToldTo() {
        String login = account(unique("ann"));
        String ended = session(login);
        String left = session(login);
        send("DELETE", "api/v1/session", ended, null).require(204);
        get("api/v1/account", ended).requireProblem(Problem.Kind.UNAUTHORIZED);
        clock.move(Duration.ofMinutes(59));
        get("api/v1/account", left).require(200);
        clock.move(Duration.ofMinutes(1));
        get("api/v1/account", left).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer nonsense",
                "Bearer lair_pat_000000000000000000000000000000000000",
                "Bearer lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4",
                "Bearer",
                "Bearer ",
                "Digest x",
                "Basic !!!",
                "Basic bm9jb2xvbg==",
                ""
            })
    void credentialThatIsNotGoodIsRefusedEverywhereAndNeverAnonymous(String header) {
        for (String path : List.of("api/v1/account", "api/v1/namespaces/test", "log/checkpoint", "v1/ledger")) {
            Reply reply = send(request(path).header("authorization", header).GET());
            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.header("www-authenticate").orElse("")).startsWith("Bearer");
            assertThat(reply.text()).doesNotContain("lair_pat_0").doesNotContain("lair_tp_a");
        }
    }

    @Test
    void whoIsAskedAndSendsNothingIsToldToLogIn() {
        Reply reply = get("api/v1/account", null).requireProblem(Problem.Kind.UNAUTHORIZED);
        assertThat(reply.header("www-authenticate")).isPresent();
        assertThat(reply.header("cache-control")).contains("no-store");
    }

    @Test
    void tokenIsAlsoThePasswordOfBasic() {
        String login = account(unique("ann"));
        String token = apiToken(login, List.of("read"), List.of());
        String pair = Base64.getEncoder().encodeToString(("anybody:" + token).getBytes(StandardCharsets.US_ASCII));
        assertThat(send(request("api/v1/account")
                                .header("authorization", "basic " + pair)
                                .GET())
                        .json(200)
                        .get("account")
                        .get("login")
                        .asString())
                .isEqualTo(login);
    }

    @Test
    void healthAnswersWhateverIsSent() {
        send(request("health").header("authorization", "Bearer nonsense").GET()).require(200);
    }

    @Test
    void deviceGetsOneSessionOnceItsOwnerApproved() {
        String login = account(unique("ann"));
        JsonNode device = post("api/v1/login/device", null, "{}").json(200);
        Map<String, String> poll = Map.of("deviceCode", device.get("deviceCode").asString());
        assertThat(device.get("expiresIn").asInt()).isEqualTo(600);
        assertThat(device.get("interval").asInt()).isEqualTo(2);

        post("api/v1/login/device/token", null, poll).requireProblem(Problem.Kind.AUTHORIZATION_PENDING);
        post("api/v1/login/device/token", null, poll).requireProblem(Problem.Kind.SLOW_DOWN);
        // As people type it.
        String typed =
                device.get("userCode").asString().toLowerCase(Locale.ROOT).replace("-", " ");
        post("api/v1/login/device/approve", session(login, Duration.ofMinutes(5)), Map.of("userCode", typed))
                .require(204);
        clock.move(Duration.ofSeconds(3));
        JsonNode session = post("api/v1/login/device/token", null, poll).json(200);
        assertThat(session.get("account").get("login").asString()).isEqualTo(login);
        // As much as the session that approved it, and no longer.
        assertThat(session.get("steppedUpUntil").asString())
                .isEqualTo(now().plus(Duration.ofMinutes(5)).minusSeconds(3).toString());
        get("api/v1/account", session.get("token").asString()).require(200);
        clock.move(Duration.ofSeconds(3));
        post("api/v1/login/device/token", null, poll).requireProblem(Problem.Kind.EXPIRED_CODE);
    }

    @Test
    void deniedDeviceAndOneThatWaitedTooLongGetNothing() {
        String session = session(account(unique("ann")));
        JsonNode denied = post("api/v1/login/device", null, "{}").json(200);
        JsonNode late = post("api/v1/login/device", null, "{}").json(200);
        post(
                        "api/v1/login/device/approve",
                        session,
                        Map.of("userCode", denied.get("userCode").asString(), "deny", true))
                .require(204);
        post(
                        "api/v1/login/device/token",
                        null,
                        Map.of("deviceCode", denied.get("deviceCode").asString()))
                .requireProblem(Problem.Kind.ACCESS_DENIED);
        clock.move(Duration.ofMinutes(10));
        post(
                        "api/v1/login/device/approve",
                        session,
                        Map.of("userCode", late.get("userCode").asString()))
                .requireProblem(Problem.Kind.EXPIRED_CODE);
        post(
                        "api/v1/login/device/token",
                        null,
                        Map.of("deviceCode", late.get("deviceCode").asString()))
                .requireProblem(Problem.Kind.EXPIRED_CODE);
        post("api/v1/login/device/token", null, Map.of("deviceCode", "nonsense"))
                .requireProblem(Problem.Kind.EXPIRED_CODE);
    }

    @Test
    void deviceCodeIsNoCredential() {
        String code = post("api/v1/login/device", null, "{}")
                .json(200)
                .get("deviceCode")
                .asString();
        get("api/v1/account", code).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void apiTokenApprovesNoDevice() {
        String token = apiToken(account(unique("ann")), List.of("owners"), List.of());
        String code = post("api/v1/login/device", null, "{}")
                .json(200)
                .get("userCode")
                .asString();
        post("api/v1/login/device/approve", token, Map.of("userCode", code)).requireProblem(Problem.Kind.FORBIDDEN);
    }

    private static Map<String, Object> newToken(int days, Object scopes, Object packages) {
        return Map.of("label", "ci", "scopes", scopes, "packages", packages, "expiresInDays", days);
    }

    @Test
    void tokenIsToldOnceListedWithoutItsTextAndOverWhenItIsRevoked() {
        String session = session(account(unique("ann")));
        JsonNode made = post("api/v1/tokens", session, newToken(90, List.of("read"), List.of("acme:*")))
                .json(201);
        String text = made.get("token").asString();
        assertThat(made.get("expiresAt").asString())
                .isEqualTo(now().plus(Duration.ofDays(90)).toString());

        JsonNode me = get("api/v1/account", text).json(200);
        assertThat(me.get("kind").asString()).isEqualTo("token");
        assertThat(me.get("packages").get(0).asString()).isEqualTo("acme:*");
        Reply list = get("api/v1/tokens", session).require(200);
        assertThat(list.text()).doesNotContain(text).contains("lastUsedAt");
        // To the hour: whoever reads the table learns no more.
        assertThat(list.json().get("tokens").get(0).get("lastUsedAt").asString())
                .isEqualTo(clock.instant().truncatedTo(ChronoUnit.HOURS).toString());

        String id = made.get("id").asString();
        send("DELETE", "api/v1/tokens/" + id, session(account(unique("bob"))), null)
                .requireProblem(Problem.Kind.NOT_FOUND);
        get("api/v1/account", text).require(200);
        send("DELETE", "api/v1/tokens/" + id, session, null).require(204);
        get("api/v1/account", text).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void tokenIsOverAfterItsDays() {
        String session = session(account(unique("ann")));
        String text = post("api/v1/tokens", session, newToken(1, List.of("read"), List.of()))
                .json(201)
                .get("token")
                .asString();
        clock.move(Duration.ofDays(1).minusSeconds(1));
        get("api/v1/account", text).require(200);
        clock.move(Duration.ofSeconds(1));
        get("api/v1/account", text).requireProblem(Problem.Kind.UNAUTHORIZED);
    }

    @Test
    void tokenThatCannotBeIsRefusedByName() {
        String session = session(account(unique("ann")));
        post("api/v1/tokens", session, newToken(91, List.of("read"), List.of()))
                .requireProblem(Problem.Kind.INVALID, "91", "90");
        post("api/v1/tokens", session, newToken(0, List.of("read"), List.of())).requireProblem(Problem.Kind.INVALID);
        post("api/v1/tokens", session, newToken(1, List.of("everything"), List.of()))
                .requireProblem(Problem.Kind.INVALID, "everything");
        post("api/v1/tokens", session, newToken(1, List.of(), List.of())).requireProblem(Problem.Kind.INVALID);
        post("api/v1/tokens", session, newToken(1, List.of("read"), List.of("acme")))
                .requireProblem(Problem.Kind.INVALID, "acme");
        post("api/v1/tokens", session, "{").requireProblem(Problem.Kind.BAD_REQUEST);
        post("api/v1/tokens", session, "{}").requireProblem(Problem.Kind.BAD_REQUEST, "label");
    }

    @Test
    void oldSessionMakesNoToken() {
        String session = session(account(unique("ann")), Duration.ofMinutes(15));
        clock.move(Duration.ofMinutes(15));
        post("api/v1/tokens", session, newToken(1, List.of("read"), List.of()))
                .requireProblem(Problem.Kind.STEP_UP_REQUIRED, "create-token");
        get("api/v1/tokens", session).require(200);
    }

    @Test
    void loginIsGivenOnce() {
        String administrator = administrator();
        String login = local();
        post("api/v1/accounts", administrator, Map.of("login", login, "password", PASSWORD))
                .requireProblem(Problem.Kind.CONFLICT, login);
        post("api/v1/accounts", administrator, Map.of("login", "No Login", "password", PASSWORD))
                .requireProblem(Problem.Kind.INVALID);
        post("api/v1/accounts", administrator, Map.of("login", unique("x"), "password", "short"))
                .requireProblem(Problem.Kind.INVALID, "12");
    }

    /** The web server remembers the headers of a connection, and took a line for the one of before that differs in case alone. */
    @Test
    void tokenWithALetterInTheOtherCaseIsAnotherOneOnTheSameConnectionToo() throws Exception {
        String token = session(account(unique("ann")));
        StringBuilder other = new StringBuilder(token);
        int at = token.length() - 1;
        while (!Character.isLetter(token.charAt(at))) {
            at--;
        }
        char letter = token.charAt(at);
        other.setCharAt(
                at, Character.isUpperCase(letter) ? Character.toLowerCase(letter) : Character.toUpperCase(letter));
        String reply = RawHttp.send(
                port,
                "GET /api/v1/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n"
                        + "GET /api/v1/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + other
                        + "\r\nConnection: close\r\n\r\n");
        assertThat(reply.split("HTTP/1\\.1 ", -1)).hasSize(3).satisfies(replies -> {
            assertThat(replies[1]).startsWith("200");
            assertThat(replies[2]).startsWith("401");
        });
    }
}
