package dev.lair.component.wit.encode;

/**
 * What a binary holds besides the types.
 *
 * @param marked whether it begins with the custom section {@code wit-component-encoding} (04 00), by which readers tell
 *     a package from a component before they read types
 * @param tool {@code processed-by} of the producers section
 * @param toolVersion version of that tool
 */
public record EncodeOptions(boolean marked, String tool, String toolVersion) {}
