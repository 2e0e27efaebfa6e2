package dev.lair.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.docs.Markdown;
import dev.lair.server.docs.RawWit;
import dev.lair.server.docs.WitDocs;
import dev.lair.server.insight.Catalog;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.web.PackageDesk.Shown;
import dev.lair.server.web.PackageViews.Docs;
import dev.lair.server.web.PackageViews.Entry;
import dev.lair.server.web.PackageViews.Group;
import dev.lair.server.web.PackageViews.Item;
import dev.lair.server.web.PackageViews.Listed;
import dev.lair.server.web.PackageViews.Raw;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/docs[/{item}]} and {@code …/wit}: the WIT of a release, one interface or world a page, and as it was written. */
@RestController
class DocsPages {

    /** Characters of pages that are remembered. */
    private static final long REMEMBERED_CHARACTERS = 24L << 20;

    private final PackageDesk desk;
    private final Catalog catalog;

    /** Comments of hundreds of strangers cost some milliseconds to make harmless. */
    private final Cache<Known, Written> items = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_CHARACTERS)
            .weigher((Known known, Written written) -> written.characters())
            .build();

    /** What was asked for; links depend on what was published by then. */
    private record Known(String base, String item, int page, long leaves) {}

    /** One page of an item, and the list beside it. */
    private record Written(List<Listed> tree, Item item) {

        int characters() {
            int characters = 1_000 + 200 * tree.size();
            for (Group group : item.groups()) {
                for (Entry entry : group.entries()) {
                    String docs = entry.docsHtml();
                    characters += 600 + 300 * entry.parts().size() + (docs == null ? 0 : docs.length());
                }
            }
            return characters;
        }
    }

    DocsPages(PackageDesk desk, Catalog catalog) {
        this.desk = desk;
        this.catalog = catalog;
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/docs")
    ResponseEntity<byte[]> index(Visit visit, @PathVariable String release) {
        return index(visit, desk.find(release), null);
    }

    private ResponseEntity<byte[]> index(Visit visit, Shown shown, @Nullable String missing) {
        Optional<ContentFacts> facts = desk.facts(shown.release());
        Optional<WitDocs> docs = facts.map(ContentFacts::wit).map(wit -> WitDocs.of(wit.model()));
        Docs view = new Docs(
                desk.view(shown, "docs", ""),
                docs.map(known -> DocViews.listed(shown.base(), known, null)).orElse(List.of()),
                null,
                docs.map(WitDocs::docs).map(Markdown::comment).orElse(null),
                missing,
                docs.isPresent() ? "" : why(facts));
        Page page = visit.page("Docs of " + shown.name() + " " + shown.version());
        return missing == null
                ? visit.show("release/docs.jte", page, view)
                : visit.show(404, "release/docs.jte", Map.of("page", page, "view", view));
    }

    /** Why there are none. */
    private static String why(Optional<ContentFacts> facts) {
        if (facts.isEmpty()) {
            return "Its content is lost.";
        }
        if (facts.get().kind().equals(ContentFacts.CORE_MODULE)) {
            return "This is a core module: it has no WIT to be read. What it imports and exports stands on its first page.";
        }
        return facts.get().gaps().isEmpty()
                ? "What this component imports and exports cannot be said in WIT."
                : String.join("; ", facts.get().gaps()) + ".";
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/docs/{item}")
    ResponseEntity<byte[]> item(Visit visit, @PathVariable String release, @PathVariable String item) {
        Shown shown = desk.find(release);
        Known key = new Known(shown.base(), item, Query.page(visit), catalog.catchUp());
        Written written = items.getIfPresent(key);
        if (written == null) {
            written = written(shown, key).orElse(null);
            if (written == null) {
                // The version switch keeps the item, and an older version may lack it.
                return index(visit, shown, item);
            }
            items.put(key, written);
        }
        return visit.show(
                "release/docs.jte",
                visit.page(item + " of " + shown.name() + " " + shown.version()),
                new Docs(desk.view(shown, "docs", "/" + item), written.tree(), written.item(), null, null, ""));
    }

    private Optional<Written> written(Shown shown, Known key) {
        Optional<WitDocs> docs =
                desk.facts(shown.release()).map(ContentFacts::wit).map(wit -> WitDocs.of(wit.model()));
        return docs.flatMap(known -> known.item(key.item()))
                .map(found -> new Written(
                        DocViews.listed(shown.base(), docs.orElseThrow(), key.item()),
                        DocViews.item(
                                shown.base(),
                                found,
                                key.page(),
                                new DocLinks(catalog, shown.base(), docs.orElseThrow()))));
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/wit")
    ResponseEntity<byte[]> wit(Visit visit, @PathVariable String release) {
        Shown shown = desk.find(release);
        String text = desk.facts(shown.release())
                .map(ContentFacts::wit)
                .map(ContentFacts.Wit::text)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_WIT, "release " + shown.name() + "@" + shown.version() + " has no WIT"));
        RawWit.Page page = RawWit.page(text, Query.page(visit));
        String path = shown.base() + "/wit";
        return visit.show(
                "release/wit.jte",
                visit.page("WIT of " + shown.name() + " " + shown.version()),
                new Raw(
                        desk.view(shown, "wit", ""),
                        DocViews.pieces(page.tokens(), null, 1, null),
                        "/" + ApiPaths.version(shown.name(), shown.version()) + "/wit",
                        page.number(),
                        page.count(),
                        page.firstLine(),
                        page.number() == 1 ? null : path + "?page=" + (page.number() - 1),
                        page.number() == page.count() ? null : path + "?page=" + (page.number() + 1)));
    }
}
