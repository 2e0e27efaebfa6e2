package dev.lair.server.insight;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.transparency.Digest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** Lists a page at a time: how a cursor is read, and how a page is sent. */
final class Pages {

    /** Rows of a page, unless fewer are asked for. */
    static final int ROWS = 100;

    private static final String KEPT = "max-age=60, public";

    private Pages() {}

    /** Rows of a page, and the cursor of the next. */
    record Page<T>(List<T> rows, @Nullable String next) {}

    /** The number behind which a page begins. */
    static long below(@Nullable String cursor) {
        return cursor == null ? Catalog.FIRST : number(cursor);
    }

    static long number(String text) {
        if (text.length() > 18 || !text.matches("[0-9]+")) {
            throw noCursor();
        }
        return Long.parseLong(text);
    }

    static ProblemException noCursor() {
        return new ProblemException(Problem.Kind.BAD_REQUEST, "`cursor` is what the last page told as `next`");
    }

    static int limit(@Nullable String asked) {
        if (asked == null) {
            return ROWS;
        }
        if (!asked.matches("[1-9][0-9]{0,2}") || Integer.parseInt(asked) > ROWS) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, "`limit` is a number from 1 to " + ROWS);
        }
        return Integer.parseInt(asked);
    }

    /** A page of rows of which one more than {@code limit} was asked for. */
    static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> shown = rows.subList(0, limit);
        return new Page<>(shown, cursor.apply(shown.getLast()));
    }

    /** Spring answers 304 when the client has the tag. */
    static ResponseEntity<byte[]> reply(Object body) {
        byte[] json = ApiJson.write(body);
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, KEPT)
                .eTag("\"" + Digest.of(json).hex() + "\"")
                .header(HttpHeaders.CONTENT_TYPE, ApiJson.CONTENT_TYPE)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag")
                .body(json);
    }
}
