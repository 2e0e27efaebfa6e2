package dev.lair.component.wit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function.
 *
 * @param item the name as text has it; {@code constructor} for constructors
 * @param resource whose function it is; null exactly for free-standing ones
 * @param params with {@code self} first for methods
 */
public record WitFunction(
        String item,
        Kind kind,
        @Nullable TypeName resource,
        boolean async,
        List<Param> params,
        @Nullable WitType result,
        Annotations annotations) {
    /** What a function is called on. */
    public enum Kind {
        FREESTANDING,
        METHOD,
        STATIC,
        CONSTRUCTOR
    }

    public record Param(String name, WitType type, Place place) {}

    public WitFunction {
        params = List.copyOf(params);
    }

    /** The name in binaries: {@code f}, {@code [constructor]r}, {@code [method]r.f} or {@code [static]r.f}. */
    public String name() {
        if (resource == null) {
            return item;
        }
        return switch (kind) {
            case FREESTANDING -> item;
            case CONSTRUCTOR -> "[constructor]" + resource.name();
            case METHOD -> "[method]" + resource.name() + '.' + item;
            case STATIC -> "[static]" + resource.name() + '.' + item;
        };
    }
}
