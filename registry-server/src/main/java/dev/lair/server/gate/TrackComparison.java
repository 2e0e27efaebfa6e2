package dev.lair.server.gate;

import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.Difference;
import dev.lair.component.compat.IncomparableException;
import dev.lair.component.compat.Party;
import dev.lair.component.compat.VersionStep;
import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.registry.api.ReleaseVerdict.Neighbour;
import dev.lair.server.gate.ReleaseRules.Surroundings;
import dev.lair.storage.ContentNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares a release with its neighbours on the version track: on each side with the nearest one that it can be compared
 * with. Being compatible passes along the track (component model, section 6), so no others need to be looked at; one that
 * cannot be compared with passes nothing on, and is looked past.
 */
final class TrackComparison {

    /**
     * What came of it.
     *
     * @param worst of both sides
     * @param neighbours that were looked at, those below first and the nearest first, at most
     *     {@link GateLimits#NAMED_NEIGHBOURS} on a side
     * @param breaking the first neighbour whose track is broken, if one is
     * @param isFinal whether every neighbour's content was here, so that it stays what it is
     */
    record Result(Beside worst, List<Neighbour> neighbours, Optional<Neighbour> breaking, boolean isFinal) {}

    /** One neighbour, and what it means for the one behind it. */
    private record Found(
            Released other, Beside how, String reason, List<ReleaseVerdict.Difference> differences, Next next) {}

    /** Whether the neighbour behind this one is looked at. */
    private enum Next {
        /** This one was compared with, or there is nothing of ours to compare. */
        NOBODY,
        /** This one cannot be compared with. */
        THE_ONE_BEHIND,
        /** The same, after much work: not too often. */
        THE_ONE_BEHIND_IF_FEW,
        /** The same, because its content is not here: on its way, when whoever logs this release looks again, or lost. */
        THE_ONE_BEHIND_AND_AGAIN
    }

    private final Surroundings surroundings;
    private final Candidate candidate;
    private final Examined content;

    /** Ours with types, once it was needed. */
    private @Nullable Examined whole;

    private final List<Neighbour> neighbours = new ArrayList<>();
    private final List<Neighbour> breaking = new ArrayList<>();
    private final List<Beside> sides = new ArrayList<>();
    private boolean isFinal = true;

    private TrackComparison(Surroundings surroundings, Candidate candidate, Examined content) {
        this.surroundings = surroundings;
        this.candidate = candidate;
        this.content = content;
    }

    static Result of(Surroundings surroundings, Candidate candidate, Examined content) {
        TrackComparison comparison = new TrackComparison(surroundings, candidate, content);
        comparison.walk(Side.BELOW);
        comparison.walk(Side.ABOVE);
        return new Result(
                comparison.sides.stream().min(Comparator.naturalOrder()).orElse(Beside.FIRST),
                List.copyOf(comparison.neighbours),
                comparison.breaking.stream().findFirst(),
                comparison.isFinal);
    }

    /** Costs a look in memory for each that is passed, and more for {@link GateLimits#DEAR_NEIGHBOURS} at most. */
    private void walk(Side side) {
        int named = 0;
        int dear = 0;
        Found found = null;
        boolean ends = false;
        Iterator<Released> nearest =
                candidate.before().nearest(candidate.version(), side).iterator();
        while (!ends && nearest.hasNext()) {
            found = compare(nearest.next(), side);
            isFinal &= found.next() != Next.THE_ONE_BEHIND_AND_AGAIN;
            dear += found.next() == Next.THE_ONE_BEHIND ? 0 : 1;
            ends = found.next() == Next.NOBODY || dear == GateLimits.DEAR_NEIGHBOURS;
            if (ends || ++named < GateLimits.NAMED_NEIGHBOURS) {
                neighbours.add(told(found, side));
            }
        }
        if (found != null) {
            sides.add(found.how());
            if (found.how() == Beside.BREAKING) {
                breaking.add(told(found, side));
            }
        }
    }

    private static Neighbour told(Found found, Side side) {
        return new Neighbour(
                found.other().version().toString(),
                side.word(),
                found.how().word(),
                found.reason(),
                found.differences());
    }

    private Found compare(Released other, Side side) {
        if (other.content().equals(candidate.content())) {
            return new Found(other, Beside.UNCHANGED, "the same bytes", List.of(), Next.NOBODY);
        }
        Examined theirs;
        Examined ours;
        try {
            theirs = surroundings.comparable(other.content(), candidate.asker());
            ours = whole();
        } catch (ContentNotFoundException e) {
            return notCompared(other, "its content is not here yet", Next.THE_ONE_BEHIND_AND_AGAIN);
        }
        if (!theirs.isValid()) {
            return notCompared(
                    other,
                    "today's validator refuses it: " + theirs.validation().text(),
                    Next.THE_ONE_BEHIND);
        }
        if (theirs.kind() != ours.kind()) {
            return new Found(
                    other,
                    Beside.BREAKING,
                    "it is a " + theirs.kind().word() + ", and this one a "
                            + ours.kind().word() + ": who uses one cannot use the other",
                    List.of(),
                    Next.NOBODY);
        }
        return compareTypes(other, side, ours, theirs);
    }

    private Examined whole() throws ContentNotFoundException {
        Examined found = whole;
        if (found == null) {
            found = content.comparand() != null
                    ? content
                    : surroundings.comparable(candidate.content(), candidate.asker());
            whole = found;
        }
        return found;
    }

    private Found compareTypes(Released other, Side side, Examined ours, Examined theirs) {
        Comparand mine = ours.comparand();
        Comparand others = theirs.comparand();
        if (mine == null) {
            return notCompared(
                    other,
                    ours.kind() == ContentKind.CORE_MODULE
                            ? "core modules have no types to compare"
                            : "this one is not checked, or has no WIT",
                    Next.NOBODY);
        }
        if (others == null) {
            return notCompared(other, "it is not checked, or has no WIT", Next.THE_ONE_BEHIND);
        }
        boolean isBelow = side == Side.BELOW;
        try {
            if (mine instanceof Comparand.WitPackage oursWit && others instanceof Comparand.WitPackage theirsWit) {
                if (!isNamedAsReleased(other, theirs)) {
                    return notCompared(other, "it names itself otherwise than its release", Next.THE_ONE_BEHIND);
                }
                return compared(
                        other,
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
                        isBelow
                                ? CompatibilityCheck.components(theirsTypes.types(), oursTypes.types(), step)
                                : CompatibilityCheck.components(oursTypes.types(), theirsTypes.types(), step));
            }
            return notCompared(other, "the two have nothing to compare", Next.THE_ONE_BEHIND);
        } catch (IncomparableException e) {
            return notCompared(other, ReleaseRules.clipped(String.valueOf(e.getMessage())), Next.THE_ONE_BEHIND_IF_FEW);
        }
    }

    /** Releases of a time before this rule may be named in any way. */
    private boolean isNamedAsReleased(Released other, Examined theirs) {
        return candidate.name().toString().equals(theirs.packageName())
                && other.version().toString().equals(theirs.packageVersion());
    }

    private static VersionStep step(SemVer from, SemVer to) {
        return new VersionStep(semantic(from), semantic(to));
    }

    private static @Nullable SemanticVersion semantic(SemVer version) {
        return SemanticVersion.tryParse(version.toString()).orElse(null);
    }

    private static Found compared(Released other, Compatibility found) {
        Beside how =
                switch (found.level()) {
                    case UNCHANGED -> Beside.UNCHANGED;
                    case COMPATIBLE -> Beside.COMPATIBLE;
                    case BREAKING -> found.isPermitted() ? Beside.COMPATIBLE : Beside.BREAKING;
                };
        List<ReleaseVerdict.Difference> differences = Stream.concat(
                        found.breaking().stream(),
                        found.differences().stream()
                                .filter(each -> each.breaks().isEmpty()))
                .limit(GateLimits.DIFFERENCES)
                .map(each -> difference(each, found.versions()))
                .toList();
        return new Found(other, how, found.summary(), differences, Next.NOBODY);
    }

    private static ReleaseVerdict.Difference difference(Difference each, VersionStep versions) {
        String advice = each.advice(versions);
        return new ReleaseVerdict.Difference(
                each.spot().text(),
                each.message(),
                each.breaks().stream().map(Party::label).toList(),
                advice.isEmpty() ? null : advice);
    }

    private static Found notCompared(Released other, String why, Next next) {
        return new Found(other, Beside.NOT_COMPARED, why, List.of(), next);
    }
}
