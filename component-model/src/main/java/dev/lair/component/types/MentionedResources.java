package dev.lair.component.types;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resources that types mention and do not themselves declare: their free variables. A declared resource is an
 * object
 * of its own, so no other type can mention it, and it is enough to take the declared ones off in the end.
 */
public final class MentionedResources {
    private final Set<Resource> mentioned = new HashSet<>();
    private final Set<Resource> declared = new HashSet<>();
    private final Set<AnyType> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<AnyType> next = new ArrayDeque<>();
    private final Work work;

    public MentionedResources(Work work) {
        this.work = work;
    }

    /** Looks into a type too. */
    public MentionedResources of(AnyType type) throws TypeException {
        queue(type);
        drain();
        return this;
    }

    /** Looks into an entity too. */
    public MentionedResources of(Entity entity) throws TypeException {
        entity(entity);
        drain();
        return this;
    }

    /** The resources that are mentioned and not declared by what was looked into. */
    public Set<Resource> free() {
        Set<Resource> free = new HashSet<>(mentioned);
        free.removeAll(declared);
        return free;
    }

    private void drain() throws TypeException {
        for (AnyType type = next.poll(); type != null; type = next.poll()) {
            work.step();
            switch (type) {
                case ResourceType t -> mentioned.add(t.resource());
                case DefinedType t -> {
                    work.steps(t.shape().parts());
                    shape(t.shape());
                }
                case FuncType t -> {
                    work.steps(t.params().size());
                    t.params().forEach(param -> val(param.type()));
                    val(t.result());
                }
                case InstanceType t -> {
                    work.steps(t.defined().size() + t.exports().size());
                    declared.addAll(t.defined());
                    t.exports().values().forEach(item -> entity(item.entity()));
                }
                case ComponentType t -> {
                    work.steps(t.imported().size() + t.defined().size());
                    work.steps(t.imports().size() + t.exports().size());
                    declared.addAll(t.imported().keySet());
                    declared.addAll(t.defined().keySet());
                    t.imports().values().forEach(item -> entity(item.entity()));
                    t.exports().values().forEach(item -> entity(item.entity()));
                }
            }
        }
    }

    private void entity(Entity entity) {
        switch (entity) {
            case Entity.Module e -> {}
            case Entity.Func e -> queue(e.type());
            case Entity.Value e -> val(e.type());
            case Entity.Type e -> queue(e.created());
            case Entity.Instance e -> queue(e.type());
            case Entity.Component e -> queue(e.type());
        }
    }

    private void queue(AnyType type) {
        boolean mentions =
                switch (type) {
                    case ResourceType t -> true;
                    case DefinedType t -> t.measure().resources();
                    case FuncType t -> t.measure().resources();
                    case InstanceType t -> t.measure().resources();
                    case ComponentType t -> t.measure().resources();
                };
        if (mentions && (type instanceof ResourceType || seen.add(type))) {
            next.add(type);
        }
    }

    private void val(@Nullable ValType type) {
        if (type instanceof DefinedType defined) {
            queue(defined);
        }
    }

    private void shape(Shape shape) {
        switch (shape) {
            case Shape.Primitive s -> {}
            case Shape.Flags s -> {}
            case Shape.EnumOf s -> {}
            case Shape.RecordOf s -> s.fields().forEach(field -> val(field.type()));
            case Shape.Variant s -> s.cases().forEach(c -> val(c.type()));
            case Shape.Tuple s -> s.types().forEach(this::val);
            case Shape.ListOf s -> val(s.element());
            case Shape.FixedList s -> val(s.element());
            case Shape.MapOf s -> {
                val(s.key());
                val(s.value());
            }
            case Shape.Option s -> val(s.type());
            case Shape.Result s -> {
                val(s.ok());
                val(s.error());
            }
            case Shape.Own s -> mentioned.add(s.resource().resource());
            case Shape.Borrow s -> mentioned.add(s.resource().resource());
            case Shape.Stream s -> val(s.element());
            case Shape.Future s -> val(s.element());
        }
    }
}
