package dev.lair.registry.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code index/NS/NAME}: one release of a package. The lines stand in the order of the ledger, the oldest first; a
 * release stays where it is when it is yanked. Readers pass over members that they do not know.
 *
 * @param digest {@code sha256:…} of the content
 * @param size of the content in bytes; absent when the content is lost
 * @param kind {@code core-module}, {@code component}, {@code wit-package}; {@code unknown} when the content is lost
 * @param dependencies packages that the content refers to
 * @param yanked withdrawn from resolution; it can still be fetched
 * @param deprecated its owner advises against it
 * @param leafIndex of the record that released it: a client whose checkpoint is larger than all it finds here, and which knows
 *     of a later release, has an old copy
 */
public record IndexLine(
        String version,
        String digest,
        @Nullable Long size,
        String kind,
        List<Dependency> dependencies,
        boolean yanked,
        boolean deprecated,
        long leafIndex) {

    /**
     * A package that is referred to.
     *
     * @param name {@code ns:name}
     * @param version absent when none is named
     * @param how any of {@code used}, {@code imported}, {@code exported}
     */
    public record Dependency(String name, @Nullable String version, List<String> how) {}

    /** The bytes of a file. */
    public static byte[] format(List<IndexLine> lines) {
        return Lines.format(lines);
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws IllegalArgumentException when a line is none of these; the message says which
     */
    public static List<IndexLine> parse(byte[] body) {
        return Lines.parse(body, IndexLine.class);
    }
}
