package dev.lair.server.insight;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PackageDocuments.InterfaceSummary;
import dev.lair.registry.api.PackageDocuments.Interfaces;
import dev.lair.registry.api.PackageDocuments.Use;
import dev.lair.registry.api.PackageDocuments.Uses;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.CatalogRows.InterfaceRow;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.UseRow;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Interfaces, and which releases export, import or define them. Any page may read. */
@RestController
class InterfacesController {

    private final Catalog catalog;

    InterfacesController(Catalog catalog) {
        this.catalog = catalog;
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.INTERFACES)
    ResponseEntity<byte[]> interfaces(
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        int rows = Pages.limit(limit);
        String item = "";
        String track = "";
        if (cursor != null) {
            int at = cursor.lastIndexOf('@');
            if (at < 0) {
                throw Pages.noCursor();
            }
            item = cursor.substring(0, at);
            track = cursor.substring(at + 1);
        }
        Pages.Page<InterfaceRow> page =
                Pages.of(catalog.interfaces(item, track, rows + 1), rows, row -> row.item() + "@" + row.track());
        return Pages.reply(new Interfaces(
                page.rows().stream()
                        .map(row -> new InterfaceSummary(row.item(), row.track(), row.uses()))
                        .toList(),
                page.next()));
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.INTERFACE)
    ResponseEntity<byte[]> one(
            @PathVariable String namespace,
            @PathVariable String packageName,
            @PathVariable String item,
            @PathVariable String track,
            @RequestParam(required = false) @Nullable String role,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        int rows = Pages.limit(limit);
        long below = Pages.below(cursor);
        String name = (namespace + ":" + packageName + "/" + item).toLowerCase(Locale.ROOT);
        List<UseRow> found = role == null
                ? anyRole(name, track, below, rows + 1)
                : catalog.users(name, track, role(role), below, rows + 1);
        List<String> tracks = catalog.tracks(name);
        if (!tracks.contains(track)) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND,
                    "no release has to do with interface " + name + " on track " + track
                            + (tracks.isEmpty() ? "" : "; its tracks are " + String.join(", ", tracks)));
        }
        Pages.Page<UseRow> page = Pages.of(found, rows, row -> Long.toString(row.number()));
        return Pages.reply(new Uses(
                name,
                track,
                tracks,
                page.rows().stream()
                        .map(row -> new Use(
                                row.role().name().toLowerCase(Locale.ROOT),
                                row.named(),
                                row.packageName(),
                                row.version(),
                                row.yanked(),
                                row.leafIndex()))
                        .toList(),
                page.next()));
    }

    private List<UseRow> anyRole(String name, String track, long below, int rows) {
        long until = Math.min(below, catalog.uses(name, track));
        return catalog.uses(name, track, Math.max(0, until - rows), until);
    }

    private static Role role(String text) {
        return switch (text) {
            case "exports" -> Role.EXPORTS;
            case "imports" -> Role.IMPORTS;
            case "defines" -> Role.DEFINES;
            default ->
                throw new ProblemException(
                        Problem.Kind.BAD_REQUEST, "`role` is exports, imports or defines, not `" + text + "`");
        };
    }
}
