package dev.lair.server.web;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.insight.Catalog;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.web.PackageViews.InterfacePage;
import dev.lair.server.web.PackageViews.Users;
import dev.lair.server.web.ReleaseView.Link;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.UseRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /i/{ns}:{pkg}/{iface}@{track}}: who exports an interface, who imports it and who defines it. */
@RestController
class InterfacePages {

    private static final int RELEASES_A_PAGE = 60;

    private final Catalog catalog;

    InterfacePages(Catalog catalog) {
        this.catalog = catalog;
    }

    @Access(Act.READ)
    @GetMapping("/i/{pkg:.+:.+}/{own}")
    ResponseEntity<byte[]> users(Visit visit, @PathVariable String pkg, @PathVariable String own) {
        int at = own.indexOf('@');
        String item = pkg + "/" + (at < 0 ? own : own.substring(0, at));
        List<String> tracks = catalog.tracks(item);
        if (tracks.isEmpty()) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND, "no release of this registry has to do with an interface " + clipped(item));
        }
        String track = at < 0 ? tracks.getLast() : own.substring(at + 1);
        if (!tracks.contains(track)) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND,
                    "no release has to do with " + clipped(item) + " on the track `" + clipped(track) + "`; there are "
                            + String.join(", ", tracks));
        }
        long below = Query.number(visit, "below", Catalog.FIRST);
        Optional<Role> only = role(visit);
        List<Users> users = new ArrayList<>();
        for (Role role : List.of(Role.EXPORTS, Role.IMPORTS, Role.DEFINES)) {
            if (only.isEmpty() || only.get() == role) {
                users.add(users(item, track, role, only.isEmpty() ? Catalog.FIRST : below));
            }
        }
        return visit.show(
                "release/interface.jte",
                visit.page(item + " " + track),
                new InterfacePage(
                        item,
                        pkg,
                        packagePath(pkg),
                        item.substring(item.indexOf('/') + 1),
                        track,
                        tracks.stream()
                                .map(each -> new Link(
                                        each.equals("-") ? "no version" : each,
                                        PackagePaths.ofInterface(item, each),
                                        each.equals(track),
                                        ""))
                                .toList(),
                        users));
    }

    private static Optional<Role> role(Visit visit) {
        List<String> said = visit.prefilled().all("role");
        for (Role role : Role.values()) {
            if (said.size() == 1 && said.getFirst().equals(word(role))) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private Users users(String item, String track, Role role, long below) {
        List<UseRow> rows = catalog.users(item, track, role, below, RELEASES_A_PAGE + 1);
        String more = rows.size() > RELEASES_A_PAGE
                ? PackagePaths.ofInterface(item, track) + "?role=" + word(role) + "&below="
                        + rows.get(RELEASES_A_PAGE - 1).number()
                : null;
        return new Users(
                word(role),
                switch (role) {
                    case EXPORTS -> "Exported by";
                    case IMPORTS -> "Imported by";
                    case DEFINES -> "Defined in";
                },
                rows.stream()
                        .limit(RELEASES_A_PAGE)
                        .map(row -> link(row, item, role))
                        .toList(),
                more);
    }

    private static Link link(UseRow row, String item, Role role) {
        String release = "/" + row.packageName() + "@" + row.version();
        int slash = row.named().indexOf('@');
        String as = slash < 0 ? "" : "as " + row.named().substring(slash + 1);
        return new Link(
                row.packageName() + " " + row.version(),
                role == Role.DEFINES ? release + "/docs/" + item.substring(item.indexOf('/') + 1) : release,
                row.yanked(),
                row.yanked() ? "yanked" : role == Role.DEFINES ? "docs" : as);
    }

    private @Nullable String packagePath(String pkg) {
        try {
            PackageName name = PackageName.parse(pkg);
            return catalog.find(name).map(found -> PackagePaths.ofPackage(name)).orElse(null);
        } catch (MalformedNameException notOfThisRegistry) {
            return null;
        }
    }

    private static String clipped(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
