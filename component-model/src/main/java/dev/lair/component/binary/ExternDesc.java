package dev.lair.component.binary;

/** The type of an import or export (Binary.md, externdesc). */
public sealed interface ExternDesc {
    /** A core module of a module type, by index in the core type index space. */
    record Module(int coreType) implements ExternDesc {}

    record Func(int type) implements ExternDesc {}

    record Value(ValRef type) implements ExternDesc {}

    /** A type that equals another one. */
    record TypeEq(int type) implements ExternDesc {}

    /** Some resource type. */
    record SubResource() implements ExternDesc {}

    record Instance(int type) implements ExternDesc {}

    record Component(int type) implements ExternDesc {}
}
