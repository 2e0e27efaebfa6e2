package dev.lair.server.problem;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/**
 * Replies of the Lair API when something is wrong: {@code application/problem+json} with a stable type, a hint, and an id of
 * the request that stands in the log too. No error may be kept: what is missing may be there in a moment. Whoever may come
 * again is told when.
 */
final class ApiProblems {

    static final String REQUEST_ID = "X-Request-Id";

    /** What is over in a moment. */
    static final String SOON_SECONDS = "5";

    /** What somebody has to see to. */
    static final String LATER_SECONDS = "60";

    private static final Logger LOG = LoggerFactory.getLogger(ApiProblems.class);

    private ApiProblems() {}

    /** A reply as whatever sends it has to send it. */
    record Reply(int status, Map<String, String> headers, byte[] body) {}

    /** Whether the request's path is of the API. */
    static boolean isFor(HttpServletRequest request) {
        return isFor(request.getRequestURI(), request.getContextPath());
    }

    /** The same of a path as it was sent; null when none could be read. */
    static boolean isFor(@Nullable String path, String contextPath) {
        String prefix = contextPath + "/" + ApiPaths.API;
        return path != null
                && (path.equals(prefix) || path.startsWith(prefix + "/"))
                && !path.startsWith(contextPath + "/" + ApiPaths.OPERATOR + "/");
    }

    static String newId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** The kind of a refusal of which only the status is known: the framework's, and the web server's. */
    static Problem.Kind kindOf(int status) {
        return switch (status) {
            case 404 -> Problem.Kind.NOT_FOUND;
            case 405 -> Problem.Kind.METHOD_NOT_ALLOWED;
            case 429 -> Problem.Kind.BUSY;
            case 503 -> Problem.Kind.UNAVAILABLE;
            // 505 is about what was sent.
            default -> status < 500 || status == 505 ? Problem.Kind.BAD_REQUEST : Problem.Kind.INTERNAL;
        };
    }

    static ResponseEntity<byte[]> reply(
            Problem.Kind kind, int status, String detail, HttpServletRequest request, Map<String, String> headers) {
        return reply(kind, status, detail, request, headers, null);
    }

    static ResponseEntity<byte[]> reply(ProblemException problem, HttpServletRequest request) {
        Problem.Kind kind = problem.kind();
        return reply(
                kind,
                kind.status(),
                String.valueOf(problem.getMessage()),
                request,
                problem.headers(),
                problem.difference());
    }

    private static ResponseEntity<byte[]> reply(
            Problem.Kind kind,
            int status,
            String detail,
            HttpServletRequest request,
            Map<String, String> headers,
            Problem.@Nullable Difference difference) {
        Reply reply = reply(kind, status, detail, request.getRequestURI(), RequestId.of(request), headers, difference);
        ResponseEntity.BodyBuilder builder = ResponseEntity.status(reply.status());
        reply.headers().forEach(builder::header);
        if (UnreadBody.isLeft(request)) {
            builder.header(HttpHeaders.CONNECTION, "close");
        }
        return builder.body(reply.body());
    }

    /**
     * A problem, also told to the log.
     *
     * @param path as it was sent
     * @param headers beside those that every problem has
     */
    static Reply reply(
            Problem.Kind kind,
            int status,
            String detail,
            @Nullable String path,
            String id,
            Map<String, String> headers) {
        return reply(kind, status, detail, path, id, headers, null);
    }

    private static Reply reply(
            Problem.Kind kind,
            int status,
            String detail,
            @Nullable String path,
            String id,
            Map<String, String> headers,
            Problem.@Nullable Difference difference) {
        if (status >= 500) {
            LOG.warn("problem request.id={} http.path={} http.status={}", id, Masked.text(path), status);
        } else {
            LOG.info("problem request.id={} http.path={} http.status={}", id, Masked.text(path), status);
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put(HttpHeaders.CONTENT_TYPE, ApiJson.PROBLEM_TYPE);
        all.put(HttpHeaders.CACHE_CONTROL, "no-store");
        all.put(REQUEST_ID, id);
        all.put(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        all.put(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, REQUEST_ID + ", " + HttpHeaders.RETRY_AFTER);
        if (status == 429 || status == 503) {
            all.put(HttpHeaders.RETRY_AFTER, kind == Problem.Kind.BUSY ? SOON_SECONDS : LATER_SECONDS);
        }
        headers.forEach((name, value) -> {
            if (!name.toLowerCase(Locale.ROOT).equals("cache-control")) {
                all.put(name, value);
            }
        });
        Problem problem = kind.problem(status, detail, id);
        return new Reply(
                status, all, Masked.json(ApiJson.write(difference == null ? problem : problem.with(difference))));
    }
}
