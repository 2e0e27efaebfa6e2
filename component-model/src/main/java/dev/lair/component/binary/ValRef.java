package dev.lair.component.binary;

/** A value type where one is used: a primitive, or the index of a type definition (Binary.md, valtype). */
public sealed interface ValRef {
    /** A type without parts. */
    record Primitive(PrimitiveType type) implements ValRef {}

    /** A defined value type, by its index in the type index space. */
    record Index(int index) implements ValRef {}
}
