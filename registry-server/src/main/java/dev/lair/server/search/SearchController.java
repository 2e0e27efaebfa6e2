package dev.lair.server.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.ProblemException;
import dev.lair.transparency.Digest;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /api/v1/search} and {@code …/search/suggest}. Any page may read. Who asks the same again before the index changed
 * gets the same bytes, which are remembered.
 */
@RestController
class SearchController {

    /** Long enough for a page that many look at, and for who types and goes back; a publish is seen soon after all the same. */
    private static final CacheControl KEPT =
            CacheControl.maxAge(Duration.ofSeconds(10)).cachePublic();

    private final Search search;

    private final Cache<Key, Answer> remembered = Caffeine.newBuilder()
            .maximumWeight(SearchLimits.REMEMBERED_BYTES)
            .weigher((Key key, Answer answer) -> 500 + answer.body().length)
            .build();

    /** A question to the index as it was at this size. */
    private record Key(SearchRequest request, long treeSize) {}

    @SuppressWarnings("ArrayRecordComponent") // Handed to one writer, and never compared.
    private record Answer(byte[] body, String tag) {}

    SearchController(Search search) {
        this.search = search;
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.SEARCH)
    ResponseEntity<byte[]> search(
            @RequestParam(name = "q", defaultValue = "") String query,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        requireOn();
        SearchRequest request = new SearchRequest(query, cursor, limit(limit, SearchLimits.PAGE));
        Key key = new Key(request, search.treeSize());
        Answer answer = remembered.getIfPresent(key);
        if (answer == null) {
            answer = answer(request);
            remembered.put(key, answer);
        }
        return reply(answer);
    }

    private Answer answer(SearchRequest request) {
        try {
            return answer(search.search(request));
        } catch (QueryRefused e) {
            throw new ProblemException(
                    Problem.Kind.MALFORMED_QUERY,
                    e.words(),
                    Map.of(),
                    new Problem.Difference(e.place() < 0 ? "cursor" : "q", null, null));
        }
    }

    private static Answer answer(Object body) {
        byte[] bytes = ApiJson.write(body);
        return new Answer(bytes, "\"" + Digest.of(bytes).hex() + "\"");
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.SUGGEST)
    ResponseEntity<byte[]> suggest(
            @RequestParam(name = "q", defaultValue = "") String query,
            @RequestParam(required = false) @Nullable String limit) {
        requireOn();
        return reply(answer(search.suggest(query, limit(limit, SearchLimits.SUGGESTIONS))));
    }

    private void requireOn() {
        if (!search.isOn()) {
            throw new ProblemException(
                    Problem.Kind.UNAVAILABLE, "this node does not search (lair.search.enabled); ask another one");
        }
    }

    private static int limit(@Nullable String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= SearchLimits.MAX_PAGE) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number that is too large.
        }
        throw new ProblemException(
                Problem.Kind.BAD_REQUEST,
                "`limit` is a number from 1 to " + SearchLimits.MAX_PAGE + ", not `" + text + "`");
    }

    private static ResponseEntity<byte[]> reply(Answer answer) {
        return ResponseEntity.ok()
                .cacheControl(KEPT)
                .eTag(answer.tag())
                .header(HttpHeaders.CONTENT_TYPE, ApiJson.CONTENT_TYPE)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .body(answer.body());
    }
}
