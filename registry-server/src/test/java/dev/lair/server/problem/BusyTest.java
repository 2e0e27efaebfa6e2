package dev.lair.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is answered when nothing is wrong with a request and it has to come again. */
class BusyTest {

    private static final BusyException BUSY = new BusyException("too many bytes wait") {
        private static final long serialVersionUID = 1L;
    };

    private static ResponseEntity<byte[]> reply(String path) {
        return new ErrorAdvice(Optional.empty()).busy(BUSY, new MockHttpServletRequest("GET", path));
    }

    private static JsonNode json(ResponseEntity<byte[]> reply) {
        return JsonMapper.shared().readTree(reply.getBody());
    }

    @Test
    void theWargDoorIsAnsweredInItsFormWithTheTimeToComeAgain() {
        ResponseEntity<byte[]> reply = reply("/v1/package/x/record/y/content/z");
        assertThat(reply.getStatusCode().value()).isEqualTo(503);
        assertThat(reply.getHeaders().getFirst("Retry-After")).isEqualTo("5");
        assertThat(reply.getHeaders().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(json(reply))
                .isEqualTo(JsonMapper.shared().readTree("{\"status\":503,\"message\":\"too many bytes wait\"}"));
    }

    @Test
    void theLairApiIsAnsweredWithAProblem() {
        ResponseEntity<byte[]> reply = reply("/api/v1/packages/test/x/versions/1.0.0");
        assertThat(reply.getStatusCode().value()).isEqualTo(503);
        assertThat(reply.getHeaders().getFirst("Retry-After")).isEqualTo("5");
        assertThat(reply.getHeaders().getFirst("Content-Type")).isEqualTo("application/problem+json");
        assertThat(json(reply).get("type").asString()).isEqualTo(Problem.Kind.BUSY.type());
        assertThat(json(reply).get("detail").asString()).isEqualTo("too many bytes wait");
    }

    @Test
    void otherPathsThatBeginAlikeAreNotOfTheApi() {
        assertThat(reply("/api/v10/packages").getHeaders().getFirst("Content-Type"))
                .isEqualTo("application/json");
    }
}
