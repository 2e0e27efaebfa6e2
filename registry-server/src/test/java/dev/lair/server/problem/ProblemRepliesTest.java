package dev.lair.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.ledger.LedgerException;
import dev.lair.storage.StorageException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each fault is below the Lair API: its kind, when to come again, and the line of the log that belongs to it. */
class ProblemRepliesTest {

    private final SeenLog log = new SeenLog();
    private final ErrorAdvice advice = new ErrorAdvice(Optional.empty());
    private final MockHttpServletRequest request =
            new MockHttpServletRequest("GET", "/api/v1/packages/test/x/versions/1.0.0");

    @AfterEach
    void stop() {
        log.close();
    }

    private static JsonNode json(ResponseEntity<byte[]> reply) {
        return JsonMapper.shared().readTree(Objects.requireNonNull(reply.getBody()));
    }

    /** The reply's problem, and all that problems promise. */
    private static JsonNode require(ResponseEntity<byte[]> reply, Problem.Kind kind, int status) {
        assertThat(reply.getStatusCode().value()).isEqualTo(status);
        assertThat(reply.getHeaders().getFirst("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.getHeaders().getFirst("Cache-Control")).isEqualTo("no-store");
        JsonNode problem = json(reply);
        assertThat(problem.get("type").asString()).isEqualTo(kind.type());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("requestId").asString())
                .isEqualTo(reply.getHeaders().getFirst("X-Request-Id"));
        return problem;
    }

    @Test
    void storageThatFailsIsUnavailableAndSaysNoMoreThanThatButToTheLog() {
        ResponseEntity<byte[]> reply = advice.storage(new StorageException("disk sda1 is on fire"), request);
        JsonNode problem = require(reply, Problem.Kind.UNAVAILABLE, 503);
        assertThat(reply.getHeaders().getFirst("Retry-After")).isEqualTo("60");
        assertThat(problem.get("detail").asString()).doesNotContain("sda1");
        assertThat(lines(problem)).anyMatch(line -> line.contains("disk sda1 is on fire"));
    }

    @Test
    void ownFaultIsInternalAndSaysNoMoreThanThatButToTheLog() {
        JsonNode problem =
                require(advice.other(new IllegalStateException("secret"), request), Problem.Kind.INTERNAL, 500);
        assertThat(problem.get("detail").asString()).doesNotContain("secret");
        assertThat(lines(problem)).anyMatch(line -> line.contains("secret"));
    }

    @Test
    void requestThatTheFrameworkCannotReadIsABadRequest() {
        for (HttpStatus status : new HttpStatus[] {HttpStatus.BAD_REQUEST, HttpStatus.NOT_ACCEPTABLE}) {
            JsonNode problem = require(
                    advice.other(new ErrorResponseException(status), request),
                    Problem.Kind.BAD_REQUEST,
                    status.value());
            assertThat(lines(problem)).isNotEmpty();
        }
    }

    @Test
    void versionOfHttpThatIsNotSpokenIsNoFaultOfOurs() {
        assertThat(ApiProblems.kindOf(505)).isEqualTo(Problem.Kind.BAD_REQUEST);
        assertThat(ApiProblems.kindOf(501)).isEqualTo(Problem.Kind.INTERNAL);
    }

    @Test
    void ledgerThatIsFullIsBusyAndSaysWhenToComeAgain() {
        ResponseEntity<byte[]> reply = advice.ledger(new LedgerException.Busy(), request);
        require(reply, Problem.Kind.BUSY, 429);
        assertThat(reply.getHeaders().getFirst("Retry-After")).isEqualTo("1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Problem.Kind.class,
            names = {"BUSY", "UNAVAILABLE"})
    void whoeverMayComeAgainIsToldWhenAlsoByADoorThatForgotIt(Problem.Kind kind) {
        ResponseEntity<byte[]> reply = advice.problem(new ProblemException(kind, "not now"), request);
        require(reply, kind, kind.status());
        assertThat(reply.getHeaders().getFirst("Retry-After")).isNotNull();
    }

    @Test
    void faultThatTheContainerForwardsIsAProblemOfThePathThatWasAskedFor() {
        MockHttpServletRequest forwarded = new MockHttpServletRequest("GET", "/error");
        forwarded.setAttribute("jakarta.servlet.error.status_code", 503);
        forwarded.setAttribute("jakarta.servlet.error.request_uri", request.getRequestURI());
        ResponseEntity<byte[]> reply = new ContainerErrors(Optional.empty()).error(forwarded);
        require(reply, Problem.Kind.UNAVAILABLE, 503);
        assertThat(reply.getHeaders().getFirst("Retry-After")).isEqualTo("60");
    }

    @Test
    void neitherReplyNorLogRepeatsACredentialThatStandsWhereNoneBelongs() {
        String token =
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
        String jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOmFjbWUifQ.c2lnbmF0dXJl-_x";
        String words = "`" + token + "` is no name, nor is `" + jwt + "` or `acme`";
        MockHttpServletRequest asked = new MockHttpServletRequest("GET", "/api/v1/namespaces/" + token + "/" + jwt);
        JsonNode problem = require(
                advice.problem(new ProblemException(Problem.Kind.INVALID, words), asked), Problem.Kind.INVALID, 422);
        assertThat(problem.get("detail").asString()).isEqualTo("`lair_pat_***` is no name, nor is `eyJ***` or `acme`");
        assertThat(lines(problem))
                .anyMatch(line -> line.contains("/api/v1/namespaces/lair_pat_***/eyJ***"))
                .noneMatch(line -> line.contains(token) || line.contains("eyJzdWIi"));

        MockHttpServletRequest elsewhere = new MockHttpServletRequest("GET", "/v1/" + token);
        assertThat(json(advice.wargError(WargErrorException.of(404, words), elsewhere))
                        .get("message")
                        .asString())
                .isEqualTo("`lair_pat_***` is no name, nor is `eyJ***` or `acme`");
    }

    private List<String> lines(JsonNode problem) {
        return log.linesOf(problem.get("requestId").asString());
    }
}
