package dev.lair.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.docs.Markdown;
import dev.lair.server.docs.WitDocs;
import dev.lair.server.insight.Catalog;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.provenance.Origins;
import dev.lair.server.settings.PublicUrl;
import dev.lair.server.web.PackageDesk.Shown;
import dev.lair.server.web.PackageViews.Capability;
import dev.lair.server.web.PackageViews.Embedded;
import dev.lair.server.web.PackageViews.Fact;
import dev.lair.server.web.PackageViews.File;
import dev.lair.server.web.PackageViews.Files;
import dev.lair.server.web.PackageViews.Install;
import dev.lair.server.web.PackageViews.Overview;
import dev.lair.server.web.PackageViews.Proof;
import dev.lair.server.web.PackageViews.Version;
import dev.lair.server.web.PackageViews.Versions;
import dev.lair.server.web.ReleaseView.Link;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /{ns}:{name}[@{version}]} and its tabs about the release as a whole. */
@RestController
class PackagePages {

    static final int VERSIONS_A_PAGE = 100;
    private static final int MOST_INSIDE = 200;
    private static final int MOST_CAPABILITY_IMPORTS = 40;
    private static final int MOST_EXTERNS = 150;

    /** Characters of READMEs that are remembered as HTML. */
    private static final long REMEMBERED_CHARACTERS = 16L << 20;

    private static final int OVERVIEW_CHARACTERS = 6_000;

    private final PackageDesk desk;
    private final Catalog catalog;
    private final Origins origins;
    private final Ledger ledger;
    private final PublicUrl publicUrl;

    /**
     * The page that most people read. What it says follows from the release and from what was published by then; a minute
     * bounds how long a change is unseen that is no record.
     */
    private final Cache<Known, Overview> overviews = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_CHARACTERS)
            .weigher((Known known, Overview view) -> OVERVIEW_CHARACTERS
                    + (view.readmeHtml() == null ? 0 : view.readmeHtml().length()))
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    /** What was asked for, and how much was published. */
    private record Known(String segment, long leaves) {}

    PackagePages(PackageDesk desk, Catalog catalog, Origins origins, Ledger ledger, PublicUrl publicUrl) {
        this.desk = desk;
        this.catalog = catalog;
        this.origins = origins;
        this.ledger = ledger;
        this.publicUrl = publicUrl;
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE)
    ResponseEntity<byte[]> overview(Visit visit, @PathVariable String release) {
        Overview view =
                overviews.get(new Known(release, catalog.catchUp()), known -> overview(desk.find(known.segment())));
        return visit.show(
                "release/overview.jte",
                visit.page(view.release().name() + " " + view.release().version()),
                view);
    }

    private Overview overview(Shown shown) {
        Optional<ContentFacts> facts = desk.facts(shown.release());
        Optional<String> readme = origins.readme(shown.name(), shown.version());
        return new Overview(
                desk.view(shown, "", ""),
                installs(shown),
                verified(shown, facts),
                facts.map(ContentFacts::metadata).map(PackagePages::claims).orElse(List.of()),
                facts.map(PackagePages::capabilities).orElse(List.of()),
                facts.map(known -> worlds(shown, known)).orElse(List.of()),
                PublisherWords.of(
                        origins.of(shown.name(), shown.version()),
                        shown.release().releasedAt().toString()),
                proof(shown, facts),
                readme.map(Markdown::readme).orElse(null),
                readme.filter(Markdown::isCut).isPresent(),
                facts.map(ContentFacts::wit)
                        .map(wit -> DocViews.listed(shown.base(), WitDocs.of(wit.model()), null))
                        .orElse(List.of()),
                facts.map(known -> externs(known.exports())).orElse(List.of()),
                facts.map(known -> externs(known.imports())).orElse(List.of()));
    }

    private static List<Link> externs(List<ContentFacts.Extern> all) {
        return all.stream()
                .limit(MOST_EXTERNS)
                .map(each -> new Link(each.name(), DocViews.interfacePath(each.name()), false, each.kind()))
                .toList();
    }

    /** How to get it, with the tools that this server answers. */
    private List<Install> installs(Shown shown) {
        String reference = shown.name() + "@" + shown.version();
        String file = shown.name().name() + ".wasm";
        String content = publicUrl.of(ApiPaths.version(shown.name(), shown.version()) + "/content");
        return List.of(
                new Install(
                        "lair",
                        "lair pull " + reference + " -o " + file + " --verify",
                        "Checks the log, the map and who published before the file appears."),
                new Install(
                        "curl",
                        "curl -fL -o " + file + " " + content,
                        "The bytes alone; compare their SHA-256 with the digest below."),
                new Install(
                        "warg",
                        "warg download --registry " + publicUrl + " " + shown.name() + " --version " + shown.version()
                                + " -o " + file,
                        "The warg reference client."));
    }

    private List<Fact> verified(Shown shown, Optional<ContentFacts> facts) {
        List<Fact> said = new ArrayList<>();
        add(said, "Beside others", desk.compatibility(shown));
        said.addAll(facts(shown.release(), facts));
        return said;
    }

    private static List<Fact> facts(ReleaseRow release, Optional<ContentFacts> facts) {
        List<Fact> said = new ArrayList<>();
        said.add(new Fact("Digest", release.digest().toString()));
        said.add(new Fact("Size", Words.size(release.sizeBytes())));
        facts.ifPresent(known -> {
            add(said, "Languages", producers(known.languages()));
            add(said, "Built with", producers(known.tools()));
            add(said, "SDKs", producers(known.sdks()));
            if (!known.coreModules().isEmpty()) {
                said.add(new Fact("Contains", Words.count(known.coreModules().size(), "core module", "core modules")));
            }
        });
        return said;
    }

    private static void add(List<Fact> said, String name, String value) {
        if (!value.isEmpty()) {
            said.add(new Fact(name, value));
        }
    }

    private static String producers(List<ContentFacts.Producer> producers) {
        return producers.stream()
                .limit(8)
                .map(each -> each.version().isEmpty() ? each.name() : each.name() + " " + each.version())
                .collect(Collectors.joining(", "));
    }

    private static List<Link> claims(ContentFacts.Metadata said) {
        List<Link> claims = new ArrayList<>();
        claim(claims, "Licence", said.licenses());
        claim(claims, "Authors", said.authors());
        claim(claims, "Source", said.source());
        claim(claims, "Homepage", said.homepage());
        claim(claims, "Revision", said.revision());
        claim(claims, "Version", said.version());
        return claims;
    }

    private static void claim(List<Link> claims, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            boolean isUrl = text.length() < 500 && text.matches("https?://[A-Za-z0-9][^\\s\"<>\\\\^`{|}]*");
            claims.add(new Link(text, isUrl ? text : null, false, name));
        }
    }

    private static List<Capability> capabilities(ContentFacts facts) {
        return facts.capabilities().stream()
                .map(each -> new Capability(
                        each.name(),
                        each.gives(),
                        each.imports().stream().limit(MOST_CAPABILITY_IMPORTS).toList()))
                .toList();
    }

    /** Worlds of a WIT package. */
    private static List<Link> worlds(Shown shown, ContentFacts facts) {
        return facts.worlds().stream()
                .limit(MOST_CAPABILITY_IMPORTS)
                .map(world -> {
                    String own = world.name().replaceAll("^.*/", "").replaceAll("@.*$", "");
                    return new Link(own, shown.base() + "/docs/" + own, false, "");
                })
                .toList();
    }

    Proof proof(Shown shown, Optional<ContentFacts> facts) {
        String verdict = facts.map(known -> known.validation().text()).orElse("its content is lost");
        return new Proof(
                shown.release().leafIndex(),
                ledger.publishedSize(),
                "/" + TreePaths.releaseProof(shown.name(), shown.version()),
                verdict,
                facts.filter(known -> known.validation().verdict().equals(ContentFacts.Validation.VALID))
                        .isPresent());
    }

    /** The newest first; {@code below} is the number of the last one of the page before. */
    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/versions")
    ResponseEntity<byte[]> versions(Visit visit, @PathVariable String release) {
        Shown shown = desk.find(release);
        long below = Query.number(visit, "below", Catalog.FIRST);
        List<ReleaseRow> rows = catalog.releases(shown.name(), below, VERSIONS_A_PAGE + 1);
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < Math.min(rows.size(), VERSIONS_A_PAGE); i++) {
            versions.add(version(shown, rows.get(i), i + 1 < rows.size() ? rows.get(i + 1) : null));
        }
        String older = rows.size() > VERSIONS_A_PAGE
                ? shown.base() + "/versions?below="
                        + rows.get(VERSIONS_A_PAGE - 1).number()
                : null;
        return visit.show(
                "release/versions.jte",
                visit.page("Versions of " + shown.name()),
                new Versions(
                        desk.view(shown, "versions", ""),
                        versions,
                        shown.of().releases(),
                        below == Catalog.FIRST,
                        older));
    }

    private static Version version(Shown shown, ReleaseRow row, @Nullable ReleaseRow before) {
        return new Version(
                row.version(),
                PackagePaths.ofRelease(shown.name(), row.version()),
                row.releasedAt().toString(),
                Words.size(row.sizeBytes()),
                row.isYanked(),
                SemVer.parse(row.version()).isPreRelease(),
                before == null ? null : PackagePaths.ofDiff(shown.name(), before.version(), row.version()),
                before == null ? "" : before.version());
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/files")
    ResponseEntity<byte[]> files(Visit visit, @PathVariable String release) {
        Shown shown = desk.find(release);
        Optional<ContentFacts> facts = desk.facts(shown.release());
        String api = "/" + ApiPaths.version(shown.name(), shown.version());
        List<File> files = new ArrayList<>();
        facts.ifPresent(known -> files.add(new File("content", api + "/content", "the bytes, as they were published")));
        if (facts.map(ContentFacts::wit).isPresent()) {
            files.add(new File("wit", api + "/wit", "the WIT as text"));
            files.add(new File("wit.json", api + "/wit.json", "the same resolved, for programs"));
        }
        if (origins.readme(shown.name(), shown.version()).isPresent()) {
            files.add(new File("readme", api + "/readme", "the README, as it was published"));
        }
        files.add(new File("version", api, "all that is known of this release, as JSON"));
        files.add(new File(
                shown.version() + ".tlog-proof",
                "/" + TreePaths.releaseProof(shown.name(), shown.version()),
                "that the log has it: to be checked without this registry"));
        files.add(new File("attestations", api + "/attestations", "what the registry states about who published"));
        List<Embedded> inside = facts.map(PackagePages::inside).orElse(List.of());
        return visit.show(
                "release/files.jte",
                visit.page("Files of " + shown.name() + " " + shown.version()),
                new Files(desk.view(shown, "files", ""), files, facts(shown.release(), facts), inside));
    }

    private static List<Embedded> inside(ContentFacts facts) {
        List<ContentFacts.Embedded> all = new ArrayList<>(facts.components());
        all.addAll(facts.coreModules());
        return all.stream()
                .limit(MOST_INSIDE)
                .map(each -> new Embedded(
                        each.path(),
                        Objects.requireNonNullElse(each.name(), ""),
                        Words.size(each.sizeBytes()),
                        each.digest()))
                .toList();
    }
}
