package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** A run through every door that takes or gives a secret: none is in the log, in an error or in the audit log. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTest extends ApiTest {

    private static final String PASSWORD = "correct-Pony-battery-staple";
    private static final String WRONG = "wrong-Pony-battery-staple";

    private final List<String> secrets = new ArrayList<>(List.of(PASSWORD, WRONG, ADMINISTRATOR_PASSWORD));
    private final List<String> errors = new ArrayList<>();

    private JsonNode told(Reply reply, String secret) {
        JsonNode json = reply.json();
        secrets.add(json.get(secret).asString());
        return json;
    }

    private void refused(Reply reply, Problem.Kind kind) {
        errors.add(reply.requireProblem(kind).text());
    }

    @Test
    void noSecretIsInTheLogInAnErrorOrInTheAuditLog(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel("dev.lair", LogLevel.TRACE);
        try {
            run();
        } finally {
            logging.setLogLevel("dev.lair", null);
        }
        LoggerFactory.getLogger(getClass()).error("the log is captured");
        List<String> acts = store.read(rows -> rows.audit().all(Long.MAX_VALUE, 10_000)).stream()
                .map(Object::toString)
                .toList();
        assertThat(output.getAll()).contains("the log is captured");
        assertThat(acts).anyMatch(act -> act.contains("token-created"));
        assertThat(secrets).hasSizeGreaterThan(7);
        for (String secret : secrets) {
            assertThat(output.getAll()).doesNotContain(secret);
            assertThat(errors).noneMatch(error -> error.contains(secret));
            assertThat(acts).noneMatch(act -> act.contains(secret));
        }
    }

    private void run() {
        String login = unique("ann");
        String administrator = administrator();
        secrets.add(administrator);
        post("api/v1/accounts", administrator, Map.of("login", login, "password", PASSWORD))
                .require(201);
        refused(
                post("api/v1/accounts", administrator, Map.of("login", login, "password", PASSWORD)),
                Problem.Kind.CONFLICT);
        refused(post("api/v1/login", null, Map.of("login", login, "password", WRONG)), Problem.Kind.WRONG_CREDENTIALS);
        refused(post("api/v1/login", null, "{\"login\":\"x\",\"password\":" + WRONG + "}"), Problem.Kind.BAD_REQUEST);
        refused(post("api/v1/login", null, "\"" + PASSWORD + "\""), Problem.Kind.BAD_REQUEST);
        refused(
                post("api/v1/login", null, Map.of("login", PASSWORD, "password", List.of(WRONG))),
                Problem.Kind.BAD_REQUEST);
        String session = told(post("api/v1/login", null, Map.of("login", login, "password", PASSWORD)), "token")
                .get("token")
                .asString();

        JsonNode token = told(
                post(
                        "api/v1/tokens",
                        session,
                        Map.of("label", "ci", "scopes", List.of("read"), "packages", List.of(), "expiresInDays", 1)),
                "token");
        get("api/v1/tokens", session).require(200);
        refused(post("api/v1/tokens", token.get("token").asString(), "{}"), Problem.Kind.FORBIDDEN);
        send("DELETE", "api/v1/tokens/" + token.get("id").asString(), session, null)
                .require(204);
        refused(get("api/v1/account", token.get("token").asString()), Problem.Kind.UNAUTHORIZED);
        refused(get("api/v1/account", PASSWORD), Problem.Kind.UNAUTHORIZED);

        JsonNode device = told(post("api/v1/login/device", null, "{}"), "deviceCode");
        Map<String, String> poll = Map.of("deviceCode", device.get("deviceCode").asString());
        refused(post("api/v1/login/device/token", null, poll), Problem.Kind.AUTHORIZATION_PENDING);
        refused(post("api/v1/login/device/token", null, poll), Problem.Kind.SLOW_DOWN);
        post(
                        "api/v1/login/device/approve",
                        session,
                        Map.of("userCode", device.get("userCode").asString()))
                .require(204);
        clock.move(java.time.Duration.ofSeconds(3));
        told(post("api/v1/login/device/token", null, poll), "token");

        String trusted = trustedToken(List.of(namespace(unique("acme"), account(unique("job"))) + ":*"));
        secrets.add(trusted);
        get("api/v1/account", trusted).require(200);
        refused(post("api/v1/tokens", trusted, "{}"), Problem.Kind.FORBIDDEN);
        send("DELETE", "api/v1/session", session, null).require(204);
        refused(get("api/v1/account", session), Problem.Kind.UNAUTHORIZED);
    }
}
