package dev.lair.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.SeenLog;
import dev.lair.server.warg.RawHttp;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests below the API that the web server refuses by itself, byte for byte as no client sends them. */
class RefusedRequestTest extends InsightTest {

    private static final String PATH = "/" + ApiPaths.PACKAGES + "/test/x/versions/1.0.0";

    private static final String END = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /** The problem that a reply is. */
    private static JsonNode problem(String reply) {
        int body = reply.indexOf("\r\n\r\n") + 4;
        String head = reply.substring(0, body).toLowerCase(Locale.ROOT);
        assertThat(head)
                .contains("content-type: application/problem+json\r\n")
                .contains("cache-control: no-store\r\n")
                .contains("access-control-allow-origin: *\r\n");
        String text = reply.substring(body);
        // Chunked, when the framework wrote it.
        JsonNode problem = JsonMapper.shared().readTree(text.substring(text.indexOf('{'), text.lastIndexOf('}') + 1));
        assertThat(reply).startsWith("HTTP/1.1 " + problem.get("status").asInt() + " ");
        assertThat(problem.get("hint").asString()).isNotBlank();
        assertThat(head).contains("x-request-id: " + problem.get("requestId").asString() + "\r\n");
        return problem;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/packages/%2e%2e/health",
                "/api/v1/packages//x",
                "/api/v1/packages/test%2fx",
                "/api/v1/packages/test;x=1/x"
            })
    void pathThatCouldBeReadInTwoWaysIsAProblem(String target) throws Exception {
        assertThat(problem(RawHttp.send(port, "GET " + target + END))
                        .get("type")
                        .asString())
                .isIn(Problem.Kind.BAD_REQUEST.type(), Problem.Kind.NOT_FOUND.type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PATCH", "TRACE", "PROPFIND"})
    void methodThatNobodyHasIsAProblem(String method) throws Exception {
        assertThat(problem(RawHttp.send(port, method + " " + PATH + END))
                        .get("type")
                        .asString())
                .isEqualTo(Problem.Kind.METHOD_NOT_ALLOWED.type());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " HTTP/1.1\r\nConnection: close\r\n\r\n",
                " HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
                " HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\nConnection: close\r\n\r\n"
            })
    void headersThatAreWrongAreAProblem(String rest) throws Exception {
        assertThat(problem(RawHttp.send(port, "GET " + PATH + rest)).get("type").asString())
                .isEqualTo(Problem.Kind.BAD_REQUEST.type());
    }

    @Test
    void headersThatAreTooLongAreAProblemWhoseIdIsInTheLog() throws Exception {
        try (SeenLog log = new SeenLog()) {
            JsonNode problem = problem(RawHttp.send(
                    port, "GET " + PATH + " HTTP/1.1\r\nHost: a\r\nX-Long: " + "y".repeat(20_000) + "\r\n\r\n"));
            assertThat(problem.get("status").asInt()).isEqualTo(431);
            assertThat(problem.get("type").asString()).isEqualTo(Problem.Kind.BAD_REQUEST.type());
            assertThat(log.linesOf(problem.get("requestId").asString()))
                    .singleElement()
                    .asString()
                    .contains("http.status=431", PATH);
        }
    }

    /** Which door was meant is not known: a client of either finds its members. */
    @Test
    void requestWhosePathIsNotReadHasTheMembersOfBothForms() throws Exception {
        for (String request : new String[] {
            "GET " + PATH + "y".repeat(20_000) + END, "GET /api/v1/packages/te%00st/x" + END, "NONSENSE\r\n\r\n"
        }) {
            String reply = RawHttp.send(port, request);
            String head = reply.toLowerCase(Locale.ROOT);
            JsonNode body = JsonMapper.shared().readTree(reply.substring(reply.indexOf('{')));
            assertThat(reply).startsWith("HTTP/1.1 " + body.get("status").asInt() + " ");
            assertThat(head)
                    .contains("content-type: application/json\r\n")
                    .contains("x-request-id: " + body.get("requestId").asString() + "\r\n");
            assertThat(body.get("type").asString()).isEqualTo(Problem.Kind.BAD_REQUEST.type());
            assertThat(body.get("message").asString())
                    .isEqualTo(body.get("detail").asString());
        }
    }

    @Test
    void otherDoorsKeepTheirForm() throws Exception {
        for (String target : new String[] {"/v1/%2e%2e/x", "/api/v1/operator/%2e%2e/x", "/api/v10/%2e%2e/x"}) {
            assertThat(RawHttp.send(port, "GET " + target + END).toLowerCase(Locale.ROOT))
                    .as(target)
                    .contains("content-type: application/json\r\n");
        }
    }
}
