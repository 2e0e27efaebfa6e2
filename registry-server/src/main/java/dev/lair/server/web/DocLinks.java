package dev.lair.server.web;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.server.docs.DocItem;
import dev.lair.server.docs.DocTarget;
import dev.lair.server.docs.WitDocs;
import dev.lair.server.insight.Catalog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a name on a page of docs leads: to the page and place that define it, here or in another release of this registry;
 * nowhere when this registry has no such release.
 */
final class DocLinks {

    private final Catalog catalog;
    private final String base;
    private final WitDocs docs;
    private final Map<String, Optional<String>> releases = new HashMap<>();

    /**
     * Of one request.
     *
     * @param base path of the release that is shown
     */
    DocLinks(Catalog catalog, String base, WitDocs docs) {
        this.catalog = catalog;
        this.base = base;
        this.docs = docs;
    }

    /** A path, or just a fragment when it is on the page that is shown. */
    @Nullable
    String path(DocTarget target, @Nullable DocItem shown, int page) {
        if (docs.owns(target)) {
            int there = docs.item(target.item())
                    .map(item -> item.pageOf(target.anchor()))
                    .orElse(1);
            if (shown != null
                    && shown.name().equals(target.item())
                    && there == page
                    && !target.anchor().isEmpty()) {
                return "#" + target.anchor();
            }
            return PackagePaths.ofDocs(base, target, there);
        }
        return releases.computeIfAbsent(target.packageName() + "@" + target.version(), asked -> release(target))
                .map(release -> PackagePaths.ofDocs(release, target, 1))
                .orElse(null);
    }

    private Optional<String> release(DocTarget target) {
        try {
            PackageName name = PackageName.parse(target.packageName());
            if (target.version() == null) {
                return catalog.find(name).map(found -> PackagePaths.ofPackage(name));
            }
            return catalog.release(name, SemVer.parse(target.version()))
                    .map(found -> PackagePaths.ofRelease(name, found.version()));
        } catch (MalformedNameException | MalformedVersionException notOfThisRegistry) {
            return Optional.empty();
        }
    }
}
