package dev.lair.server.insight;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PackageDocuments.Dependant;
import dev.lair.registry.api.PackageDocuments.Dependants;
import dev.lair.registry.api.PackageDocuments.PackageDocument;
import dev.lair.registry.api.PackageDocuments.PackageLinks;
import dev.lair.registry.api.PackageDocuments.PackageSummary;
import dev.lair.registry.api.PackageDocuments.Packages;
import dev.lair.registry.api.PackageDocuments.VersionSummary;
import dev.lair.registry.api.PackageDocuments.Versions;
import dev.lair.registry.api.Problem;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.CatalogRows.DependantRow;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Packages, their releases, and who refers to them, as lists. Any page may read. */
@RestController
class PackagesController {

    private final Catalog catalog;

    PackagesController(Catalog catalog) {
        this.catalog = catalog;
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.PACKAGES)
    ResponseEntity<byte[]> packages(
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        int rows = Pages.limit(limit);
        long below = Pages.below(cursor);
        List<PackageRow> found =
                namespace == null ? catalog.newest(below, rows + 1) : catalog.newestOf(namespace, below, rows + 1);
        Pages.Page<PackageRow> page = Pages.of(found, rows, row -> Long.toString(row.newestRelease()));
        return Pages.reply(new Packages(
                page.rows().stream().map(PackagesController::summary).toList(), page.next()));
    }

    private static PackageSummary summary(PackageRow row) {
        return new PackageSummary(
                row.name(),
                row.kind(),
                row.description(),
                latest(row),
                row.newestVersion(),
                row.releases(),
                row.newestAt().toString());
    }

    private static @Nullable String latest(PackageRow row) {
        return row.latestVersion().isEmpty() ? null : row.latestVersion();
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.PACKAGE)
    ResponseEntity<byte[]> one(@PathVariable String namespace, @PathVariable String name) {
        PackageRow row = find(namespace, name);
        PackageName asked = PackageName.parse(row.name());
        String here = ApiPaths.packageOf(asked);
        return Pages.reply(new PackageDocument(
                row.name(),
                row.namespace(),
                row.kind(),
                row.description(),
                latest(row),
                row.newestVersion(),
                row.releases(),
                row.newestAt().toString(),
                catalog.dependantPackages(asked),
                catalog.releases(asked, Catalog.FIRST, Pages.ROWS).stream()
                        .map(PackagesController::summary)
                        .toList(),
                new PackageLinks(
                        ApiPaths.NAMESPACES + "/" + row.namespace(),
                        here + "/versions",
                        here + "/dependants",
                        TreePaths.index(asked),
                        TreePaths.mapProof(asked))));
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSIONS)
    ResponseEntity<byte[]> versions(
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        int rows = Pages.limit(limit);
        PackageName asked = PackageName.parse(find(namespace, name).name());
        Pages.Page<ReleaseRow> page = Pages.of(
                catalog.releases(asked, Pages.below(cursor), rows + 1), rows, row -> Long.toString(row.number()));
        return Pages.reply(new Versions(
                page.rows().stream().map(PackagesController::summary).toList(), page.next()));
    }

    private static VersionSummary summary(ReleaseRow row) {
        return new VersionSummary(
                row.version(),
                row.digest().toString(),
                row.sizeBytes() < 0 ? null : row.sizeBytes(),
                row.kind(),
                row.isYanked(),
                row.deprecated(),
                row.recordId(),
                row.leafIndex(),
                row.releasedAt().toString());
    }

    /** Of a package that has no release too: others may refer to what is not here. */
    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.DEPENDANTS)
    ResponseEntity<byte[]> dependants(
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        int rows = Pages.limit(limit);
        long release = Catalog.FIRST;
        long place = 0;
        if (cursor != null) {
            String[] parts = cursor.split("-", -1);
            if (parts.length != 2) {
                throw Pages.noCursor();
            }
            release = Pages.number(parts[0]);
            place = Pages.number(parts[1]);
        }
        Pages.Page<DependantRow> page = Pages.of(
                catalog.dependants(name(namespace, name), release, place, rows + 1),
                rows,
                row -> row.number() + "-" + row.place());
        return Pages.reply(new Dependants(
                page.rows().stream()
                        .map(row -> new Dependant(
                                row.packageName(),
                                row.version(),
                                row.yanked(),
                                row.wanted().isEmpty() ? null : row.wanted(),
                                row.how()))
                        .toList(),
                page.next()));
    }

    private PackageRow find(String namespace, String name) {
        PackageName asked = name(namespace, name);
        return catalog.find(asked)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NOT_FOUND, "package " + asked + " has no release in this registry"));
    }

    private static PackageName name(String namespace, String name) {
        try {
            return new PackageName(new Namespace(namespace), name);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }
}
