package dev.lair.registry;

import java.util.regex.Pattern;

/**
 * The part of a package name before the colon, in lower-case kebab case: words {@code [a-z][a-z0-9]*} joined by single
 * hyphens. Words that start with a digit became legal in WIT later than in warg clients, which choke on them, so they
 * stay refused here (warg protocol, section 1).
 */
public record Namespace(String value) implements Comparable<Namespace> {

    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*");

    /**
     * @throws MalformedNameException when {@code value} is not lower-case kebab case or too long
     */
    public Namespace {
        if (!isKebab(value)) {
            throw new MalformedNameException(value, "a namespace is lower-case kebab case, like `my-org`");
        }
    }

    /** Whether {@code text} is one side of a package name. */
    public static boolean isKebab(String text) {
        // The length first: the pattern is linear, but a megabyte of name is not worth reading.
        return text.length() <= Limits.PACKAGE_NAME_CHARACTERS
                && KEBAB.matcher(text).matches();
    }

    @Override
    public int compareTo(Namespace other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
