package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One row an act, and none for what was refused. */
class AuditTest extends ApiTest {

    private static final String PASSWORD = "a password of somebody";

    private long newest() {
        return store.read(rows -> rows.audit().all(Long.MAX_VALUE, 1)).stream()
                .mapToLong(row -> row.id())
                .max()
                .orElse(0);
    }

    /** What was written down since, oldest first. */
    private List<String> actsSince(long id) {
        return store.read(rows -> rows.audit().all(Long.MAX_VALUE, 1000)).reversed().stream()
                .filter(row -> row.id() > id)
                .map(row -> row.act().act())
                .toList();
    }

    @Test
    void everyActOfAnAccountHasItsRowAndNoRefusalHasOne() {
        String administrator = administrator();
        String login = unique("ann");
        long before = newest();
        post("api/v1/accounts", administrator, Map.of("login", login, "password", PASSWORD))
                .require(201);
        post("api/v1/accounts", administrator, Map.of("login", login, "password", PASSWORD))
                .requireProblem(Problem.Kind.CONFLICT);
        String session = post("api/v1/login", null, Map.of("login", login, "password", PASSWORD))
                .json(200)
                .get("token")
                .asString();
        JsonNode token = post(
                        "api/v1/tokens",
                        session,
                        Map.of("label", "ci", "scopes", List.of("read"), "packages", List.of(), "expiresInDays", 1))
                .json(201);
        post("api/v1/tokens", session, Map.of("label", "", "scopes", List.of("read"), "expiresInDays", 1))
                .requireProblem(Problem.Kind.INVALID);
        send("DELETE", "api/v1/tokens/" + token.get("id").asString(), session, null)
                .require(204);
        send("DELETE", "api/v1/tokens/" + token.get("id").asString(), session, null)
                .requireProblem(Problem.Kind.NOT_FOUND);
        for (boolean deny : new boolean[] {false, true}) {
            JsonNode device = post("api/v1/login/device", null, "{}").json(200);
            post(
                            "api/v1/login/device/approve",
                            session,
                            Map.of("userCode", device.get("userCode").asString(), "deny", deny))
                    .require(204);
            clock.move(Duration.ofSeconds(3));
            post(
                            "api/v1/login/device/token",
                            null,
                            Map.of("deviceCode", device.get("deviceCode").asString()))
                    .require(deny ? 400 : 200);
        }
        send("DELETE", "api/v1/session", session, null).require(204);
        for (int i = 0; i < 5; i++) {
            post("api/v1/login", null, Map.of("login", login, "password", "wrong"))
                    .requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        }
        assertThat(actsSince(before))
                .containsExactly(
                        "account-created",
                        "login",
                        "token-created",
                        "token-revoked",
                        "device-approved",
                        "device-logged-in",
                        "device-denied",
                        "session-ended",
                        "login-locked");
    }

    @Test
    void rowNamesWhoWhatAndTheRequest() {
        String login = account(unique("ann"));
        String name = namespace(unique("acme"), login);
        Reply reply =
                send("PUT", "api/v1/namespaces/" + name + "/members/" + login, session(login), Map.of("role", "owner"));
        reply.require(204);
        JsonNode act = get("api/v1/audit?namespace=" + name, session(login))
                .json(200)
                .get("acts")
                .get(0);
        assertThat(act.get("at").asString()).isEqualTo(now().toString());
        assertThat(act.get("actor").asString()).isEqualTo("acc_" + login);
        assertThat(act.get("act").asString()).isEqualTo("role-given");
        assertThat(act.get("namespace").asString()).isEqualTo(name);
        assertThat(act.get("subject").asString()).isEqualTo(login);
        assertThat(act.get("detail").get("role").asString()).isEqualTo("owner");
        assertThat(act.get("requestId").asString()).matches("[0-9a-f]{16}");
    }
}
