package dev.lair.registry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which versions of a package will do, as people write it for npm and Cargo; where the two differ, a version without an
 * operator is read as npm reads it, for itself and not as {@code ^}.
 *
 * <pre>
 * latest        the newest release version, or the newest pre-release where there is no other
 * *             any release version
 * 1.2.3         exactly this one (also =1.2.3), build metadata included
 * 1, 1.x, 1.2   all that begin so (also =1.2, and * in place of x)
 * ^1.2.3        from 1.2.3, and the leftmost number that is not 0 stays: ^0.2.3 stays in 0.2, ^0.0.3 is itself
 * ~1.2.3        from 1.2.3, same minor; ~1 same major
 * &gt;=1.2 &lt;2      all of several at once, by blanks or commas; &gt;1.2 begins with 1.3, &lt;=1.2 ends with 1.2
 * </pre>
 *
 * <p>A pre-release is taken only when it is named exactly, by {@code latest}, or when a part of the range names a pre-release
 * of the same {@code major.minor.patch}. Build metadata counts for nothing in a bound. There is no {@code ||}.
 */
public sealed interface VersionRange {

    /** The forms in one line, for messages and help. */
    String SYNTAX = "1.2.3, 1.2, ^1.2.3, ~1.2.3, `>=1.2 <2`, * or latest";

    /** The word of {@link Latest}. */
    String LATEST = "latest";

    /** A longer text is refused before it is read: strangers send them. */
    int MAX_CHARACTERS = 256;

    /** Whether {@code version} will do; yanked or not is another question. */
    boolean contains(SemVer version);

    /** The newest of those that will do. Whoever asks leaves out what is yanked. */
    default Optional<SemVer> newest(Collection<SemVer> versions) {
        return versions.stream().filter(this::contains).max(Comparator.naturalOrder());
    }

    /** The newest, whatever it is. */
    record Latest() implements VersionRange {

        @Override
        public boolean contains(SemVer version) {
            return true;
        }

        /** A release version as long as there is one. */
        @Override
        public Optional<SemVer> newest(Collection<SemVer> versions) {
            return versions.stream()
                    .max(Comparator.comparing((SemVer version) -> !version.isPreRelease())
                            .thenComparing(Comparator.naturalOrder()));
        }

        @Override
        public String toString() {
            return LATEST;
        }
    }

    /** Any release version. */
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

    /** This version alone. */
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

    /**
     * What satisfies all of these.
     *
     * @param text as it was written
     */
    record AllOf(String text, List<Bound> bounds) implements VersionRange {

        public AllOf {
            bounds = List.copyOf(bounds);
        }

        @Override
        public boolean contains(SemVer version) {
            return (!version.isPreRelease() || bounds.stream().anyMatch(bound -> bound.names(version)))
                    && bounds.stream().allMatch(bound -> bound.admits(version));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** How a bound is written before its version; none for {@code =}. */
    enum Operator {
        GREATER_OR_EQUAL(">="),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        LESS("<"),
        COMPATIBLE("^"),
        SAME_MINOR("~"),
        EQUAL("=");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        static Operator of(String text) {
            for (Operator operator : values()) {
                if (operator.text.equals(text)) {
                    return operator;
                }
            }
            return EQUAL;
        }
    }

    /**
     * One part of a range.
     *
     * @param low the version that it names, with 0 for numbers that it leaves open
     * @param given how many numbers it names, 1 to 3
     */
    record Bound(Operator operator, SemVer low, int given) {

        /** Whether it asks for pre-releases of this {@code major.minor.patch}. */
        private boolean names(SemVer version) {
            return low.isPreRelease() && compareNumbers(version, 3) == 0;
        }

        private boolean admits(SemVer version) {
            return switch (operator) {
                case EQUAL -> compare(version) == 0;
                case GREATER -> compare(version) > 0;
                case GREATER_OR_EQUAL -> compare(version) >= 0;
                case LESS -> compare(version) < 0;
                case LESS_OR_EQUAL -> compare(version) <= 0;
                case SAME_MINOR -> isFromLow(version) && compareNumbers(version, Math.min(given, 2)) == 0;
                case COMPATIBLE -> isFromLow(version) && compareNumbers(version, fixed()) == 0;
            };
        }

        private boolean isFromLow(SemVer version) {
            return version.compareByPrecedence(low) >= 0;
        }

        /** 0 for all that this names: for one version, or for all that begin so. */
        private int compare(SemVer version) {
            return given == 3 ? version.compareByPrecedence(low) : compareNumbers(version, given);
        }

        private int compareNumbers(SemVer version, int count) {
            int order = Long.compareUnsigned(version.major(), low.major());
            if (order == 0 && count > 1) {
                order = Long.compareUnsigned(version.minor(), low.minor());
            }
            if (order == 0 && count > 2) {
                order = Long.compareUnsigned(version.patch(), low.patch());
            }
            return order;
        }

        /** Numbers that a compatible version shares: as far as the first that is not 0, or all that are named. */
        private int fixed() {
            int first = low.major() != 0 ? 1 : low.minor() != 0 ? 2 : 3;
            return Math.min(first, given);
        }
    }

    /**
     * Parses a range.
     *
     * @throws IllegalArgumentException naming the forms that there are
     */
    static VersionRange parse(String text) {
        return VersionRangeParser.parse(text);
    }
}
