package dev.lair.server.web;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.server.gate.GateBusyException;
import dev.lair.server.gate.ReleaseReading;
import dev.lair.server.insight.Catalog;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.provenance.Origins;
import dev.lair.server.provenance.Origins.Origin;
import dev.lair.server.web.ReleaseView.Link;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds the release that a path asks for, and says what stands above each of its pages. */
@Component
final class PackageDesk {

    /** Other versions in the switch of every page; the tab has all. */
    private static final int SWITCHES = 12;

    private final Catalog catalog;
    private final ReleaseReading reading;
    private final Origins origins;

    PackageDesk(Catalog catalog, ReleaseReading reading, Origins origins) {
        this.catalog = catalog;
        this.reading = reading;
        this.origins = origins;
    }

    /** A release that is shown. */
    record Shown(PackageName name, SemVer version, PackageRow of, ReleaseRow release) {

        String base() {
            return PackagePaths.ofRelease(name, version);
        }
    }

    /** The release that a segment names; without a version the latest, or when all are yanked the newest. */
    Shown find(String segment) {
        PackagePaths.Asked asked = PackagePaths.parse(segment);
        PackageRow row = catalog.find(asked.name())
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_RELEASE, "there is no package " + asked.name() + " in this registry"));
        SemVer version = asked.version()
                .orElseGet(
                        () -> SemVer.parse(row.latestVersion().isEmpty() ? row.newestVersion() : row.latestVersion()));
        return new Shown(asked.name(), version, row, release(asked.name(), version));
    }

    ReleaseRow release(PackageName name, SemVer version) {
        return catalog.release(name, version)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_RELEASE, "there is no release " + name + "@" + version));
    }

    Optional<ContentFacts> facts(ReleaseRow release) {
        return reading.facts(release.digest());
    }

    /** How a release stands beside its neighbours, in words; empty when nobody compared them, or cannot now. */
    String compatibility(Shown shown) {
        ReleaseVerdict verdict;
        try {
            verdict = reading.verdict(shown.name(), shown.version()).orElse(null);
        } catch (GateBusyException later) {
            return "";
        }
        if (verdict == null) {
            return "";
        }
        String beside = verdict.neighbours().stream()
                .filter(each -> each.verdict().equals(verdict.compatibility()))
                .map(ReleaseVerdict.Neighbour::version)
                .findFirst()
                .map(version -> " beside " + version)
                .orElse("");
        return switch (verdict.compatibility()) {
            case ReleaseVerdict.FIRST -> "the first of its version track";
            case ReleaseVerdict.UNCHANGED, ReleaseVerdict.COMPATIBLE -> verdict.compatibility() + beside;
            case ReleaseVerdict.BREAKING -> "breaking" + beside + ", which the policy of this registry let pass";
            case ReleaseVerdict.NOT_COMPARED -> "not compared" + beside;
            default -> "";
        };
    }

    /** The release before this one, in the order in which they were published. */
    Optional<ReleaseRow> before(Shown shown) {
        return catalog.releases(shown.name(), shown.release().number(), 1).stream()
                .findFirst();
    }

    /**
     * What stands above a page.
     *
     * @param tab which is current; also the end of the paths of other versions
     * @param behind what of the tab is shown, with a slash, so that other versions show the same
     */
    ReleaseView view(Shown shown, String tab, String behind) {
        ReleaseRow release = shown.release();
        String end = (tab.isEmpty() ? "" : "/" + tab) + behind;
        List<Link> switches = catalog.releases(shown.name(), Catalog.FIRST, SWITCHES).stream()
                .map(each -> new Link(
                        each.version(),
                        PackagePaths.ofRelease(shown.name(), each.version()) + end,
                        each.version().equals(release.version()),
                        each.isYanked() ? "yanked" : ""))
                .toList();
        return new ReleaseView(
                shown.name().toString(),
                shown.name().namespace().toString(),
                shown.name().name(),
                release.version(),
                kind(release.kind()),
                release.description(),
                shown.base(),
                PackagePaths.ofPackage(shown.name()),
                release.isYanked(),
                shown.version().isPreRelease(),
                release.version().equals(shown.of().latestVersion()),
                shown.of().latestVersion(),
                switches,
                warnings(shown),
                tab.equals("wit") ? "docs" : tab);
    }

    private List<String> warnings(Shown shown) {
        List<String> warnings = new ArrayList<>();
        if (shown.release().kind().equals(Catalog.UNKNOWN_KIND)) {
            warnings.add("The content of this release is lost; its record and its proof are still here.");
        }
        before(shown)
                .filter(previous -> isTrusted(origins.of(shown.name(), SemVer.parse(previous.version())))
                        && !isTrusted(origins.of(shown.name(), shown.version())))
                .ifPresent(previous -> warnings.add("The release before this one, " + previous.version()
                        + ", was published by a CI job whose identity was verified; this one was not."));
        return warnings;
    }

    /** Whether the registry verified the identity of a CI job. */
    static boolean isTrusted(Optional<Origin> origin) {
        return origin.filter(each -> each.statement().publisher().kind() == PublisherIdentity.Kind.TRUSTED)
                .isPresent();
    }

    static String kind(String word) {
        return switch (word) {
            case ContentFacts.CORE_MODULE -> "core module";
            case ContentFacts.COMPONENT -> "component";
            case ContentFacts.WIT_PACKAGE -> "WIT package";
            default -> "unknown content";
        };
    }
}
