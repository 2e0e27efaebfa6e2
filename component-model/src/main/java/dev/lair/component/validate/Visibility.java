package dev.lair.component.validate;

import dev.lair.component.types.AnyType;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import dev.lair.component.types.Work;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a type that is imported or exported mentions only types that have a name there (Explainer.md, "external
 * visibility of types"): records, variants, enums, flags and resources need one, the others are seen through.
 */
final class Visibility {
    private final Set<AnyType> named;
    private final Work work;
    private final Deque<ValType> open = new ArrayDeque<>();

    Visibility(Set<AnyType> named, Work work) {
        this.named = named;
        this.work = work;
    }

    /** Whether all parts of the entity's type are named, the type itself aside. */
    boolean of(Entity entity) throws TypeException {
        return switch (entity) {
            case Entity.Module e -> true;
            case Entity.Component e -> true; // was checked when it was defined
            case Entity.Func e -> type(e.type());
            case Entity.Value e -> parts(e.type());
            case Entity.Type e -> type(e.referenced());
            case Entity.Instance e -> type(e.type());
        };
    }

    private boolean type(AnyType type) throws TypeException {
        return switch (type) {
            case ResourceType t -> true;
            case ComponentType t -> true;
            case DefinedType t -> {
                work.steps(t.shape().parts());
                yield shape(t.shape()) && drain();
            }
            case FuncType t -> {
                for (FuncType.Param param : t.params()) {
                    open.push(param.type());
                }
                add(t.result());
                yield drain();
            }
            case InstanceType t -> {
                for (Entity.Item item : t.exports().values()) {
                    work.step();
                    if (!of(item.entity())) {
                        yield false;
                    }
                }
                yield true;
            }
        };
    }

    private boolean parts(ValType type) throws TypeException {
        open.push(type);
        return drain();
    }

    private boolean drain() throws TypeException {
        while (!open.isEmpty()) {
            work.step();
            if (open.pop() instanceof DefinedType type) {
                work.steps(named.contains(type) ? 0 : type.shape().parts());
                if (!isNamed(type)) {
                    open.clear();
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isNamed(DefinedType type) {
        return switch (type.shape()) {
            case Shape.RecordOf s -> named.contains(type);
            case Shape.Variant s -> named.contains(type);
            case Shape.Flags s -> named.contains(type);
            case Shape.EnumOf s -> named.contains(type);
            case Shape.Primitive s -> true;
            case Shape.ListOf s -> named.contains(type) || shape(s);
            case Shape.FixedList s -> named.contains(type) || shape(s);
            case Shape.MapOf s -> named.contains(type) || shape(s);
            case Shape.Tuple s -> named.contains(type) || shape(s);
            case Shape.Option s -> named.contains(type) || shape(s);
            case Shape.Result s -> named.contains(type) || shape(s);
            case Shape.Own s -> shape(s);
            case Shape.Borrow s -> shape(s);
            case Shape.Stream s -> named.contains(type) || shape(s);
            case Shape.Future s -> named.contains(type) || shape(s);
        };
    }

    /** Queues the parts of a shape; false when a resource has no name. */
    private boolean shape(Shape shape) {
        switch (shape) {
            case Shape.Primitive s -> {}
            case Shape.Flags s -> {}
            case Shape.EnumOf s -> {}
            case Shape.RecordOf s -> s.fields().forEach(field -> open.push(field.type()));
            case Shape.Variant s -> s.cases().forEach(c -> add(c.type()));
            case Shape.Tuple s -> s.types().forEach(open::push);
            case Shape.ListOf s -> open.push(s.element());
            case Shape.FixedList s -> open.push(s.element());
            case Shape.MapOf s -> {
                open.push(s.key());
                open.push(s.value());
            }
            case Shape.Option s -> open.push(s.type());
            case Shape.Result s -> {
                add(s.ok());
                add(s.error());
            }
            case Shape.Own s -> {
                return named.contains(s.resource());
            }
            case Shape.Borrow s -> {
                return named.contains(s.resource());
            }
            case Shape.Stream s -> add(s.element());
            case Shape.Future s -> add(s.element());
        }
        return true;
    }

    private void add(@Nullable ValType type) {
        if (type != null) {
            open.push(type);
        }
    }
}
