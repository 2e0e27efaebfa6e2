package dev.lair.component.binary;

import java.util.List;

/** A core instance (Binary.md, core:instance). */
public sealed interface CoreInstance {
    long offset();

    record Instantiate(long offset, int module, List<Argument> arguments) implements CoreInstance {}

    record FromExports(long offset, List<Export> exports) implements CoreInstance {}

    /** A core instance that provides all imports from a module name. */
    record Argument(String name, int instance) {}

    record Export(String name, Sort sort, int index) {}
}
