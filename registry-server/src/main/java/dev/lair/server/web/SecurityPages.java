package dev.lair.server.web;

import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.insight.Catalog;
import dev.lair.server.provenance.Origins;
import dev.lair.server.web.PackageDesk.Shown;
import dev.lair.server.web.PackageViews.Fact;
import dev.lair.server.web.PackageViews.Origin;
import dev.lair.server.web.PackageViews.Security;
import dev.lair.server.web.ReleaseView.Link;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/security}: what is proven about who published a release, and how that changed from release to release. */
@RestController
class SecurityPages {

    private static final int HISTORY = 25;

    private final PackageDesk desk;
    private final PackagePages pages;
    private final Catalog catalog;
    private final Origins origins;

    SecurityPages(PackageDesk desk, PackagePages pages, Catalog catalog, Origins origins) {
        this.desk = desk;
        this.pages = pages;
        this.catalog = catalog;
        this.origins = origins;
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/security")
    ResponseEntity<byte[]> security(Visit visit, @PathVariable String release) {
        Shown shown = desk.find(release);
        Optional<Origins.Origin> origin = origins.of(shown.name(), shown.version());
        Optional<ContentFacts> facts = desk.facts(shown.release());
        List<ReleaseRow> rows =
                catalog.releases(shown.name(), Query.number(visit, "below", Catalog.FIRST), HISTORY + 1);
        String older = rows.size() > HISTORY
                ? shown.base() + "/security?below=" + rows.get(HISTORY - 1).number() + "#history"
                : null;
        return visit.show(
                "release/security.jte",
                visit.page("Security of " + shown.name() + " " + shown.version()),
                new Security(
                        desk.view(shown, "security", ""),
                        origin.map(SecurityPages::statement).orElse(List.of()),
                        origin.map(SecurityPages::claims).orElse(List.of()),
                        origin.map(Origins.Origin::evidenceIndex)
                                .filter(index -> index >= 0)
                                .map(String::valueOf)
                                .orElse(null),
                        record(shown.release()),
                        documents(shown),
                        pages.proof(shown, facts),
                        history(shown, rows),
                        older));
    }

    private static List<Fact> statement(Origins.Origin origin) {
        PublishAttestation said = origin.statement();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Publisher", PublisherWords.by(Optional.of(origin))));
        said.publisher().issuer().ifPresent(issuer -> facts.add(new Fact("Vouched for by", issuer)));
        facts.add(new Fact("Taken at", said.publishedAt().toString()));
        facts.add(new Fact("By the registry", said.registry()));
        facts.add(new Fact("Attestation", origin.digest()));
        return facts;
    }

    private static List<Fact> claims(Origins.Origin origin) {
        return origin.statement().publisher().claims().entrySet().stream()
                .map(claim -> new Fact(claim.getKey(), claim.getValue()))
                .toList();
    }

    private static List<Fact> record(ReleaseRow release) {
        return List.of(
                new Fact("Record", release.recordId()),
                new Fact("Leaf", String.valueOf(release.leafIndex())),
                new Fact("Signed by key", release.keyId()),
                new Fact("Time that it says", release.releasedAt().toString()),
                new Fact("Content", release.digest().toString()));
    }

    private static List<Link> documents(Shown shown) {
        return List.of(
                new Link(
                        "Proof of the release",
                        "/" + TreePaths.releaseProof(shown.name(), shown.version()),
                        false,
                        "to be checked without this registry: lair verify --proof"),
                new Link(
                        "Proof of its record",
                        "/"
                                + TreePaths.recordProof(
                                        RecordId.parse(shown.release().recordId())),
                        false,
                        "the same for the signed record"),
                new Link(
                        "Attestations",
                        "/" + ApiPaths.version(shown.name(), shown.version()) + "/attestations",
                        false,
                        "with the key that signs them"),
                new Link(
                        "State of the package",
                        "/" + TreePaths.mapProof(shown.name()),
                        false,
                        "from the map of heads"));
    }

    /** Each beside the one before it; the last row of a page is there to be compared with, when there is an older page. */
    private List<Origin> history(Shown shown, List<ReleaseRow> rows) {
        Map<String, Origins.Origin> known =
                origins.of(shown.name(), rows.stream().map(ReleaseRow::version).toList());
        List<Origin> history = new ArrayList<>();
        for (int i = 0; i < Math.min(HISTORY, rows.size()); i++) {
            ReleaseRow before = i + 1 < rows.size() ? rows.get(i + 1) : null;
            history.add(entry(shown, rows.get(i), before, known));
        }
        return history;
    }

    private static Origin entry(
            Shown shown, ReleaseRow row, @Nullable ReleaseRow before, Map<String, Origins.Origin> known) {
        Optional<Origins.Origin> now = Optional.ofNullable(known.get(row.version()));
        Optional<Origins.Origin> then =
                before == null ? Optional.empty() : Optional.ofNullable(known.get(before.version()));
        List<String> changes = new ArrayList<>();
        boolean isWorse = false;
        if (before != null) {
            boolean wasTrusted = PackageDesk.isTrusted(then);
            boolean isTrusted = PackageDesk.isTrusted(now);
            isWorse = wasTrusted && !isTrusted;
            if (isWorse) {
                changes.add("no verified identity any more");
            } else if (isTrusted && !wasTrusted) {
                changes.add("the first with a verified identity");
            } else if (!PublisherWords.identity(now).equals(PublisherWords.identity(then))) {
                changes.add("another publisher");
                isWorse = isTrusted;
            }
            if (!row.keyId().equals(before.keyId())) {
                changes.add("another key");
            }
        }
        return new Origin(
                row.version(),
                PackagePaths.ofRelease(shown.name(), SemVer.parse(row.version())) + "/security",
                row.releasedAt().toString(),
                Words.shortened(row.keyId()),
                PublisherWords.by(now),
                PackageDesk.isTrusted(now),
                String.join(", ", changes),
                isWorse);
    }
}
