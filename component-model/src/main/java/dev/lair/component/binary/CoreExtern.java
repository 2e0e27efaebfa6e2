package dev.lair.component.binary;

import org.jspecify.annotations.Nullable;

/** The type of an import or export of a core module (core specification, externtype). */
public sealed interface CoreExtern {
    record Func(int type) implements CoreExtern {}

    record Table(CoreValType element, Bounds bounds) implements CoreExtern {}

    /**
     * A linear memory.
     *
     * @param pageSizeLog2 null for pages of 64 KiB
     */
    record Memory(Bounds bounds, @Nullable Integer pageSizeLog2) implements CoreExtern {}

    record Global(CoreValType type, boolean mutable) implements CoreExtern {}

    record Tag(int type) implements CoreExtern {}

    /**
     * Sizes of a table or memory, unsigned.
     *
     * @param max null for no maximum
     */
    record Bounds(long min, @Nullable Long max, boolean shared, boolean is64) {}
}
