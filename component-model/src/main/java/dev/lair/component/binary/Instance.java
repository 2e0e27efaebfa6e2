package dev.lair.component.binary;

import java.util.List;

/** A component instance (Binary.md, instance). */
public sealed interface Instance {
    long offset();

    record Instantiate(long offset, int component, List<Argument> arguments) implements Instance {}

    record FromExports(long offset, List<Export> exports) implements Instance {}

    record Argument(String name, Sort sort, int index) {}

    record Export(RawName name, Sort sort, int index) {}
}
