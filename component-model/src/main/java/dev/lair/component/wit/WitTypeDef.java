package dev.lair.component.wit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A named type of an interface or world. */
public record WitTypeDef(TypeName id, Kind kind, Annotations annotations) {
    public String name() {
        return id.name();
    }

    /** The type of another interface that this one stands for: {@code use i.{t as u}}; null for any other type. */
    public @Nullable TypeName used() {
        return kind instanceof Alias alias
                        && alias.type() instanceof WitType.Named named
                        && !named.name().owner().equals(id.owner())
                ? named.name()
                : null;
    }

    /** What a type is. */
    public sealed interface Kind {}

    /** {@code type a = …}, and what {@code use} makes. */
    public record Alias(WitType type) implements Kind {}

    public record RecordOf(List<Field> fields) implements Kind {
        public RecordOf {
            fields = List.copyOf(fields);
        }
    }

    public record Variant(List<Case> cases) implements Kind {
        public Variant {
            cases = List.copyOf(cases);
        }
    }

    public record EnumOf(List<Label> cases) implements Kind {
        public EnumOf {
            cases = List.copyOf(cases);
        }
    }

    public record Flags(List<Label> flags) implements Kind {
        public Flags {
            flags = List.copyOf(flags);
        }
    }

    /** A resource; its functions are among those of its owner. */
    public record Resource() implements Kind {}

    public record Field(String name, WitType type, @Nullable String docs, Place place) {}

    public record Case(
            String name, @Nullable WitType type, @Nullable String docs, Place place) {}

    public record Label(String name, @Nullable String docs, Place place) {}
}
