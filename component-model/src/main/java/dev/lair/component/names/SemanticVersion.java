package dev.lair.component.names;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A version as semver.org 2.0.0 defines it: {@code major.minor.patch[-pre][+build]}, strictly (no leading zeros, no
 * {@code v}, no shortened forms).
 *
 * <p>The three numbers are unsigned 64-bit, which is what the component model's other tools hold; more digits are
 * refused. Equality compares every part, build metadata included. The natural order is the precedence of the
 * specification (section 11), and among versions of equal precedence the text of the build metadata, so that it agrees
 * with {@code equals}; {@link #comparePrecedence} leaves build metadata out.
 *
 * @param major unsigned
 * @param minor unsigned
 * @param patch unsigned
 * @param pre pre-release identifiers, dot-separated, empty when there are none
 * @param build build metadata identifiers, dot-separated, empty when there are none
 */
public record SemanticVersion(long major, long minor, long patch, String pre, String build)
        implements Comparable<SemanticVersion> {

    /** Longest text that is read as a version: far beyond any real one, short enough to print in an error. */
    public static final int MAX_LENGTH = 256;

    /** Refuses identifiers that the grammar of the specification does not have. */
    public SemanticVersion {
        if (!pre.isEmpty()) {
            checkIdentifiers(pre, true);
        }
        if (!build.isEmpty()) {
            checkIdentifiers(build, false);
        }
    }

    /**
     * Reads {@code text} as a version.
     *
     * @throws IllegalArgumentException when it is not one; the message says which part breaks which rule
     */
    public static SemanticVersion parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a version has at most " + MAX_LENGTH + " characters");
        }
        int plus = text.indexOf('+');
        String withoutBuild = plus < 0 ? text : text.substring(0, plus);
        String build = plus < 0 ? "" : nonEmpty(text.substring(plus + 1), "build metadata");
        int dash = withoutBuild.indexOf('-');
        String numbers = dash < 0 ? withoutBuild : withoutBuild.substring(0, dash);
        String pre = dash < 0 ? "" : nonEmpty(withoutBuild.substring(dash + 1), "pre-release");
        String[] parts = numbers.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a version has three numbers, major.minor.patch: " + text);
        }
        return new SemanticVersion(number(parts[0]), number(parts[1]), number(parts[2]), pre, build);
    }

    /** Like {@link #parse}, with empty in place of the exception. */
    public static Optional<SemanticVersion> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException notAVersion) {
            return Optional.empty();
        }
    }

    /** A version of three numbers, without pre-release and build metadata. */
    public static SemanticVersion of(long major, long minor, long patch) {
        return new SemanticVersion(major, minor, patch, "", "");
    }

    public boolean isPreRelease() {
        return !pre.isEmpty();
    }

    /**
     * The version track (component-model.md section 6): {@code a} when a &gt; 0, else {@code 0.b} when b &gt; 0. A
     * version {@code 0.0.c} and a pre-release stand alone: their track is the version itself, without build metadata.
     */
    public String track() {
        if (isPreRelease() || (major == 0 && minor == 0)) {
            return withoutBuild().toString();
        }
        return major == 0 ? "0." + Long.toUnsignedString(minor) : Long.toUnsignedString(major);
    }

    /** Whether one of the two may stand in for the other: both are on one {@link #track}. */
    public boolean sameTrack(SemanticVersion other) {
        return track().equals(other.track());
    }

    /** This version without its build metadata. */
    public SemanticVersion withoutBuild() {
        return build.isEmpty() ? this : new SemanticVersion(major, minor, patch, pre, "");
    }

    /** Precedence as in section 11 of the specification; build metadata does not count. */
    public int comparePrecedence(SemanticVersion other) {
        int byMajor = Long.compareUnsigned(major, other.major);
        int byMinor = byMajor != 0 ? byMajor : Long.compareUnsigned(minor, other.minor);
        int byPatch = byMinor != 0 ? byMinor : Long.compareUnsigned(patch, other.patch);
        return byPatch != 0 ? byPatch : comparePre(pre, other.pre);
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int byPrecedence = comparePrecedence(other);
        return byPrecedence != 0 ? byPrecedence : build.compareTo(other.build);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(major)
                + '.'
                + Long.toUnsignedString(minor)
                + '.'
                + Long.toUnsignedString(patch)
                + (pre.isEmpty() ? "" : "-" + pre)
                + (build.isEmpty() ? "" : "+" + build);
    }

    private static int comparePre(String left, String right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Boolean.compare(left.isEmpty(), right.isEmpty());
        }
        List<String> lefts = List.of(left.split("\\.", -1));
        List<String> rights = List.of(right.split("\\.", -1));
        for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
            int order = compareIdentifier(lefts.get(i), rights.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(lefts.size(), rights.size());
    }

    private static int compareIdentifier(String left, String right) {
        boolean leftNumeric = isNumeric(left);
        if (leftNumeric != isNumeric(right)) {
            return leftNumeric ? -1 : 1;
        }
        // Numbers have no leading zeros, so the longer one is the larger one, whatever its size.
        if (leftNumeric && left.length() != right.length()) {
            return Integer.compare(left.length(), right.length());
        }
        return left.compareTo(right);
    }

    private static void checkIdentifiers(String identifiers, boolean zerosMatter) {
        Objects.requireNonNull(identifiers);
        for (String identifier : identifiers.split("\\.", -1)) {
            if (identifier.isEmpty() || !identifier.chars().allMatch(SemanticVersion::isIdentifierCharacter)) {
                throw new IllegalArgumentException(
                        "an identifier of a version is made of 0-9, A-Z, a-z and '-': '" + identifier + "'");
            }
            if (zerosMatter && identifier.length() > 1 && identifier.charAt(0) == '0' && isNumeric(identifier)) {
                throw new IllegalArgumentException("a number in a version has no leading zero: " + identifier);
            }
        }
    }

    private static long number(String digits) {
        if (digits.isEmpty() || !isNumeric(digits)) {
            throw new IllegalArgumentException("a part of a version is a decimal number: '" + digits + "'");
        }
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            throw new IllegalArgumentException("a number in a version has no leading zero: " + digits);
        }
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException("a number in a version has at most 64 bits: " + digits, tooLarge);
        }
    }

    private static String nonEmpty(String identifiers, String what) {
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("the " + what + " of a version is empty");
        }
        return identifiers;
    }

    private static boolean isNumeric(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isIdentifierCharacter(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    }
}
