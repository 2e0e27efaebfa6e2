package dev.lair.component;

import java.nio.ByteBuffer;

/** Kinds of binaries that a registry tells apart. */
public enum WasmKind {
    /** A module of the core specification. */
    CORE_MODULE,
    /** A component that may be instantiated. */
    COMPONENT,
    /** A component that only carries WIT: interfaces and worlds as exported types. */
    WIT_PACKAGE;

    /** Whether the preamble is that of a component, whatever is wrong behind it; the position stays. */
    public static boolean saysComponent(ByteBuffer bytes) {
        try {
            return Preamble.read(new WasmReader(bytes)) == Preamble.COMPONENT;
        } catch (InvalidWasmException noWebAssembly) {
            return false;
        }
    }
}
