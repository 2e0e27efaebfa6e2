package dev.lair.component.types;

import dev.lair.component.binary.PrimitiveType;

/** A value type: a primitive, or a definition. */
public sealed interface ValType permits ValType.Primitive, DefinedType {
    /** A type without parts. */
    record Primitive(PrimitiveType type) implements ValType {}

    /** What the type measures. */
    default Measure measure() {
        return switch (this) {
            case Primitive p -> Measure.of(p.type());
            case DefinedType d -> d.measure();
        };
    }
}
