package dev.lair.component.types;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts resources in place of others throughout types (Explainer.md, "Type Checking": instantiation substitutes
 * imports
 * and makes defined resources anew). Nodes that are reached twice are substituted once, so what was one type stays
 * one;
 * what mentions none of the resources stays the same object.
 */
@SuppressWarnings("ReferenceEquality") // the question is always whether something else was put in place
public final class Substitution {
    private final Map<Resource, Resource> resources;
    private final IdentityHashMap<AnyType, AnyType> done = new IdentityHashMap<>();
    private final Map<ResourceType, ResourceType> names;
    private final boolean definitions;
    private final Work work;

    /** Replaces resources, whatever name they are reached by. */
    public Substitution(Map<Resource, Resource> resources, Work work) {
        this(resources, Map.of(), work);
    }

    /**
     * Replaces resources, and types under their names.
     *
     * @param types definitions and named resources by others of the same kind
     */
    public Substitution(Map<Resource, Resource> resources, Map<AnyType, AnyType> types, Work work) {
        this.resources = resources;
        this.work = work;
        names = new HashMap<>();
        types.forEach((from, to) -> {
            if (from instanceof ResourceType name && to instanceof ResourceType other) {
                names.put(name, other);
            } else {
                done.put(from, to);
            }
        });
        definitions = !done.isEmpty();
    }

    private boolean changesNothing() {
        return resources.isEmpty() && names.isEmpty() && !definitions;
    }

    /** Whether anything in a type of this measure may have to be replaced. */
    private boolean concerns(Measure measure) {
        return definitions || measure.resources();
    }

    /** What stands for a resource afterwards. */
    public Resource resource(Resource resource) {
        return resources.getOrDefault(resource, resource);
    }

    public Map<String, Entity.Item> items(Map<String, Entity.Item> items) throws TypeException {
        if (changesNothing()) {
            return items;
        }
        Map<String, Entity.Item> substituted = new LinkedHashMap<>();
        boolean changed = false;
        work.steps(items.size());
        for (Map.Entry<String, Entity.Item> entry : items.entrySet()) {
            Entity before = entry.getValue().entity();
            Entity after = entity(before);
            changed |= after != before;
            substituted.put(
                    entry.getKey(),
                    after == before
                            ? entry.getValue()
                            : new Entity.Item(entry.getValue().name(), after));
        }
        return changed ? substituted : items;
    }

    public Entity entity(Entity entity) throws TypeException {
        if (changesNothing() || !concerns(entity.measure())) {
            return entity;
        }
        work.step();
        switch (entity) {
            case Entity.Module e -> {
                return e;
            }
            case Entity.Func e -> {
                FuncType type = (FuncType) type(e.type());
                return type == e.type() ? e : new Entity.Func(type);
            }
            case Entity.Value e -> {
                ValType type = val(e.type());
                return type == e.type() ? e : new Entity.Value(type);
            }
            case Entity.Type e -> {
                AnyType referenced = type(e.referenced());
                AnyType created = type(e.created());
                boolean same = created == e.created() && referenced == e.referenced();
                return same ? e : new Entity.Type(created, referenced);
            }
            case Entity.Instance e -> {
                InstanceType type = (InstanceType) type(e.type());
                return type == e.type() ? e : new Entity.Instance(type);
            }
            case Entity.Component e -> {
                ComponentType type = (ComponentType) type(e.type());
                return type == e.type() ? e : new Entity.Component(type);
            }
        }
    }

    /** A type of the same kind. */
    public AnyType type(AnyType type) throws TypeException {
        if (changesNothing()) {
            return type;
        }
        if (type instanceof ResourceType resource) {
            return named(resource);
        }
        AnyType known = done.get(type);
        if (known != null) {
            return known;
        }
        AnyType substituted =
                switch (type) {
                    case ResourceType t -> throw new IllegalStateException();
                    case DefinedType t -> concerns(t.measure()) ? defined(t) : t;
                    case FuncType t -> concerns(t.measure()) ? func(t) : t;
                    case InstanceType t -> concerns(t.measure()) ? instance(t) : t;
                    case ComponentType t -> concerns(t.measure()) ? component(t) : t;
                };
        done.put(type, substituted);
        return substituted;
    }

    private ResourceType named(ResourceType type) throws TypeException {
        work.step();
        ResourceType other = names.get(type);
        if (other != null) {
            return other;
        }
        Resource resource = resource(type.resource());
        return resource == type.resource() ? type : new ResourceType(resource, type.name());
    }

    private @Nullable ValType optional(@Nullable ValType type) throws TypeException {
        return type == null ? null : val(type);
    }

    private ValType val(ValType type) throws TypeException {
        work.step();
        return switch (type) {
            case ValType.Primitive t -> t;
            case DefinedType t -> (DefinedType) type(t);
        };
    }

    /** Aliases of aliases may be many, so they are walked, not followed by recursion. */
    private DefinedType defined(DefinedType type) throws TypeException {
        Deque<DefinedType> chain = new ArrayDeque<>();
        DefinedType at = type;
        while (at != null && !done.containsKey(at)) {
            chain.push(at);
            at = at.aliasOf();
        }
        DefinedType original = at == null ? null : (DefinedType) done.get(at);
        for (DefinedType next : chain) {
            work.steps(1 + next.shape().parts());
            Shape shape = shape(next.shape());
            boolean same = shape == next.shape() && original == next.aliasOf();
            DefinedType substituted = same ? next : DefinedType.measured(shape, next.measure(), original);
            done.put(next, substituted);
            original = substituted;
        }
        return (DefinedType) Objects.requireNonNull(done.get(type));
    }

    private Shape shape(Shape shape) throws TypeException {
        Shape substituted =
                switch (shape) {
                    case Shape.Primitive s -> s;
                    case Shape.Flags s -> s;
                    case Shape.EnumOf s -> s;
                    case Shape.RecordOf s -> {
                        List<Shape.Field> fields = new ArrayList<>(s.fields().size());
                        for (Shape.Field field : s.fields()) {
                            fields.add(new Shape.Field(field.name(), val(field.type())));
                        }
                        yield new Shape.RecordOf(fields);
                    }
                    case Shape.Variant s -> {
                        List<Shape.Case> cases = new ArrayList<>(s.cases().size());
                        for (Shape.Case c : s.cases()) {
                            cases.add(new Shape.Case(c.name(), optional(c.type())));
                        }
                        yield new Shape.Variant(cases);
                    }
                    case Shape.Tuple s -> {
                        List<ValType> types = new ArrayList<>(s.types().size());
                        for (ValType type : s.types()) {
                            types.add(val(type));
                        }
                        yield new Shape.Tuple(types);
                    }
                    case Shape.ListOf s -> new Shape.ListOf(val(s.element()));
                    case Shape.FixedList s -> new Shape.FixedList(val(s.element()), s.length());
                    case Shape.MapOf s -> new Shape.MapOf(val(s.key()), val(s.value()));
                    case Shape.Option s -> new Shape.Option(val(s.type()));
                    case Shape.Result s -> new Shape.Result(optional(s.ok()), optional(s.error()));
                    case Shape.Own s -> new Shape.Own(named(s.resource()));
                    case Shape.Borrow s -> new Shape.Borrow(named(s.resource()));
                    case Shape.Stream s -> new Shape.Stream(optional(s.element()));
                    case Shape.Future s -> new Shape.Future(optional(s.element()));
                };
        // Shapes compare by the identity of their parts, so equal means that nothing was put in place of anything.
        return substituted.equals(shape) ? shape : substituted;
    }

    private FuncType func(FuncType type) throws TypeException {
        boolean changed = false;
        List<FuncType.Param> params = new ArrayList<>(type.params().size());
        for (FuncType.Param param : type.params()) {
            ValType after = val(param.type());
            changed |= after != param.type();
            params.add(new FuncType.Param(param.name(), after));
        }
        ValType result = optional(type.result());
        changed |= result != type.result();
        return changed ? new FuncType(type.isAsync(), params, result) : type;
    }

    private InstanceType instance(InstanceType type) throws TypeException {
        Map<String, Entity.Item> exports = items(type.exports());
        Map<Resource, List<String>> explicit = paths(type.explicit());
        boolean same = exports == type.exports() && explicit.equals(type.explicit());
        return same ? type : new InstanceType(exports, type.defined(), explicit);
    }

    private ComponentType component(ComponentType type) throws TypeException {
        Map<String, Entity.Item> imports = items(type.imports());
        Map<String, Entity.Item> exports = items(type.exports());
        Map<Resource, List<String>> explicit = paths(type.explicit());
        boolean same = imports == type.imports() && exports == type.exports() && explicit.equals(type.explicit());
        return same ? type : new ComponentType(imports, exports, type.imported(), type.defined(), explicit);
    }

    /** The same paths, of the resources that stand for others now. */
    public Map<Resource, List<String>> paths(Map<Resource, List<String>> paths) throws TypeException {
        work.steps(paths.size());
        Map<Resource, List<String>> substituted = new LinkedHashMap<>();
        paths.forEach((resource, path) -> substituted.put(resource(resource), path));
        return substituted;
    }
}
