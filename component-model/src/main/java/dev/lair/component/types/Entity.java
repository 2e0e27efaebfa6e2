package dev.lair.component.types;

import dev.lair.component.binary.RawName;

/** The type of something that is imported or exported. */
public sealed interface Entity {
    record Module(ModuleType type) implements Entity {}

    record Func(FuncType type) implements Entity {}

    record Value(ValType type) implements Entity {}

    /**
     * A type.
     *
     * @param created the type under its new name
     * @param referenced the type that it equals; the same as {@code created} for a new resource
     */
    record Type(AnyType created, AnyType referenced) implements Entity {}

    record Instance(InstanceType type) implements Entity {}

    record Component(ComponentType type) implements Entity {}

    /** An import or export under its name. */
    record Item(RawName name, Entity entity) {}

    /** The word for error messages. */
    default String label() {
        return switch (this) {
            case Module e -> "module";
            case Func e -> "func";
            case Value e -> "value";
            case Type e -> e.created().label();
            case Instance e -> "instance";
            case Component e -> "component";
        };
    }

    /** What the entity measures. */
    default Measure measure() {
        return switch (this) {
            case Module e -> e.type().measure();
            case Func e -> e.type().measure();
            case Value e -> e.type().measure();
            case Type e ->
                switch (e.created()) {
                    case DefinedType t -> t.measure();
                    case FuncType t -> t.measure();
                    case InstanceType t -> t.measure();
                    case ComponentType t -> t.measure();
                    case ResourceType t -> Measure.leaf().withResources(false);
                };
            case Instance e -> e.type().measure();
            case Component e -> e.type().measure();
        };
    }
}
