package dev.lair.registry.tree;

import java.util.List;

/**
 * A line of {@code changes/N.ndjson}: something that changed in the tree, for mirrors. Changes are counted from 0 without
 * gaps, and segment {@code s} has the changes {@code [1000 s, 1000 s + 1000)}, the oldest first: a full one never changes, the
 * last one grows.
 *
 * @param n its number
 * @param kind {@code release}: the files of a version, its package's index and interface pages are new; {@code yank}: the
 *     index says so. Readers pass over kinds that they do not know
 * @param name of the package, {@code ns:name}
 * @param digest of the content, {@code sha256:…}
 * @param leafIndex of the record that did it
 */
public record ChangeLine(long n, String kind, String name, String version, String digest, long leafIndex) {

    /** Lines of a full segment. */
    public static final int SEGMENT = 1000;

    /** The bytes of a segment. */
    public static byte[] format(List<ChangeLine> lines) {
        return Lines.format(lines);
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws IllegalArgumentException when a line is none of these; the message says which
     */
    public static List<ChangeLine> parse(byte[] body) {
        return Lines.parse(body, ChangeLine.class);
    }
}
