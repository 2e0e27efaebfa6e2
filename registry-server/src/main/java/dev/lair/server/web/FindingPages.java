package dev.lair.server.web;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.SearchDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.insight.Catalog;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.search.QueryRefused;
import dev.lair.server.search.Search;
import dev.lair.server.search.SearchRequest;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /}, {@code /search} and {@code /n/{ns}}: the ways to a package. */
@RestController
class FindingPages {

    private static final int RECENT = 12;
    private static final int HITS = 20;
    private static final int PACKAGES_A_PAGE = 100;
    private static final int MOST_CHOICES = 8;

    /** How a page calls what a filter narrows by; a facet without a name here is one for programs. */
    private static final Map<String, String> FACETS = Map.of(
            "kind", "Kind",
            "exports", "Exports",
            "imports", "Imports",
            "capability", "Asks its host for",
            "provenance", "Published by",
            "license", "Licence",
            "toolchain", "Toolchain");

    private final Search search;
    private final Catalog catalog;
    private final Ledger ledger;

    FindingPages(Search search, Catalog catalog, Ledger ledger) {
        this.search = search;
        this.catalog = catalog;
        this.ledger = ledger;
    }

    @Access(Act.READ)
    @GetMapping("/")
    ResponseEntity<byte[]> home(Visit visit) {
        return visit.show(
                "home.jte",
                visit.page("Home"),
                new FindingViews.Home(catalog.newest(Catalog.FIRST, RECENT), ledger.publishedSize()));
    }

    /** What cannot be read as a query is told beside the box, which keeps it. */
    @Access(Act.READ)
    @GetMapping("/search")
    ResponseEntity<byte[]> search(Visit visit) {
        if (!search.isOn()) {
            throw new ProblemException(
                    Problem.Kind.UNAVAILABLE, "this node does not search (lair.search.enabled); ask another one");
        }
        String query = visit.prefilled().shown("q").strip();
        String cursor = visit.prefilled().shown("cursor");
        Page page = visit.page(query.isEmpty() ? "All packages" : query).searching(query);
        try {
            SearchDocuments.Results results =
                    search.search(new SearchRequest(query, cursor.isEmpty() ? null : cursor, HITS));
            String next = results.next();
            return visit.show(
                    "search.jte",
                    page,
                    new FindingViews.Found(
                            query,
                            results,
                            results.facets().stream()
                                    .filter(facet -> FACETS.containsKey(facet.name())
                                            && !facet.values().isEmpty())
                                    .map(facet -> facet(query, facet))
                                    .toList(),
                            next == null
                                    ? Optional.empty()
                                    : Optional.of("/search?q=" + escaped(query) + "&cursor=" + escaped(next))));
        } catch (QueryRefused e) {
            Page.Fault fault = Visit.fault(Problem.Kind.MALFORMED_QUERY.problem(
                    e.words(), visit.requester().requestId()));
            return visit.show(
                    "search.jte", page.with(fault), new FindingViews.Found(query, null, List.of(), Optional.empty()));
        }
    }

    private static FindingViews.Facet facet(String query, SearchDocuments.Facet facet) {
        return new FindingViews.Facet(
                FACETS.getOrDefault(facet.name(), facet.name()),
                facet.values().stream()
                        .limit(MOST_CHOICES)
                        .map(value -> new FindingViews.Choice(
                                value.value(), value.count(), "/search?q=" + escaped(narrowed(query, facet, value))))
                        .toList());
    }

    private static String narrowed(String query, SearchDocuments.Facet facet, SearchDocuments.FacetValue value) {
        String text = value.value().indexOf(' ') < 0 ? value.value() : "\"" + value.value() + "\"";
        String filter = facet.name() + ":" + text;
        return query.isEmpty() ? filter : query + " " + filter;
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Access(Act.READ)
    @GetMapping("/n/{owner}")
    ResponseEntity<byte[]> namespace(@PathVariable String owner, Visit visit) {
        Namespace namespace;
        try {
            namespace = new Namespace(owner);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_NAMESPACE, String.valueOf(e.getMessage()));
        }
        long below = Query.number(visit, "below", Catalog.FIRST);
        List<PackageRow> rows = catalog.newestOf(namespace.value(), below, PACKAGES_A_PAGE + 1);
        if (rows.isEmpty() && below == Catalog.FIRST) {
            throw new ProblemException(
                    Problem.Kind.NO_SUCH_NAMESPACE, "there is no package in the namespace `" + namespace + "` yet");
        }
        List<PackageRow> shown = rows.subList(0, Math.min(rows.size(), PACKAGES_A_PAGE));
        return visit.show(
                "namespace.jte",
                visit.page(namespace.value()),
                new FindingViews.Namespace(
                        namespace.value(),
                        shown,
                        rows.size() > PACKAGES_A_PAGE
                                ? Optional.of("/n/" + namespace.value() + "?below="
                                        + shown.getLast().newestRelease())
                                : Optional.empty()));
    }
}
