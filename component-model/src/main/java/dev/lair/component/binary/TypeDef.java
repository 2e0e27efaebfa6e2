package dev.lair.component.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of the type section or a type declaration (Binary.md, "Type Definitions"), at a byte offset. */
public sealed interface TypeDef {
    long offset();

    /** A field or parameter. */
    record NamedVal(String name, ValRef type) {}

    /**
     * A case of a variant.
     *
     * @param type null for a case without payload
     */
    record Case(String name, @Nullable ValRef type) {}

    /** A value type with a definition of its own. */
    sealed interface Value extends TypeDef {}

    record Primitive(long offset, PrimitiveType type) implements Value {}

    record RecordOf(long offset, List<NamedVal> fields) implements Value {}

    record Variant(long offset, List<Case> cases) implements Value {}

    record ListOf(long offset, ValRef element) implements Value {}

    /**
     * A list of a length that the type fixes.
     *
     * @param length unsigned 32 bits
     */
    record FixedList(long offset, ValRef element, long length) implements Value {}

    record MapOf(long offset, ValRef key, ValRef value) implements Value {}

    record Tuple(long offset, List<ValRef> types) implements Value {}

    record Flags(long offset, List<String> names) implements Value {}

    record EnumOf(long offset, List<String> names) implements Value {}

    record Option(long offset, ValRef type) implements Value {}

    record Result(
            long offset, @Nullable ValRef ok, @Nullable ValRef error) implements Value {}

    record Own(long offset, int resource) implements Value {}

    record Borrow(long offset, int resource) implements Value {}

    record Stream(long offset, @Nullable ValRef element) implements Value {}

    record Future(long offset, @Nullable ValRef element) implements Value {}

    record Func(
            long offset,
            boolean isAsync,
            List<NamedVal> params,
            @Nullable ValRef result) implements TypeDef {}

    record Component(long offset, List<Decl> decls) implements TypeDef {}

    record Instance(long offset, List<Decl> decls) implements TypeDef {}

    /**
     * A new resource type.
     *
     * @param destructor index of a core function, or null
     */
    record Resource(long offset, CoreValType rep, @Nullable Integer destructor) implements TypeDef {}
}
