package dev.lair.server.web;

import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.insight.Catalog;
import dev.lair.server.web.DependencyGraph.Node;
import dev.lair.server.web.PackageDesk.Shown;
import dev.lair.server.web.PackageViews.Dependency;
import dev.lair.server.web.PackageViews.Depends;
import dev.lair.server.web.PackageViews.UsedBy;
import dev.lair.storage.registry.CatalogRows.DependantRow;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/deps} and {@code …/used-by}: what a release refers to, and who refers to its package. */
@RestController
class DependsPages {

    private static final int USERS_A_PAGE = 100;

    private final PackageDesk desk;
    private final Catalog catalog;

    DependsPages(PackageDesk desk, Catalog catalog) {
        this.desk = desk;
        this.catalog = catalog;
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/deps")
    ResponseEntity<byte[]> depends(Visit visit, @PathVariable String release) {
        Shown shown = desk.find(release);
        DependencyGraph graph = DependencyGraph.of(catalog, shown.release());
        List<Dependency> direct = catalog.dependencies(shown.release()).stream()
                .limit(DependencyGraph.MOST_LISTED)
                .map(row -> {
                    Node node = graph.resolve(row.target(), row.version());
                    return new Dependency(
                            row.target(), row.version(), node.path(), String.join(", ", row.how()), node.note());
                })
                .toList();
        return visit.show(
                "release/deps.jte",
                visit.page("What " + shown.name() + " " + shown.version() + " depends on"),
                new Depends(
                        desk.view(shown, "deps", ""),
                        direct,
                        direct.isEmpty() ? null : graph.svg(visit.site()),
                        graph.sentences(),
                        graph.isCut()));
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/used-by")
    ResponseEntity<byte[]> usedBy(Visit visit, @PathVariable String release) {
        Shown shown = desk.find(release);
        long below = Query.number(visit, "below", Catalog.FIRST);
        long place = Query.number(visit, "place", 0);
        List<DependantRow> rows = catalog.dependants(shown.name(), below, place, USERS_A_PAGE + 1);
        DependantRow last = rows.size() > USERS_A_PAGE ? rows.get(USERS_A_PAGE - 1) : null;
        return visit.show(
                "release/used-by.jte",
                visit.page("What uses " + shown.name()),
                new UsedBy(
                        desk.view(shown, "used-by", ""),
                        rows.stream()
                                .limit(USERS_A_PAGE)
                                .map(row -> new Dependency(
                                        row.packageName(),
                                        row.version(),
                                        "/" + row.packageName() + "@" + row.version(),
                                        String.join(", ", row.how()),
                                        (row.wanted().isEmpty() ? "any version" : row.wanted())
                                                + (row.yanked() ? ", yanked" : "")))
                                .toList(),
                        catalog.dependantPackages(shown.name()),
                        below == Catalog.FIRST,
                        last == null
                                ? null
                                : shown.base() + "/used-by?below=" + last.number() + "&place=" + last.place()));
    }
}
