package dev.lair.component.types;

/** What a type index of a component can stand for. */
public sealed interface AnyType permits DefinedType, FuncType, InstanceType, ComponentType, ResourceType {
    /** The words for error messages. */
    default String label() {
        return switch (this) {
            case DefinedType t -> "defined type";
            case FuncType t -> "func";
            case InstanceType t -> "instance";
            case ComponentType t -> "component";
            case ResourceType t -> "resource";
        };
    }
}
