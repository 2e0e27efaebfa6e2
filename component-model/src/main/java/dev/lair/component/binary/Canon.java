package dev.lair.component.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A canonical definition (Binary.md, "Canonical Definitions"). */
public sealed interface Canon {
    long offset();

    /** A component function of a core function. */
    record Lift(long offset, int coreFunc, List<CanonOption> options, int type) implements Canon {}

    /** A core function of a component function. */
    record Lower(long offset, int func, List<CanonOption> options) implements Canon {}

    /**
     * A core function that the runtime provides.
     *
     * @param index a type, memory or core type, as the operation says; 0 when it has none
     * @param second the table of {@code thread.new-indirect}, or the slot of {@code context}; else 0
     * @param flag the {@code async} or {@code cancellable} immediate; false when the operation has none
     * @param result the result of {@code task.return}
     * @param slotType the value type of {@code context}
     */
    record Builtin(
            long offset,
            BuiltinOp op,
            int index,
            int second,
            boolean flag,
            @Nullable ValRef result,
            @Nullable CoreValType slotType,
            List<CanonOption> options)
            implements Canon {}
}
