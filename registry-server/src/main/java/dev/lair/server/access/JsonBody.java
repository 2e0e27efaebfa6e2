package dev.lair.server.access;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** Bodies of the Lair API about accounts and rights: small JSON in, JSON out that nobody keeps. */
public final class JsonBody {

    private static final int MAX_BYTES = 64 * 1024;

    private JsonBody() {}

    /** Reads a body; a problem {@code bad-request} when it is none of this type. */
    public static <T> T read(InputStream in, Class<T> type) {
        byte[] body;
        try {
            body = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, "the request's body broke off");
        }
        if (body.length > MAX_BYTES) {
            throw new ProblemException(
                    Problem.Kind.BAD_REQUEST, "the body has more than the " + MAX_BYTES + " bytes read here");
        }
        try {
            return ApiJson.read(body, type);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** A reply that nobody keeps: it is for who asked. */
    public static ResponseEntity<byte[]> reply(HttpStatus status, Object body) {
        return ResponseEntity.status(status)
                .header(HttpHeaders.CONTENT_TYPE, ApiJson.CONTENT_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(ApiJson.write(body));
    }

    public static ResponseEntity<byte[]> ok(Object body) {
        return reply(HttpStatus.OK, body);
    }

    /** It is done, and there is nothing to say. */
    public static ResponseEntity<byte[]> done() {
        return ResponseEntity.noContent()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
