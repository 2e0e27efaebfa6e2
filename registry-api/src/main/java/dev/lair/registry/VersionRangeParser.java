package dev.lair.registry;

import dev.lair.registry.VersionRange.AllOf;
import dev.lair.registry.VersionRange.Any;
import dev.lair.registry.VersionRange.Bound;
import dev.lair.registry.VersionRange.Exactly;
import dev.lair.registry.VersionRange.Latest;
import dev.lair.registry.VersionRange.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The grammar: {@code range = bound *(separator bound)}, {@code bound = [operator] version}. */
final class VersionRangeParser {

    private static final Pattern BOUND = Pattern.compile("(?:(>=|<=|>|<|\\^|~|=) *)?([0-9A-Za-z.*+-]+)( *, *| +|$)");
    private static final Pattern WILDCARD = Pattern.compile("[xX*]");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private VersionRangeParser() {}

    static VersionRange parse(String text) {
        if (text.length() > VersionRange.MAX_CHARACTERS) {
            throw malformed(
                    text.substring(0, 40) + "…",
                    "it has " + text.length() + " characters, at most " + VersionRange.MAX_CHARACTERS + " are read");
        }
        if (text.equals(VersionRange.LATEST)) {
            return new Latest();
        }
        if (WILDCARD.matcher(text).matches()) {
            return new Any();
        }
        Optional<SemVer> exact = exact(text);
        return exact.isPresent() ? new Exactly(exact.get()) : new AllOf(text, bounds(text));
    }

    /** Only here may a version have build metadata. */
    private static Optional<SemVer> exact(String text) {
        String version = text.startsWith("=") ? text.substring(1) : text;
        try {
            return Optional.of(SemVer.parse(version));
        } catch (MalformedVersionException notInFull) {
            return Optional.empty();
        }
    }

    private static List<Bound> bounds(String text) {
        List<Bound> bounds = new ArrayList<>();
        Matcher matcher = BOUND.matcher(text);
        int end = 0;
        String separator = ",";
        while (matcher.find() && matcher.start() == end && end < text.length()) {
            String operator = matcher.group(1);
            bounds.add(bound(text, Operator.of(operator == null ? "" : operator), matcher.group(2)));
            end = matcher.end();
            separator = matcher.group(3);
        }
        if (end != text.length() || !separator.isEmpty()) {
            throw malformed(text, "it has to be versions with ^ ~ = > >= < <= before them, and blanks between them");
        }
        return bounds;
    }

    private static Bound bound(String range, Operator operator, String version) {
        int suffix = suffix(version);
        String[] numbers = version.substring(0, suffix).split("\\.", -1);
        int given = 0;
        while (given < numbers.length && DIGITS.matcher(numbers[given]).matches()) {
            given++;
        }
        for (int i = given; i < numbers.length; i++) {
            if (!WILDCARD.matcher(numbers[i]).matches()) {
                throw malformed(range, "`" + version + "` is not one to three numbers, with nothing but x behind them");
            }
        }
        if (given == 0 || numbers.length > 3) {
            throw malformed(range, "`" + version + "` is not one to three numbers, with nothing but x behind them");
        }
        if (given < 3 && suffix < version.length()) {
            throw malformed(range, "a pre-release needs all three numbers before it");
        }
        SemVer low = low(range, numbers, given, version.substring(suffix));
        if (low.hasBuildMetadata()) {
            throw malformed(range, "build metadata has no place in a range");
        }
        return new Bound(operator, low, given);
    }

    /** Where the numbers end. */
    private static int suffix(String version) {
        for (int i = 0; i < version.length(); i++) {
            if (version.charAt(i) == '-' || version.charAt(i) == '+') {
                return i;
            }
        }
        return version.length();
    }

    private static SemVer low(String range, String[] numbers, int given, String suffix) {
        StringBuilder full = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            full.append(i == 0 ? "" : ".").append(i < given ? numbers[i] : "0");
        }
        try {
            return SemVer.parse(full.append(suffix).toString());
        } catch (MalformedVersionException e) {
            throw malformed(range, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException malformed(String range, String why) {
        return new IllegalArgumentException(
                "`" + range + "` is not a version or range: " + why + "; write " + VersionRange.SYNTAX);
    }
}
