package dev.lair.server.gate;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.api.ContentFacts.Dependency;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.registry.api.ReleaseVerdict.Neighbour;
import dev.lair.server.settings.LairSettings.CompatibilityPolicy;
import dev.lair.server.settings.LairSettings.ContentPolicy;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.transparency.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of the gate, each a method and a test of its name: those about bytes alone ({@link #contentObjection}), and those
 * about a release in its place ({@link #judge}). What policy lets pass is said in the verdict.
 *
 * <p>A version is compared with its neighbours on the version track alone ({@link TrackComparison}). Yanked releases bind
 * nobody. A neighbour that today's rules would not take, or whose bytes are not here, is not compared with, and the verdict
 * says so: a mistake of the past must not forbid every later version. Nor does it hide the one behind it, which is compared
 * with instead.
 */
final class ReleaseRules {

    /** How the rules get at contents and at other packages. */
    interface Surroundings {

        /** What is known of a content, with types to compare with. */
        Examined comparable(Digest content, Asker asker) throws ContentNotFoundException;

        /** Whether this registry, or one that it names, has the package on the track of this version. */
        boolean isKnown(Dependency dependency);
    }

    /**
     * What came of the rules.
     *
     * @param objection why the release is refused, if it is
     * @param isFinal whether every content that was wanted was here, so that the verdict stays what it is
     */
    record Judgement(Optional<String> objection, ReleaseVerdict verdict, boolean isFinal) {}

    private final GatePolicy policy;
    private final Surroundings surroundings;

    ReleaseRules(GatePolicy policy, Surroundings surroundings) {
        this.policy = policy;
        this.surroundings = surroundings;
    }

    // --- bytes alone
    // -----------------------------------------------------------------------------------------------------

    /** Why these bytes may not be released under any name; empty when they may. */
    Optional<String> contentObjection(Examined content) {
        Validation validation = content.validation();
        if (!content.isValid()) {
            return Optional.of("content is not valid WebAssembly: " + invalidity(validation));
        }
        if (content.kind() == ContentKind.CORE_MODULE && !policy.allowModules()) {
            return Optional.of("WebAssembly modules are not allowed");
        }
        if (content.kind() != ContentKind.CORE_MODULE && !policy.allowComponents()) {
            return Optional.of("WebAssembly components are not allowed");
        }
        if (content.validity().isOpen() && policy.notChecked() == ContentPolicy.REFUSE) {
            return Optional.of("content is not checked completely, and this registry refuses what is not: "
                    + clipped(String.valueOf(validation.reason())));
        }
        return Optional.empty();
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
        return new Judgement(Optional.of(objection), verdict(Beside.NOT_COMPARED, List.of(), List.of(objection)), true);
    }

    // --- a release in its place
    // ------------------------------------------------------------------------------------------

    /** Judges a release whose bytes nobody objects to. */
    Judgement judge(Candidate candidate, Examined content) {
        List<String> warnings = new ArrayList<>();
        if (content.validity().isOpen()) {
            warnings.add("not checked: "
                    + clipped(String.valueOf(content.validation().reason())));
        }
        Optional<String> objection = ownName(candidate, content);
        if (objection.isEmpty()) {
            objection = unknownDependencies(candidate, content, warnings);
        }
        if (objection.isPresent()) {
            return new Judgement(objection, verdict(Beside.NOT_COMPARED, List.of(), warnings), true);
        }
        return compatibility(candidate, content, warnings);
    }

    /**
     * A WIT package is released under the name and version that it gives itself (WIT.md, "Package format": a registry checks
     * that interface names agree with the package's). All its items bear that name, or it could not have been read.
     */
    private static Optional<String> ownName(Candidate candidate, Examined content) {
        if (content.kind() != ContentKind.WIT_PACKAGE || content.packageName() == null) {
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
            return new Judgement(Optional.empty(), verdict(Beside.OFF, List.of(), warnings), true);
        }
        TrackComparison.Result found = TrackComparison.of(surroundings, candidate, content);
        Optional<String> objection = found.breaking().map(each -> breaking(candidate, each));
        if (policy.compatibility() == CompatibilityPolicy.WARN) {
            objection.ifPresent(warnings::add);
            objection = Optional.empty();
        }
        return new Judgement(objection, verdict(found.worst(), found.neighbours(), warnings), found.isFinal());
    }

    private static String breaking(Candidate candidate, Neighbour neighbour) {
        String track = SemanticVersion.tryParse(candidate.version().toString())
                .map(SemanticVersion::track)
                .orElse("");
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

    private static ReleaseVerdict verdict(Beside compatibility, List<Neighbour> neighbours, List<String> warnings) {
        return new ReleaseVerdict(ValidatorVersion.CURRENT, compatibility.word(), neighbours, warnings);
    }

    /** Reasons quote names of binaries, and are stored with a rejection. */
    static String clipped(String reason) {
        return reason.length() > GateLimits.REASON_CHARACTERS
                ? reason.substring(0, GateLimits.REASON_CHARACTERS) + "…"
                : reason;
    }
}
