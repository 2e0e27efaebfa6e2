package dev.lair.component.inspect;

import org.jspecify.annotations.Nullable;

/**
 * An import or export.
 *
 * @param name as in the binary; for imports of core modules {@code module.name}
 * @param kind the word of the specification: instance, func, type, memory …
 * @param wit the item as WIT says it; null for what WIT has no word for, and for core modules
 */
public record ExternFact(String name, String kind, @Nullable String wit) {}
