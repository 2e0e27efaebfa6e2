package dev.lair.component.compat;

import dev.lair.component.names.SemanticVersion;
import org.jspecify.annotations.Nullable;

/** From which version to which; null where there is none. */
public record VersionStep(
        @Nullable SemanticVersion from, @Nullable SemanticVersion to) {
    /** Without versions: the rules of a track are applied. */
    public static final VersionStep UNVERSIONED = new VersionStep(null, null);

    /** How the versions stand to each other. */
    public enum Relation {
        UNVERSIONED("no versions"),
        SAME_VERSION("same version"),
        SAME_TRACK("same version track"),
        OTHER_TRACK("another version track");

        private final String label;

        Relation(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public Relation relation() {
        if (from == null || to == null) {
            return from == null && to == null ? Relation.UNVERSIONED : Relation.OTHER_TRACK;
        }
        if (from.comparePrecedence(to) == 0) {
            return Relation.SAME_VERSION;
        }
        return from.sameTrack(to) ? Relation.SAME_TRACK : Relation.OTHER_TRACK;
    }

    /** Whether the second version comes before the first: then the two were probably given in the wrong order. */
    public boolean isBackwards() {
        return from != null && to != null && to.comparePrecedence(from) < 0;
    }

    /** The first version of the next track, where breaking changes belong; null without a version. */
    public @Nullable SemanticVersion nextTrack() {
        if (from == null) {
            return null;
        }
        if (from.isPreRelease()) {
            return new SemanticVersion(from.major(), from.minor(), from.patch(), "", "");
        }
        if (from.major() != 0) {
            return SemanticVersion.of(from.major() + 1, 0, 0);
        }
        return from.minor() != 0
                ? SemanticVersion.of(0, from.minor() + 1, 0)
                : SemanticVersion.of(0, 0, from.patch() + 1);
    }
}
