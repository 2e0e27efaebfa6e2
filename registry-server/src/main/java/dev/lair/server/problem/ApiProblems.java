package dev.lair.server.problem;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/**
 * Replies of the Lair API when something is wrong: {@code application/problem+json} with a stable type, a hint, and an id of
 * the request that stands in the log too. No error may be kept: what is missing may be there in a moment.
 */
final class ApiProblems {

    private static final Logger LOG = LoggerFactory.getLogger(ApiProblems.class);

    private ApiProblems() {}

    /** Whether the request's path is of the API. */
    static boolean isFor(HttpServletRequest request) {
        String path = request.getRequestURI();
        String prefix = request.getContextPath() + "/" + ApiPaths.PACKAGES;
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    /** A fault that has no kind of its own, by its status. */
    static ResponseEntity<byte[]> reply(
            int status, String detail, HttpServletRequest request, Map<String, String> headers) {
        Problem.Kind kind =
                switch (status) {
                    case 404 -> Problem.Kind.NOT_FOUND;
                    case 405 -> Problem.Kind.METHOD_NOT_ALLOWED;
                    case 503 ->
                        headers.getOrDefault(HttpHeaders.RETRY_AFTER, "").equals("5")
                                ? Problem.Kind.BUSY
                                : Problem.Kind.UNAVAILABLE;
                    default -> status < 500 ? Problem.Kind.BAD_REQUEST : Problem.Kind.INTERNAL;
                };
        return reply(kind, status, detail, request, headers);
    }

    static ResponseEntity<byte[]> reply(
            Problem.Kind kind, int status, String detail, HttpServletRequest request, Map<String, String> headers) {
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        if (status >= 500) {
            LOG.warn("problem request.id={} http.path={} http.status={}", id, request.getRequestURI(), status);
        } else {
            LOG.info("problem request.id={} http.path={} http.status={}", id, request.getRequestURI(), status);
        }
        ResponseEntity.BodyBuilder reply = ResponseEntity.status(status)
                .header(HttpHeaders.CONTENT_TYPE, ApiJson.PROBLEM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Request-Id", id)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CACHE_CONTROL)) {
                reply.header(name, value);
            }
        });
        return reply.body(ApiJson.write(kind.problem(status, detail, id)));
    }
}
