package dev.lair.server.web;

import dev.lair.registry.api.SearchDocuments;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pages show that lead to packages: home, search, a namespace. */
public final class FindingViews {

    private FindingViews() {}

    /**
     * {@code home.jte}.
     *
     * @param recent packages by their newest release, newest first
     * @param treeSize records that the newest checkpoint covers
     */
    public record Home(List<PackageRow> recent, long treeSize) {}

    /**
     * {@code search.jte}.
     *
     * @param results null when the query cannot be read, or nothing was asked
     * @param facets with links that narrow the query
     * @param next of the next page; empty on the last
     */
    public record Found(
            String query, SearchDocuments.@Nullable Results results, List<Facet> facets, Optional<String> next) {}

    /** What the packages found have in common. */
    public record Facet(String title, List<Choice> choices) {}

    /**
     * One value of a facet.
     *
     * @param path of the search that it narrows to
     */
    public record Choice(String value, int count, String path) {}

    /**
     * {@code namespace.jte}.
     *
     * @param next of the next page; empty on the last
     */
    public record Namespace(String name, List<PackageRow> packages, Optional<String> next) {}
}
