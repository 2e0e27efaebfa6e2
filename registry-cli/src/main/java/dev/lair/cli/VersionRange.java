package dev.lair.cli;

import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.SemVer;

/**
 * Which versions of a package will do. Strict and small: an operator and one full version.
 *
 * <pre>
 * *         any release version
 * 1.2.3     exactly this one (also =1.2.3), build metadata included
 * ^1.2.3    from 1.2.3, same major; for 0.x same minor; for 0.0.x only itself
 * ~1.2.3    from 1.2.3, same minor
 * >=1.2.3   from 1.2.3
 * </pre>
 *
 * <p>A pre-release is taken only when it is named exactly, or when the range names a pre-release of the same
 * {@code major.minor.patch} (as Rust's semver has it, which warg clients use).
 */
sealed interface VersionRange {

    /** The forms in one line, for messages and help. */
    String SYNTAX = "1.2.3, ^1.2.3, ~1.2.3, >=1.2.3 or *";

    /** Whether {@code version} is in the range; yanked or not is another question. */
    boolean contains(SemVer version);

    record Any() implements VersionRange {
        @Override
        public boolean contains(SemVer version) {
            return !version.isPreRelease();
        }

        @Override
        public String toString() {
            return "*";
        }
    }

    record Exactly(SemVer version) implements VersionRange {
        @Override
        public boolean contains(SemVer candidate) {
            return version.equals(candidate);
        }

        @Override
        public String toString() {
            return version.toString();
        }
    }

    /** From {@code low} on, as far as {@code reach} goes. */
    record From(Reach reach, SemVer low) implements VersionRange {
        @Override
        public boolean contains(SemVer version) {
            boolean preReleaseAllowed = !version.isPreRelease()
                    || (low.isPreRelease() && sameMinor(version) && version.patch() == low.patch());
            return preReleaseAllowed
                    && version.compareTo(low) >= 0
                    && switch (reach) {
                        case NO_END -> true;
                        case SAME_MINOR -> sameMinor(version);
                        case COMPATIBLE -> isCompatible(version);
                    };
        }

        private boolean sameMinor(SemVer version) {
            return version.major() == low.major() && version.minor() == low.minor();
        }

        private boolean isCompatible(SemVer version) {
            if (low.major() != 0) {
                return version.major() == low.major();
            }
            return sameMinor(version) && (low.minor() != 0 || version.patch() == low.patch());
        }

        @Override
        public String toString() {
            return reach.operator + low;
        }
    }

    /** How far a range goes. */
    enum Reach {
        NO_END(">="),
        SAME_MINOR("~"),
        COMPATIBLE("^");

        private final String operator;

        Reach(String operator) {
            this.operator = operator;
        }
    }

    /**
     * Parses a range.
     *
     * @throws IllegalArgumentException naming the forms that there are
     */
    static VersionRange parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        for (Reach reach : Reach.values()) {
            if (text.startsWith(reach.operator)) {
                SemVer low = version(text, text.substring(reach.operator.length()));
                if (low.hasBuildMetadata()) {
                    throw malformed(text, "build metadata has no place in a range");
                }
                return new From(reach, low);
            }
        }
        return new Exactly(version(text, text.startsWith("=") ? text.substring(1) : text));
    }

    private static SemVer version(String range, String version) {
        try {
            return SemVer.parse(version);
        } catch (MalformedVersionException e) {
            throw malformed(range, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException malformed(String range, String why) {
        return new IllegalArgumentException(
                "`" + range + "` is not a version or range: " + why + "; write " + SYNTAX + " with all three numbers");
    }
}
