package dev.lair.registry;

import java.util.regex.Pattern;

/**
 * A semantic version (semver.org 2.0.0) as the reference reads it: strict, numbers up to 2^64-1, no leading zeros, and
 * with an identity that includes build metadata: {@code 1.0.0+a} and {@code 1.0.0+b} are two versions (warg protocol,
 * section 1).
 *
 * <p>The text is kept as it was given, and as the grammar has one spelling for each value, equality is equality of text.
 */
public final class SemVer implements Comparable<SemVer> {

    private static final Pattern NUMERIC = Pattern.compile("0|[1-9][0-9]*");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern IDENTIFIER = Pattern.compile("[0-9A-Za-z-]+");

    private final String text;
    private final long major;
    private final long minor;
    private final long patch;
    private final String preRelease;
    private final String build;

    private SemVer(String text, long major, long minor, long patch, String preRelease, String build) {
        this.text = text;
        this.major = major;
        this.minor = minor;
        this.patch = patch;
        this.preRelease = preRelease;
        this.build = build;
    }

    /**
     * Parses {@code major.minor.patch[-pre-release][+build]}.
     *
     * @throws MalformedVersionException when it is not one
     */
    public static SemVer parse(String text) {
        int plus = text.indexOf('+');
        String build = plus < 0 ? "" : text.substring(plus + 1);
        String withoutBuild = plus < 0 ? text : text.substring(0, plus);
        int dash = withoutBuild.indexOf('-');
        String pre = dash < 0 ? "" : withoutBuild.substring(dash + 1);
        String core = dash < 0 ? withoutBuild : withoutBuild.substring(0, dash);

        String[] numbers = core.split("\\.", -1);
        if (numbers.length != 3) {
            throw new MalformedVersionException(text, "it needs exactly major.minor.patch");
        }
        if (dash >= 0) {
            checkIdentifiers(text, pre, "pre-release", true);
        }
        if (plus >= 0) {
            checkIdentifiers(text, build, "build metadata", false);
        }
        return new SemVer(
                text, number(text, numbers[0]), number(text, numbers[1]), number(text, numbers[2]), pre, build);
    }

    private static long number(String version, String digits) {
        if (!NUMERIC.matcher(digits).matches()) {
            throw new MalformedVersionException(version, "`" + digits + "` is not a number without leading zeros");
        }
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw new MalformedVersionException(version, "`" + digits + "` does not fit in 64 bits");
        }
    }

    private static void checkIdentifiers(String version, String dotted, String part, boolean refuseLeadingZeros) {
        for (String identifier : dotted.split("\\.", -1)) {
            if (!IDENTIFIER.matcher(identifier).matches()) {
                throw new MalformedVersionException(
                        version, "the " + part + " has an identifier that is not [0-9A-Za-z-]+");
            }
            if (refuseLeadingZeros
                    && DIGITS.matcher(identifier).matches()
                    && !NUMERIC.matcher(identifier).matches()) {
                throw new MalformedVersionException(version, "the " + part + " has a number with leading zeros");
            }
        }
    }

    /** The first number, unsigned. */
    public long major() {
        return major;
    }

    /** The second number, unsigned. */
    public long minor() {
        return minor;
    }

    /** The third number, unsigned. */
    public long patch() {
        return patch;
    }

    /** Whether there is a part after {@code -}. */
    public boolean isPreRelease() {
        return !preRelease.isEmpty();
    }

    /** Whether there is a part after {@code +}. */
    public boolean hasBuildMetadata() {
        return !build.isEmpty();
    }

    /**
     * Precedence of semver.org, section 11, then build metadata, so that the order agrees with {@link #equals}: none
     * before some, then identifier by identifier, as the reference orders it.
     */
    @Override
    public int compareTo(SemVer other) {
        int order = compareByPrecedence(other);
        return order == 0 ? compareBuild(build, other.build) : order;
    }

    /** Precedence alone: 0 for versions that differ in build metadata only. */
    public int compareByPrecedence(SemVer other) {
        int order = Long.compareUnsigned(major, other.major);
        if (order == 0) {
            order = Long.compareUnsigned(minor, other.minor);
        }
        if (order == 0) {
            order = Long.compareUnsigned(patch, other.patch);
        }
        return order == 0 ? comparePreRelease(preRelease, other.preRelease) : order;
    }

    private static int comparePreRelease(String one, String two) {
        if (one.isEmpty() || two.isEmpty()) {
            return Boolean.compare(one.isEmpty(), two.isEmpty());
        }
        return compareIdentifiers(one, two);
    }

    private static int compareBuild(String one, String two) {
        if (one.isEmpty() || two.isEmpty()) {
            return Boolean.compare(two.isEmpty(), one.isEmpty());
        }
        return compareIdentifiers(one, two);
    }

    private static int compareIdentifiers(String one, String two) {
        String[] left = one.split("\\.", -1);
        String[] right = two.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = compareIdentifier(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int compareIdentifier(String one, String two) {
        boolean oneNumeric = DIGITS.matcher(one).matches();
        boolean twoNumeric = DIGITS.matcher(two).matches();
        if (oneNumeric && twoNumeric) {
            String left = withoutLeadingZeros(one);
            String right = withoutLeadingZeros(two);
            int order = Integer.compare(left.length(), right.length());
            order = order == 0 ? left.compareTo(right) : order;
            // Only build metadata may have leading zeros: the longer spelling comes later.
            return order == 0 ? Integer.compare(one.length(), two.length()) : order;
        }
        if (oneNumeric != twoNumeric) {
            return oneNumeric ? -1 : 1;
        }
        return one.compareTo(two);
    }

    private static String withoutLeadingZeros(String digits) {
        int from = 0;
        while (from < digits.length() - 1 && digits.charAt(from) == '0') {
            from++;
        }
        return digits.substring(from);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SemVer that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
