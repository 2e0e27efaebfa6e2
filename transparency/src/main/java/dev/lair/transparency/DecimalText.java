package dev.lair.transparency;

import java.util.OptionalLong;

/**
 * The decimal numbers of C2SP's texts: ASCII digits, no sign, no leading zero (0 itself is {@code 0}), below 2^63. Each
 * number has one text, which {@link Long#toString(long)} writes.
 */
public final class DecimalText {

    private static final int MOST_DIGITS = 19;

    private DecimalText() {}

    /** The number of a canonical text; empty for any other text. */
    public static OptionalLong parse(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS || (text.length() > 1 && text.charAt(0) == '0')) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalLong.empty();
            }
            value = 10 * value + c - '0';
        }
        // 19 digits stay below 10^19 < 2^64, so an overflow shows as a negative number.
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
