package dev.lair.component.types;

import dev.lair.component.binary.PrimitiveType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a defined value type consists of. Equality of shapes is that of their parts' identities. */
public sealed interface Shape {
    record Primitive(PrimitiveType type) implements Shape {}

    record RecordOf(List<Field> fields) implements Shape {}

    record Field(String name, ValType type) {}

    record Variant(List<Case> cases) implements Shape {}

    record Case(String name, @Nullable ValType type) {}

    record ListOf(ValType element) implements Shape {}

    record FixedList(ValType element, long length) implements Shape {}

    record MapOf(ValType key, ValType value) implements Shape {}

    record Tuple(List<ValType> types) implements Shape {}

    record Flags(List<String> names) implements Shape {}

    record EnumOf(List<String> names) implements Shape {}

    record Option(ValType type) implements Shape {}

    record Result(@Nullable ValType ok, @Nullable ValType error) implements Shape {}

    record Own(ResourceType resource) implements Shape {}

    record Borrow(ResourceType resource) implements Shape {}

    record Stream(@Nullable ValType element) implements Shape {}

    record Future(@Nullable ValType element) implements Shape {}

    /** How many parts it has: what it costs to walk over them. */
    default int parts() {
        return switch (this) {
            case RecordOf s -> s.fields().size();
            case Variant s -> s.cases().size();
            case Tuple s -> s.types().size();
            case Flags s -> s.names().size();
            case EnumOf s -> s.names().size();
            case MapOf s -> 2;
            case Result s -> 2;
            case ListOf s -> 1;
            case FixedList s -> 1;
            case Option s -> 1;
            case Stream s -> 1;
            case Future s -> 1;
            case Own s -> 1;
            case Borrow s -> 1;
            case Primitive s -> 0;
        };
    }

    /** The word for error messages. */
    default String label() {
        return switch (this) {
            case Primitive s -> s.type().keyword();
            case RecordOf s -> "record";
            case Variant s -> "variant";
            case ListOf s -> "list";
            case FixedList s -> "list of fixed length";
            case MapOf s -> "map";
            case Tuple s -> "tuple";
            case Flags s -> "flags";
            case EnumOf s -> "enum";
            case Option s -> "option";
            case Result s -> "result";
            case Own s -> "own";
            case Borrow s -> "borrow";
            case Stream s -> "stream";
            case Future s -> "future";
        };
    }
}
