package dev.lair.signing;

import dev.lair.transparency.LogId;
import java.util.regex.Pattern;

/**
 * The name of a key in a {@link KeyStore}, chosen by its owner: 1 to 64 of {@code a-z 0-9 . _ -}, starting with a letter
 * or digit. So it is a safe file name and can be no path.
 */
public record KeyLabel(String value) implements Comparable<KeyLabel> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Checks the form; {@link MalformedKeyException} when it is another, without repeating the value. */
    public KeyLabel {
        if (!FORM.matcher(value).matches()) {
            throw new MalformedKeyException(
                    "a key label has 1 to 64 of a-z 0-9 . _ - and starts with a letter or digit");
        }
    }

    /** The label of the key that a registry holds for a package log: its id in hex, which is as long as a label may be. */
    static KeyLabel of(LogId log) {
        return new KeyLabel(log.hex());
    }

    @Override
    public int compareTo(KeyLabel other) {
        return value.compareTo(other.value);
    }

    /** The value. */
    @Override
    public String toString() {
        return value;
    }
}
