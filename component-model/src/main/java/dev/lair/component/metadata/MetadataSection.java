package dev.lair.component.metadata;

import java.util.List;

/** What a custom section says. */
public sealed interface MetadataSection {
    /** {@code producers}: languages, tools and SDKs, in order; several values of one field stand beside each other. */
    record Producers(List<Producer> values) implements MetadataSection {
        public Producers {
            values = List.copyOf(values);
        }
    }

    /** {@code name} of a core module, {@code component-name} of a component; empty when only parts have names. */
    record Name(String name) implements MetadataSection {}

    /** One of the texts. */
    record Text(TextKind kind, String text) implements MetadataSection {}

    /**
     * {@code package-docs} of a WIT package.
     *
     * @param version 0 or 1
     * @param json as it stands in the section
     */
    record PackageDocs(int version, String json) implements MetadataSection {}

    /** A section that means nothing here: listed with its size, never dropped. */
    record Unknown() implements MetadataSection {}

    /**
     * A section of a known name whose content breaks its format.
     *
     * @param rule the broken rule
     * @param offset in bytes from the start of the outermost binary
     */
    record Malformed(String rule, long offset) implements MetadataSection {}
}
