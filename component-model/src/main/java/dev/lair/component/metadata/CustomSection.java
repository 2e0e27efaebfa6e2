package dev.lair.component.metadata;

/**
 * A custom section.
 *
 * @param offset of the first byte behind its name, from the start of the outermost binary
 * @param sizeBytes without the name
 */
public record CustomSection(String name, long offset, long sizeBytes, MetadataSection content) {}
