package dev.lair.component.types;

import dev.lair.component.binary.CoreExtern;

/**
 * The type of something that core modules import or export. Function and tag types are indices of a {@link
 * CoreTypes};
 * so are type indices inside of references.
 */
public sealed interface CoreEntity {
    record Func(int type) implements CoreEntity {}

    record Table(CoreExtern.Table type) implements CoreEntity {}

    record Memory(CoreExtern.Memory type) implements CoreEntity {}

    record Global(CoreExtern.Global type) implements CoreEntity {}

    record Tag(int type) implements CoreEntity {}

    /** The word for error messages. */
    default String label() {
        return switch (this) {
            case Func e -> "func";
            case Table e -> "table";
            case Memory e -> "memory";
            case Global e -> "global";
            case Tag e -> "tag";
        };
    }
}
