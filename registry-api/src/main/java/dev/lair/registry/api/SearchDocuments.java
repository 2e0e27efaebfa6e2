package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers of {@link ApiPaths#SEARCH} and {@link ApiPaths#SUGGEST}. All text in them is plain: what is marked is a segment of
 * its own, and nothing is ever markup.
 */
public final class SearchDocuments {

    private SearchDocuments() {}

    /**
     * One page of what was found.
     *
     * @param query as it was asked
     * @param total packages that match, on all pages
     * @param approximate whether nothing matched the words as they are, and near spellings were taken instead
     * @param treeSize leaves of the ledger that this answer knows of
     * @param hits the best first
     * @param facets over all pages
     * @param next cursor of the next page; absent on the last one
     */
    public record Results(
            String query,
            int total,
            boolean approximate,
            long treeSize,
            List<Hit> hits,
            List<Facet> facets,
            @Nullable String next) {

        public Results {
            hits = List.copyOf(hits);
            facets = List.copyOf(facets);
        }
    }

    /**
     * A package, as its newest release shows it.
     *
     * @param name {@code ns:name}
     * @param version that is shown: the highest that is not yanked and no pre-release; else the highest there is
     * @param kind as {@link ContentFacts#kind}; absent when nothing is known of the content
     * @param yanked whether every version is yanked
     * @param title the name, with what was found in it marked
     * @param description one line by the author; empty without one
     * @param matches places elsewhere that the words were found in, at most three
     * @param capabilities that the release asks of a host
     * @param licenses as the author says, SPDX
     * @param toolchain languages and tools that the producers section names
     * @param provenance how the release came: {@code trusted}, {@code token}, {@code session} or {@code key}
     * @param releasedAt RFC 3339
     * @param dependants packages whose newest release refers to this one
     */
    public record Hit(
            String name,
            String version,
            @Nullable String kind,
            boolean yanked,
            List<Segment> title,
            List<Segment> description,
            List<Match> matches,
            List<String> capabilities,
            @Nullable String licenses,
            List<String> toolchain,
            String provenance,
            String releasedAt,
            int dependants) {

        public Hit {
            title = List.copyOf(title);
            description = List.copyOf(description);
            matches = List.copyOf(matches);
            capabilities = List.copyOf(capabilities);
            toolchain = List.copyOf(toolchain);
        }
    }

    /**
     * Where a word was found besides name and description.
     *
     * @param where {@code interface}, {@code world}, {@code import}, {@code item} or {@code text}
     */
    public record Match(String where, List<Segment> text) {

        public Match {
            text = List.copyOf(text);
        }
    }

    /**
     * A piece of a text.
     *
     * @param marked whether it is what was asked for
     */
    public record Segment(String text, boolean marked) {}

    /**
     * What the packages found have in common.
     *
     * @param name of the filter that narrows by it
     * @param values the most frequent first, at most twenty
     */
    public record Facet(String name, List<FacetValue> values) {

        public Facet {
            values = List.copyOf(values);
        }
    }

    /** One value, as the filter takes it, and how many of the packages found have it. */
    public record FacetValue(String value, int count) {}

    /** Answer of {@link ApiPaths#SUGGEST}: the best first. */
    public record Suggestions(String query, List<Suggestion> suggestions) {

        public Suggestions {
            suggestions = List.copyOf(suggestions);
        }
    }

    /**
     * A name that begins with what was asked.
     *
     * @param text to be put into the search box
     * @param kind {@code package}, {@code interface} or {@code world}
     */
    public record Suggestion(String text, String kind) {}
}
