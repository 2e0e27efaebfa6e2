package dev.lair.component.compat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The verdict on two versions.
 *
 * @param before name of the old one, with its version when it has one
 * @param after name of the new one
 * @param differences all of them, in the order of the old text, additions behind
 */
public record Compatibility(String before, String after, VersionStep versions, List<Difference> differences) {
    /** How much changed. */
    public enum Level {
        /** Nothing that anybody could rely on; comments and gates that tell the truth do not count. */
        UNCHANGED,
        /** Nobody has to change anything. */
        COMPATIBLE,
        /** Somebody has to. */
        BREAKING
    }

    public Compatibility {
        differences = List.copyOf(differences);
    }

    public Level level() {
        if (differences.isEmpty()) {
            return Level.UNCHANGED;
        }
        return broken().isEmpty() ? Level.COMPATIBLE : Level.BREAKING;
    }

    /** Whether the new version may be released: it breaks nobody, or is on a track of its own. */
    public boolean isPermitted() {
        return level() != Level.BREAKING || versions.relation() == VersionStep.Relation.OTHER_TRACK;
    }

    /** All who are broken by some difference. */
    public Set<Party> broken() {
        Set<Party> parties = EnumSet.noneOf(Party.class);
        differences.forEach(difference -> parties.addAll(difference.breaks()));
        return parties;
    }

    /** The differences that break somebody. */
    public List<Difference> breaking() {
        return differences.stream()
                .filter(difference -> !difference.breaks().isEmpty())
                .toList();
    }

    /** One line: verdict, names, tracks, counts. */
    public String summary() {
        String verdict =
                switch (level()) {
                    case UNCHANGED -> "unchanged";
                    case COMPATIBLE -> "compatible";
                    case BREAKING ->
                        isPermitted() ? "breaking, on a new track as it should be" : "breaking, and not permitted";
                };
        int breaking = breaking().size();
        return verdict + ": " + before + " -> " + after + " ("
                + versions.relation().label()
                + (versions.isBackwards() ? ", backwards: the second version is the older one" : "") + "), "
                + differences.size() + (differences.size() == 1 ? " difference, " : " differences, ") + breaking
                + " breaking";
    }

    /** Everything, for people: the summary, then each difference with its place and what to do. */
    public String report() {
        StringBuilder out = new StringBuilder(summary()).append('\n');
        for (Difference difference : differences) {
            String parties = String.join(
                    " and ", difference.breaks().stream().map(Party::label).toList());
            out.append(parties.isEmpty() ? "  breaks nobody: " : "  BREAKS " + parties + ": ")
                    .append(difference.spot().text())
                    .append("\n    ")
                    .append(difference.message())
                    .append('\n');
            String advice = difference.advice(versions);
            if (!advice.isEmpty() && !isPermitted()) {
                out.append("    to do: ").append(advice).append('\n');
            }
        }
        return out.toString();
    }
}
