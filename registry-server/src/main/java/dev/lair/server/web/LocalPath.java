package dev.lair.server.web;

import java.util.Optional;

/**
 * A path of our own with its query, that somebody is sent on to: {@code /settings/tokens?label=ci}. Whatever a browser could read
 * as another host's address is none: {@code //host}, {@code /\host}, control characters, and all that is not ASCII.
 */
final class LocalPath {

    /** The parameter or field that has one. */
    static final String PARAMETER = "next";

    static final LocalPath HOME = new LocalPath("/");

    private static final int MAX = 4096;

    private final String text;

    private LocalPath(String text) {
        this.text = text;
    }

    static Optional<LocalPath> parse(String text) {
        boolean own = text.startsWith("/")
                && !text.split("\\?", 2)[0].contains("//")
                && text.length() <= MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>');
        return own && text.indexOf('#') < 0 ? Optional.of(new LocalPath(text)) : Optional.empty();
    }

    boolean hasQuery() {
        return text.indexOf('?') >= 0;
    }

    /** With one more parameter; both are ASCII that needs no escape. */
    LocalPath with(String parameter, String value) {
        return new LocalPath(text + (hasQuery() ? "&" : "?") + parameter + "=" + value);
    }

    @Override
    public String toString() {
        return text;
    }
}
