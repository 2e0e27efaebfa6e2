package dev.lair.registry.tree;

import java.util.List;

/**
 * A line of {@code iface/NS/PKG/IFACE/TRACK}: a release that exports, imports or defines an interface on a version track. The
 * newest stands first. Lines are counted from 0 for each interface and track, and page {@code p} has the lines
 * {@code [1000 p, 1000 p + 1000)}: a full page never changes. The path without a page has the newest lines, those of the last
 * page; when its last line is number 3000, pages 2, 1 and 0 have the rest. Whether a release was yanked is said by the index
 * of its package only.
 *
 * @param n its number
 * @param role {@code exports}, {@code imports} or {@code defines}
 * @param named the interface with its version, as the release names it
 * @param name of the package, {@code ns:name}
 * @param leafIndex of the record that released it
 */
public record InterfaceLine(long n, String role, String named, String name, String version, long leafIndex) {

    /** Lines of a full page. */
    public static final int PAGE = 1000;

    /** The bytes of a page. */
    public static byte[] format(List<InterfaceLine> lines) {
        return Lines.format(lines);
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws IllegalArgumentException when a line is none of these; the message says which
     */
    public static List<InterfaceLine> parse(byte[] body) {
        return Lines.parse(body, InterfaceLine.class);
    }
}
