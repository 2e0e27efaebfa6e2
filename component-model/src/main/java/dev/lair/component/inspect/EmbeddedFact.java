package dev.lair.component.inspect;

import org.jspecify.annotations.Nullable;

/**
 * A core module or component inside another binary.
 *
 * @param path as in {@code BinaryMetadata}: {@code component[1]/core-module[0]}
 * @param name the name that it gives itself, or null
 * @param offset in bytes from the start of the outermost binary
 */
public record EmbeddedFact(String path, @Nullable String name, long offset, long sizeBytes, Sha256 digest) {}
