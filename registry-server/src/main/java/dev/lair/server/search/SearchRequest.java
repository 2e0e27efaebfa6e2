package dev.lair.server.search;

import org.jspecify.annotations.Nullable;

/**
 * One question.
 *
 * @param query as it was written (docs/API.md, "Search"); empty for every package
 * @param cursor of the page before; null for the first page
 * @param limit hits on the page, 1 to {@value SearchLimits#MAX_PAGE}
 */
public record SearchRequest(String query, @Nullable String cursor, int limit) {

    public SearchRequest {
        if (limit < 1 || limit > SearchLimits.MAX_PAGE) {
            throw new IllegalArgumentException("`limit` is 1 to " + SearchLimits.MAX_PAGE + ", not " + limit);
        }
    }

    /** The first page, with as many hits as there are by default. */
    public static SearchRequest of(String query) {
        return new SearchRequest(query, null, SearchLimits.PAGE);
    }
}
