package dev.lair.cli.time;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time as people write them on a command line:
 *
 * <pre>
 * span = 1*9DIGIT unit        ; not 0
 * unit = "s" / "m" / "h" / "d"
 * </pre>
 */
public final class Span {

    /** The forms in one line, for messages and help. */
    public static final String SYNTAX = "30s, 10m, 24h or 7d";

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})([smhd])");

    private Span() {}

    /**
     * Parses a span.
     *
     * @throws IllegalArgumentException naming the forms that there are
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        long count = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (count == 0) {
            throw new IllegalArgumentException("`" + text + "` is no span of time: write it like " + SYNTAX);
        }
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** A span in the largest unit that divides it; parts of a second are cut off. */
    public static String format(Duration span) {
        long seconds = span.toSeconds();
        if (seconds % 86_400 == 0 && seconds != 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0 && seconds != 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 && seconds != 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
