package dev.lair.component.wit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type where it is used. Named types are references, so a value is as large as what one place of a text spells out.
 */
public sealed interface WitType
        permits Primitive,
                WitType.Named,
                WitType.Own,
                WitType.Borrow,
                WitType.ListOf,
                WitType.FixedList,
                WitType.MapOf,
                WitType.Tuple,
                WitType.Option,
                WitType.Result,
                WitType.Future,
                WitType.Stream {

    /** A named type that is no resource; in an alias also a resource: {@code type a = r}. */
    record Named(TypeName name) implements WitType {}

    /** An owned handle. Text writes {@code r} or {@code own<r>}. */
    record Own(TypeName resource) implements WitType {}

    record Borrow(TypeName resource) implements WitType {}

    record ListOf(WitType element) implements WitType {}

    /** {@code list<T, n>}; the length is unsigned 32-bit and not 0. */
    record FixedList(WitType element, long length) implements WitType {}

    record MapOf(WitType key, WitType value) implements WitType {}

    record Tuple(List<WitType> types) implements WitType {
        public Tuple {
            types = List.copyOf(types);
        }
    }

    record Option(WitType some) implements WitType {}

    record Result(@Nullable WitType ok, @Nullable WitType err) implements WitType {}

    record Future(@Nullable WitType payload) implements WitType {}

    record Stream(@Nullable WitType payload) implements WitType {}

    /** The types directly inside this one, in order. */
    default List<WitType> parts() {
        return switch (this) {
            case Primitive p -> List.of();
            case Named n -> List.of();
            case Own o -> List.of();
            case Borrow b -> List.of();
            case ListOf l -> List.of(l.element());
            case FixedList l -> List.of(l.element());
            case MapOf m -> List.of(m.key(), m.value());
            case Tuple t -> t.types();
            case Option o -> List.of(o.some());
            case Result r -> present(r.ok(), r.err());
            case Future f -> present(f.payload(), null);
            case Stream s -> present(s.payload(), null);
        };
    }

    private static List<WitType> present(@Nullable WitType first, @Nullable WitType second) {
        if (first == null) {
            return second == null ? List.of() : List.of(second);
        }
        return second == null ? List.of(first) : List.of(first, second);
    }
}
