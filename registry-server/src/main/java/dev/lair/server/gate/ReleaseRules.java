package dev.lair.server.gate;

import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.Difference;
import dev.lair.component.compat.IncomparableException;
import dev.lair.component.compat.Party;
import dev.lair.component.compat.TrackNeighbours;
import dev.lair.component.compat.VersionStep;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Dependency;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.registry.api.ReleaseVerdict.Neighbour;
import dev.lair.server.settings.LairSettings.CompatibilityPolicy;
import dev.lair.server.settings.LairSettings.ContentPolicy;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.transparency.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the gate, each a method and a test of its name: those about bytes alone ({@link #contentObjection}), and those
 * about a release in its place ({@link #judge}). What policy lets pass is said in the verdict.
 *
 * <p>A version is compared with its neighbours on the version track alone: being compatible passes along the track
 * (component model, section 6). Yanked releases bind nobody. A neighbour that today's rules would not take, or whose bytes
 * are not here, is not compared with, and the verdict says so: a mistake of the past must not forbid every later version.
 */
final class ReleaseRules {

    /** How the rules get at contents and at other packages. */
    interface Surroundings {

        /** What is known of a content, with types to compare with. */
        Examined comparable(Digest content) throws ContentNotFoundException;

        /** Whether this registry, or one that it names, has the package on the track of this version. */
        boolean isKnown(Dependency dependency);
    }

    /**
     * What came of the rules.
     *
     * @param objection why the release is refused, if it is
     */
    record Judgement(Optional<String> objection, ReleaseVerdict verdict) {

        /** Whether the verdict stays what it is. */
        boolean isFinal() {
            return verdict.neighbours().stream().noneMatch(each -> NOT_HERE.equals(each.reason()));
        }
    }

    private final GatePolicy policy;
    private final Surroundings surroundings;

    ReleaseRules(GatePolicy policy, Surroundings surroundings) {
        this.policy = policy;
        this.surroundings = surroundings;
    }

    /** Why a neighbour was not compared that waits for its upload: whoever uploads it looks at this release again. */
    private static final String NOT_HERE = "its content is not here yet";

    // --- bytes alone
    // -----------------------------------------------------------------------------------------------------

    /** Why these bytes may not be released under any name; empty when they may. */
    Optional<String> contentObjection(Examined content) {
        Validation validation = content.validation();
        if (!content.isValid()) {
            return Optional.of("content is not valid WebAssembly: " + invalidity(validation));
        }
        if (content.kind().equals(ContentFacts.CORE_MODULE) && !policy.allowModules()) {
            return Optional.of("WebAssembly modules are not allowed");
        }
        if (!content.kind().equals(ContentFacts.CORE_MODULE) && !policy.allowComponents()) {
            return Optional.of("WebAssembly components are not allowed");
        }
        if (isUnchecked(validation) && policy.notChecked() == ContentPolicy.REFUSE) {
            return Optional.of("content is not checked completely, and this registry refuses what is not: "
                    + clipped(String.valueOf(validation.reason())));
        }
        return Optional.empty();
    }

    private static boolean isUnchecked(Validation validation) {
        return validation.verdict().equals(Validation.NOT_CHECKED)
                || validation.verdict().equals(Validation.PARTLY_CHECKED);
    }

    /** Rule and place in the form that errors of the toolkit have. */
    private static String invalidity(Validation validation) {
        return clipped(String.valueOf(validation.reason()))
                + (validation.offset() == null ? "" : " (at offset 0x" + Long.toHexString(validation.offset()) + ")")
                + (validation.missingFeature() == null
                        ? ""
                        : "; the feature `" + validation.missingFeature()
                                + "` would allow it and is off here (lair.publish.features)");
    }

    /** Of a release whose bytes are refused nothing more is asked. */
    Judgement refused(String objection) {
        return new Judgement(
                Optional.of(objection), verdict(ReleaseVerdict.NOT_COMPARED, List.of(), List.of(objection)));
    }

    // --- a release in its place
    // ------------------------------------------------------------------------------------------

    /** Judges a release whose bytes nobody objects to. */
    Judgement judge(Candidate candidate, Examined content) {
        List<String> warnings = new ArrayList<>();
        if (isUnchecked(content.validation())) {
            warnings.add("not checked: "
                    + clipped(String.valueOf(content.validation().reason())));
        }
        Optional<String> objection = ownName(candidate, content);
        if (objection.isEmpty()) {
            objection = unknownDependencies(candidate, content, warnings);
        }
        if (objection.isPresent()) {
            return new Judgement(objection, verdict(ReleaseVerdict.NOT_COMPARED, List.of(), warnings));
        }
        return compatibility(candidate, content, warnings);
    }

    /**
     * A WIT package is released under the name and version that it gives itself (WIT.md, "Package format": a registry checks
     * that interface names agree with the package's). All its items bear that name, or it could not have been read.
     */
    private static Optional<String> ownName(Candidate candidate, Examined content) {
        if (!content.kind().equals(ContentFacts.WIT_PACKAGE) || content.packageName() == null) {
            return Optional.empty();
        }
        String release = candidate.name() + "@" + candidate.version();
        if (!content.packageName().equals(candidate.name().toString())) {
            return Optional.of("the WIT package and its interfaces are named `" + content.packageName()
                    + "`, the release is `" + release + "`; release it under its own name");
        }
        if (content.packageVersion() == null) {
            return Optional.of("the WIT package `" + content.packageName() + "` says no version, the release is `"
                    + release + "`; write `package " + release + ";` and build it again");
        }
        if (!content.packageVersion().equals(candidate.version().toString())) {
            return Optional.of("the WIT package says that it is version " + content.packageVersion()
                    + ", the release is `" + release + "`; release it under its own version");
        }
        return Optional.empty();
    }

    private Optional<String> unknownDependencies(Candidate candidate, Examined content, List<String> warnings) {
        if (policy.unknownDependencies() == ContentPolicy.ALLOW) {
            return Optional.empty();
        }
        List<String> unknown = content.dependencies().stream()
                .filter(each -> !each.name().equals(candidate.name().toString()))
                .filter(each -> !surroundings.isKnown(each))
                .map(each -> each.name() + (each.version() == null ? "" : "@" + each.version()))
                .toList();
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("it depends on what this registry does not have: "
                + String.join(", ", unknown.subList(0, Math.min(unknown.size(), GateLimits.NAMED_DEPENDENCIES)))
                + (unknown.size() > GateLimits.NAMED_DEPENDENCIES
                        ? " and " + (unknown.size() - GateLimits.NAMED_DEPENDENCIES) + " more"
                        : "")
                + "; release these first");
    }

    private Judgement compatibility(Candidate candidate, Examined content, List<String> warnings) {
        if (policy.compatibility() == CompatibilityPolicy.OFF) {
            return new Judgement(Optional.empty(), verdict(ReleaseVerdict.OFF, List.of(), warnings));
        }
        List<Neighbour> neighbours = new ArrayList<>();
        neighbours(candidate)
                .forEach((side, neighbour) -> neighbours.add(compare(candidate, content, neighbour, side)));
        neighbours.sort(Comparator.comparing(Neighbour::side).reversed());
        String worst = worst(neighbours);
        if (!worst.equals(ReleaseVerdict.BREAKING)) {
            return new Judgement(Optional.empty(), verdict(worst, neighbours, warnings));
        }
        String sentence = neighbours.stream()
                .filter(each -> each.verdict().equals(ReleaseVerdict.BREAKING))
                .map(each -> breaking(candidate, each))
                .findFirst()
                .orElseThrow();
        if (policy.compatibility() == CompatibilityPolicy.WARN) {
            warnings.add(sentence);
            return new Judgement(Optional.empty(), verdict(worst, neighbours, warnings));
        }
        return new Judgement(Optional.of(sentence), verdict(worst, neighbours, warnings));
    }

    /** The nearest release below and above on the track, by side. */
    private static Map<String, Released> neighbours(Candidate candidate) {
        Map<SemanticVersion, Released> byVersion = new HashMap<>();
        candidate.before().stream()
                .filter(each -> mayShareTrack(each.version(), candidate.version()))
                .forEach(each -> semantic(each.version()).ifPresent(version -> byVersion.put(version, each)));
        Map<String, Released> found = new HashMap<>();
        semantic(candidate.version()).ifPresent(version -> {
            TrackNeighbours near = TrackNeighbours.of(version, byVersion.keySet());
            put(found, Neighbour.BELOW, near.lower(), byVersion);
            put(found, Neighbour.ABOVE, near.upper(), byVersion);
        });
        return found;
    }

    /** A look at the numbers, so that a package of many tracks costs no more than the one in question. */
    private static boolean mayShareTrack(SemVer one, SemVer other) {
        return one.major() == other.major()
                && (one.major() != 0 || one.minor() == other.minor())
                && !one.isPreRelease()
                && !other.isPreRelease();
    }

    private static void put(
            Map<String, Released> found,
            String side,
            @Nullable SemanticVersion version,
            Map<SemanticVersion, Released> byVersion) {
        if (version != null) {
            found.put(side, Objects.requireNonNull(byVersion.get(version)));
        }
    }

    private static Optional<SemanticVersion> semantic(SemVer version) {
        return SemanticVersion.tryParse(version.toString());
    }

    private Neighbour compare(Candidate candidate, Examined content, Released other, String side) {
        if (other.content().equals(candidate.content())) {
            return neighbour(other, side, ReleaseVerdict.UNCHANGED, "the same bytes");
        }
        Examined theirs;
        Examined ours;
        try {
            theirs = surroundings.comparable(other.content());
            ours = content.comparand() != null ? content : surroundings.comparable(candidate.content());
        } catch (ContentNotFoundException e) {
            return notCompared(other, side, NOT_HERE);
        }
        if (!theirs.isValid()) {
            return notCompared(
                    other,
                    side,
                    "today's validator refuses it: " + theirs.validation().text());
        }
        if (!theirs.kind().equals(ours.kind())) {
            return neighbour(
                    other,
                    side,
                    ReleaseVerdict.BREAKING,
                    "it is a " + theirs.kind() + ", and this one a " + ours.kind()
                            + ": who uses one cannot use the other");
        }
        return compareTypes(candidate, other, side, ours, theirs);
    }

    private static Neighbour compareTypes(
            Candidate candidate, Released other, String side, Examined ours, Examined theirs) {
        Comparand mine = ours.comparand();
        Comparand others = theirs.comparand();
        if (mine == null || others == null) {
            return notCompared(
                    other,
                    side,
                    ours.kind().equals(ContentFacts.CORE_MODULE)
                            ? "core modules have no types to compare"
                            : "one of the two is not checked, or has no WIT");
        }
        boolean isBelow = side.equals(Neighbour.BELOW);
        try {
            if (mine instanceof Comparand.WitPackage oursWit && others instanceof Comparand.WitPackage theirsWit) {
                if (!isNamedAsReleased(candidate, other, theirs)) {
                    return notCompared(other, side, "it names itself otherwise than its release");
                }
                return compared(
                        other,
                        side,
                        isBelow
                                ? CompatibilityCheck.packages(theirsWit.wit(), oursWit.wit())
                                : CompatibilityCheck.packages(oursWit.wit(), theirsWit.wit()));
            }
            if (mine instanceof Comparand.Component oursTypes && others instanceof Comparand.Component theirsTypes) {
                VersionStep step = isBelow
                        ? step(other.version(), candidate.version())
                        : step(candidate.version(), other.version());
                return compared(
                        other,
                        side,
                        isBelow
                                ? CompatibilityCheck.components(theirsTypes.types(), oursTypes.types(), step)
                                : CompatibilityCheck.components(oursTypes.types(), theirsTypes.types(), step));
            }
            return notCompared(other, side, "the two have nothing to compare");
        } catch (IncomparableException e) {
            return notCompared(other, side, clipped(String.valueOf(e.getMessage())));
        }
    }

    /** Releases of a time before this rule may be named in any way. */
    private static boolean isNamedAsReleased(Candidate candidate, Released other, Examined theirs) {
        return candidate.name().toString().equals(theirs.packageName())
                && other.version().toString().equals(theirs.packageVersion());
    }

    private static VersionStep step(SemVer from, SemVer to) {
        return new VersionStep(semantic(from).orElse(null), semantic(to).orElse(null));
    }

    private static Neighbour compared(Released other, String side, Compatibility found) {
        String verdict =
                switch (found.level()) {
                    case UNCHANGED -> ReleaseVerdict.UNCHANGED;
                    case COMPATIBLE -> ReleaseVerdict.COMPATIBLE;
                    case BREAKING -> found.isPermitted() ? ReleaseVerdict.COMPATIBLE : ReleaseVerdict.BREAKING;
                };
        List<ReleaseVerdict.Difference> differences = Stream.concat(
                        found.breaking().stream(),
                        found.differences().stream()
                                .filter(each -> each.breaks().isEmpty()))
                .limit(GateLimits.DIFFERENCES)
                .map(each -> difference(each, found.versions()))
                .toList();
        return new Neighbour(other.version().toString(), side, verdict, found.summary(), differences);
    }

    private static ReleaseVerdict.Difference difference(Difference each, VersionStep versions) {
        String advice = each.advice(versions);
        return new ReleaseVerdict.Difference(
                each.spot().text(),
                each.message(),
                each.breaks().stream().map(Party::label).toList(),
                advice.isEmpty() ? null : advice);
    }

    private static Neighbour notCompared(Released other, String side, String why) {
        return neighbour(other, side, ReleaseVerdict.NOT_COMPARED, why);
    }

    private static Neighbour neighbour(Released other, String side, String verdict, String reason) {
        return new Neighbour(other.version().toString(), side, verdict, reason, List.of());
    }

    private static String worst(List<Neighbour> neighbours) {
        return Stream.of(
                        ReleaseVerdict.BREAKING,
                        ReleaseVerdict.NOT_COMPARED,
                        ReleaseVerdict.COMPATIBLE,
                        ReleaseVerdict.UNCHANGED)
                .filter(verdict ->
                        neighbours.stream().anyMatch(each -> each.verdict().equals(verdict)))
                .findFirst()
                .orElse(ReleaseVerdict.FIRST);
    }

    private static String breaking(Candidate candidate, Neighbour neighbour) {
        String track = semantic(candidate.version()).map(SemanticVersion::track).orElse("");
        String head = "version " + candidate.version() + " breaks its version track `" + track + "`, where "
                + neighbour.version() + " is the nearest " + neighbour.side() + ": ";
        if (neighbour.differences().isEmpty()) {
            return clipped(head + neighbour.reason() + "; release it on another track");
        }
        ReleaseVerdict.Difference first = neighbour.differences().getFirst();
        long others = neighbour.differences().stream()
                        .filter(each -> !each.breaks().isEmpty())
                        .count()
                - 1;
        return clipped(head + first.place() + ": " + first.message()
                + (others > 0 ? " (and " + others + " more)" : "")
                + (first.advice() == null ? "" : "; " + first.advice()));
    }

    private static ReleaseVerdict verdict(String compatibility, List<Neighbour> neighbours, List<String> warnings) {
        return new ReleaseVerdict(ValidatorVersion.CURRENT, compatibility, neighbours, warnings);
    }

    /** Reasons quote names of binaries, and are stored with a rejection. */
    private static String clipped(String reason) {
        return reason.length() > GateLimits.REASON_CHARACTERS
                ? reason.substring(0, GateLimits.REASON_CHARACTERS) + "…"
                : reason;
    }
}
