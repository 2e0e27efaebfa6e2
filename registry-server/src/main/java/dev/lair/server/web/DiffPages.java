package dev.lair.server.web;

import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.Difference;
import dev.lair.component.compat.Party;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.gate.ReleaseReading;
import dev.lair.server.gate.ReleaseReading.Comparison;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.provenance.Origins;
import dev.lair.server.web.PackageViews.Diff;
import dev.lair.server.web.PackageViews.Side;
import dev.lair.server.web.ReleaseView.Link;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /{ns}:{name}/diff/{a}...{b}}: what changed from one release to another, and whom it breaks. */
@RestController
class DiffPages {

    /** Differences that are shown of each kind. */
    private static final int MOST = 150;

    private final PackageDesk desk;
    private final ReleaseReading reading;
    private final Origins origins;

    DiffPages(PackageDesk desk, ReleaseReading reading, Origins origins) {
        this.desk = desk;
        this.reading = reading;
        this.origins = origins;
    }

    @Access(Act.READ)
    @GetMapping(PackagePaths.RELEASE + "/diff/{range}")
    ResponseEntity<byte[]> diff(Visit visit, @PathVariable String release, @PathVariable String range) {
        PackagePaths.Asked asked = PackagePaths.parse(release);
        int dots = range.indexOf("...");
        if (asked.version().isPresent() || dots < 0) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND, "two versions are compared at " + asked.name() + "/diff/1.0.0...1.1.0");
        }
        SemVer from = version(range.substring(0, dots));
        SemVer to = version(range.substring(dots + 3));
        return visit.show(
                "release/diff.jte",
                visit.page(asked.name() + " from " + from + " to " + to),
                diff(asked.name(), desk.release(asked.name(), from), desk.release(asked.name(), to)));
    }

    private static SemVer version(String text) {
        try {
            return SemVer.parse(text);
        } catch (MalformedVersionException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_RELEASE, String.valueOf(e.getMessage()));
        }
    }

    private Diff diff(PackageName name, ReleaseRow before, ReleaseRow after) {
        SemVer from = SemVer.parse(before.version());
        SemVer to = SemVer.parse(after.version());
        Comparison found = reading.compare(before.digest(), from, after.digest(), to);
        Set<String> old = capabilities(desk.facts(before));
        Set<String> next = capabilities(desk.facts(after));
        List<Difference> breaking = List.of();
        List<Difference> other = List.of();
        String verdict;
        String summary;
        switch (found) {
            case Comparison.NotCompared not -> {
                verdict = "not compared";
                summary = "Their interfaces were not compared: " + not.why() + ".";
            }
            case Comparison.Compared compared -> {
                Compatibility said = compared.found();
                breaking = said.breaking();
                other = said.differences().stream()
                        .filter(each -> each.breaks().isEmpty())
                        .toList();
                verdict = verdict(said);
                summary = summary(said);
            }
        }
        return new Diff(
                name.toString(),
                PackagePaths.ofPackage(name),
                new Link(before.version(), PackagePaths.ofRelease(name, from), false, note(before)),
                new Link(after.version(), PackagePaths.ofRelease(name, to), false, note(after)),
                verdict,
                summary,
                shown(breaking, found),
                shown(other, found),
                Math.max(0, breaking.size() - MOST) + Math.max(0, other.size() - MOST),
                sides(name, before, after),
                next.stream().filter(each -> !old.contains(each)).toList(),
                old.stream().filter(each -> !next.contains(each)).toList(),
                PackagePaths.ofDiff(name, to, from));
    }

    private static String note(ReleaseRow row) {
        return row.isYanked() ? "yanked" : "";
    }

    private static String verdict(Compatibility said) {
        return switch (said.level()) {
            case UNCHANGED -> "unchanged";
            case COMPATIBLE -> "compatible";
            case BREAKING -> "breaking";
        };
    }

    private static String summary(Compatibility said) {
        String words =
                switch (said.level()) {
                    case UNCHANGED -> "No type or function changed.";
                    case COMPATIBLE -> "Nobody has to change anything.";
                    case BREAKING ->
                        "Breaks "
                                + said.broken().stream().map(Party::label).collect(Collectors.joining(" and "))
                                + (said.isPermitted() ? "; on a new version track, as it should be." : ".");
                };
        return words + " " + Words.count(said.differences().size(), "difference", "differences") + ", "
                + said.breaking().size() + " breaking"
                + (said.versions().isBackwards() ? "; the second version is the older one." : ".");
    }

    private static List<PackageViews.Difference> shown(List<Difference> differences, Comparison found) {
        return differences.stream()
                .limit(MOST)
                .map(each -> new PackageViews.Difference(
                        clipped(each.spot().text(), 300),
                        clipped(each.message(), 600),
                        each.breaks().stream().map(Party::label).collect(Collectors.joining(" and ")),
                        // On another track the break is as it should be: there is nothing to be done.
                        found instanceof Comparison.Compared compared
                                        && !compared.found().isPermitted()
                                ? clipped(each.advice(compared.found().versions()), 300)
                                : ""))
                .toList();
    }

    private static String clipped(String text, int characters) {
        return text.length() <= characters ? text : text.substring(0, characters) + "…";
    }

    private List<Side> sides(PackageName name, ReleaseRow before, ReleaseRow after) {
        List<Side> sides = new ArrayList<>();
        side(sides, "Kind", PackageDesk.kind(before.kind()), PackageDesk.kind(after.kind()));
        side(sides, "Size", Words.size(before.sizeBytes()), Words.size(after.sizeBytes()));
        side(sides, "Published by", by(name, before), by(name, after));
        side(sides, "Signed by key", Words.shortened(before.keyId()), Words.shortened(after.keyId()));
        Optional<ContentFacts> old = desk.facts(before);
        Optional<ContentFacts> next = desk.facts(after);
        side(sides, "Licence", licence(old), licence(next));
        side(sides, "Built with", tools(old), tools(next));
        side(sides, "Digest", before.digest().toString(), after.digest().toString());
        return sides;
    }

    private static void side(List<Side> sides, String name, String before, String after) {
        if (!before.isEmpty() || !after.isEmpty()) {
            sides.add(new Side(name, before, after, before.equals(after)));
        }
    }

    private String by(PackageName name, ReleaseRow row) {
        return PublisherWords.by(origins.of(name, SemVer.parse(row.version())));
    }

    private static String licence(Optional<ContentFacts> facts) {
        return facts.map(known -> known.metadata().licenses()).orElse("");
    }

    private static String tools(Optional<ContentFacts> facts) {
        return facts.stream()
                .flatMap(known -> Stream.of(known.languages(), known.tools(), known.sdks()))
                .flatMap(List::stream)
                .limit(12)
                .map(each -> (each.name() + " " + each.version()).strip())
                .collect(Collectors.joining(", "));
    }

    private static Set<String> capabilities(Optional<ContentFacts> facts) {
        return facts.stream()
                .flatMap(known -> known.capabilities().stream())
                .map(each -> each.name() + ": " + each.gives())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
