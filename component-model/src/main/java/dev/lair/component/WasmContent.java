package dev.lair.component;

import java.util.List;

/**
 * What a structurally sound binary is.
 *
 * @param kind what can be done with it
 * @param sizeBytes size of the whole binary
 * @param coreCheck verdict on its core modules
 * @param sections sections of the outermost level, in order, unknown custom sections included
 */
public record WasmContent(Kind kind, long sizeBytes, CoreCheck coreCheck, List<WasmSection> sections) {
    /** Copies the sections. */
    public WasmContent {
        sections = List.copyOf(sections);
    }

    /** Kinds that a registry tells apart. */
    public enum Kind {
        /** A module of the core specification. */
        CORE_MODULE,
        /** A component that may be instantiated. */
        COMPONENT,
        /** A component that only carries WIT: interfaces and worlds as exported types. */
        WIT_PACKAGE
    }
}
