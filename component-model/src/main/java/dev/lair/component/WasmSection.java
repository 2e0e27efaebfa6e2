package dev.lair.component;

import org.jspecify.annotations.Nullable;

/**
 * One section of the outermost level.
 *
 * @param id section id; its meaning depends on the kind of the binary
 * @param customName name of a custom section (id 0), null for others
 * @param offset offset in bytes of the body, which for a custom section starts behind its name
 * @param sizeBytes size of that body
 */
public record WasmSection(int id, @Nullable String customName, long offset, long sizeBytes) {}
