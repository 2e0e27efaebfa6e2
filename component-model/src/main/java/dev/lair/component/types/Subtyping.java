package dev.lair.component.types;

import dev.lair.component.binary.PrimitiveType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether one type may stand where another is expected (Explainer.md, "Type Checking"; Subtyping.md). Instances may
 * export
 * more, components import less; value types have to be the same up to their names. Each check throws a
 * {@link TypeException} that says where the types part.
 */
public final class Subtyping {
    private final Work work;
    private final CoreSubtyping core;

    public Subtyping(Work work, CoreTypes coreTypes) {
        this.work = work;
        this.core = new CoreSubtyping(work, coreTypes);
    }

    /** Subtyping of core modules and what they import and export. */
    public CoreSubtyping core() {
        return core;
    }

    /**
     * Checks arguments against the items that expect them, and finds out what the expected resources are.
     *
     * @param arguments by name; there may be more than expected
     * @param expected the items
     * @param paths where among the items the resources are that the arguments determine
     * @param kind "import" or "export", for errors
     * @return what the expected resources and types are among the arguments
     */
    public Found satisfy(
            Map<String, Entity> arguments,
            Map<String, Entity.Item> expected,
            Map<Resource, List<String>> paths,
            String kind)
            throws TypeException {
        Map<Resource, Resource> found = new HashMap<>();
        for (Map.Entry<Resource, List<String>> entry : paths.entrySet()) {
            work.step();
            Resource resource = follow(arguments, entry.getValue());
            if (resource != null) {
                found.put(entry.getKey(), resource);
            }
        }
        Substitution substitution = new Substitution(found, work);
        for (Map.Entry<String, Entity.Item> entry : expected.entrySet()) {
            Entity argument = arguments.get(entry.getKey());
            if (argument == null) {
                throw new TypeException("missing " + kind + " named `" + entry.getKey() + "`");
            }
            try {
                entity(argument, substitution.entity(entry.getValue().entity()));
            } catch (TypeException e) {
                throw e.within("type mismatch for " + kind + " `" + entry.getKey() + "`");
            }
        }
        Map<AnyType, AnyType> types = new HashMap<>();
        for (Map.Entry<String, Entity.Item> entry : expected.entrySet()) {
            Entity argument = arguments.get(entry.getKey());
            if (argument != null) {
                types(argument, entry.getValue().entity(), types);
            }
        }
        return new Found(found, types);
    }

    /**
     * What arguments give.
     *
     * @param resources for each resource that was looked for
     * @param types for each type under its expected name
     */
    public record Found(Map<Resource, Resource> resources, Map<AnyType, AnyType> types) {}

    private void types(Entity argument, Entity expected, Map<AnyType, AnyType> types) throws TypeException {
        work.step();
        if (argument instanceof Entity.Type found && expected instanceof Entity.Type named) {
            types.putIfAbsent(named.created(), found.created());
        } else if (argument instanceof Entity.Instance found && expected instanceof Entity.Instance named) {
            for (Map.Entry<String, Entity.Item> entry : named.type().exports().entrySet()) {
                Entity export = found.type().export(entry.getKey());
                if (export != null) {
                    types(export, entry.getValue().entity(), types);
                }
            }
        }
    }

    /** The resource type at a path of names, or null when there is none. */
    private static @Nullable Resource follow(Map<String, Entity> items, List<String> path) {
        Entity at = items.get(path.get(0));
        for (String name : path.subList(1, path.size())) {
            at = at instanceof Entity.Instance instance ? instance.type().export(name) : null;
        }
        return at instanceof Entity.Type type && type.created() instanceof ResourceType resource
                ? resource.resource()
                : null;
    }

    private static Map<String, Entity> entities(Map<String, Entity.Item> items) {
        Map<String, Entity> entities = new LinkedHashMap<>();
        items.forEach((name, item) -> entities.put(name, item.entity()));
        return entities;
    }

    /** Checks that {@code a} may stand where {@code b} is expected. */
    public void entity(Entity a, Entity b) throws TypeException {
        work.step();
        switch (b) {
            case Entity.Module expected
            when a instanceof Entity.Module found -> core.module(found.type(), expected.type());
            case Entity.Func expected when a instanceof Entity.Func found -> func(found.type(), expected.type());
            case Entity.Value expected when a instanceof Entity.Value found -> val(found.type(), expected.type());
            case Entity.Type expected when a instanceof Entity.Type found -> type(found.created(), expected.created());
            case Entity.Instance expected
            when a instanceof Entity.Instance found -> instance(found.type(), expected.type());
            case Entity.Component expected
            when a instanceof Entity.Component found -> component(found.type(), expected.type());
            default -> throw new TypeException("expected " + b.label() + ", found " + a.label());
        }
    }

    private void type(AnyType a, AnyType b) throws TypeException {
        switch (b) {
            case ResourceType expected when a instanceof ResourceType found -> resource(found, expected);
            case DefinedType expected when a instanceof DefinedType found -> val(found, expected);
            case FuncType expected when a instanceof FuncType found -> func(found, expected);
            case InstanceType expected when a instanceof InstanceType found -> instance(found, expected);
            case ComponentType expected when a instanceof ComponentType found -> component(found, expected);
            default -> throw new TypeException("expected " + b.label() + ", found " + a.label());
        }
    }

    private static void resource(ResourceType a, ResourceType b) throws TypeException {
        if (a.resource() != b.resource()) {
            throw new TypeException("resource types are not the same");
        }
    }

    private void instance(InstanceType a, InstanceType b) throws TypeException {
        if (a == b) {
            return;
        }
        Map<Resource, List<String>> paths = new LinkedHashMap<>(b.explicit());
        paths.keySet().retainAll(b.defined());
        satisfy(entities(a.exports()), b.exports(), paths, "instance export");
    }

    private void component(ComponentType a, ComponentType b) throws TypeException {
        if (a == b) {
            return;
        }
        Found imported = satisfy(entities(b.imports()), a.imports(), a.imported(), "import");
        Map<String, Entity.Item> exports = new Substitution(imported.resources(), work).items(a.exports());
        satisfy(entities(exports), b.exports(), b.defined(), "export");
    }

    private void func(FuncType a, FuncType b) throws TypeException {
        if (a == b) {
            return;
        }
        if (a.isAsync() != b.isAsync()) {
            throw new TypeException("expected " + (b.isAsync() ? "an async" : "a synchronous") + " function");
        }
        if (a.params().size() != b.params().size()) {
            throw new TypeException("expected " + b.params().size() + " parameters, found "
                    + a.params().size());
        }
        for (int i = 0; i < a.params().size(); i++) {
            FuncType.Param found = a.params().get(i);
            FuncType.Param expected = b.params().get(i);
            if (!found.name().equals(expected.name())) {
                throw new TypeException(
                        "expected parameter named `" + expected.name() + "`, found `" + found.name() + "`");
            }
            try {
                val(expected.type(), found.type());
            } catch (TypeException e) {
                throw e.within("type mismatch in function parameter `" + found.name() + "`");
            }
        }
        optional(a.result(), b.result(), "with result type");
    }

    private void optional(@Nullable ValType a, @Nullable ValType b, String place) throws TypeException {
        if (a == null && b == null) {
            return;
        }
        if (a == null || b == null) {
            throw new TypeException("type mismatch " + place + ": expected " + (b == null ? "no type" : "a type"));
        }
        try {
            val(a, b);
        } catch (TypeException e) {
            throw e.within("type mismatch " + place);
        }
    }

    /** Checks that a value of type {@code a} may stand where one of type {@code b} is expected. */
    @SuppressWarnings("ReferenceEquality") // definitions have no other equality
    public void val(ValType a, ValType b) throws TypeException {
        work.step();
        if (a == b) {
            return;
        }
        PrimitiveType found = primitive(a);
        PrimitiveType expected = primitive(b);
        if (found != null || expected != null) {
            if (found != expected) {
                throw new TypeException("expected " + label(b) + ", found " + label(a));
            }
            return;
        }
        Shape expectedShape = ((DefinedType) b).shape();
        work.steps(expectedShape.parts());
        shape(((DefinedType) a).shape(), expectedShape);
    }

    private static @Nullable PrimitiveType primitive(ValType type) {
        return switch (type) {
            case ValType.Primitive t -> t.type();
            case DefinedType t -> t.primitive();
        };
    }

    private static String label(ValType type) {
        return switch (type) {
            case ValType.Primitive t -> t.type().keyword();
            case DefinedType t -> t.shape().label();
        };
    }

    private void shape(Shape a, Shape b) throws TypeException {
        switch (b) {
            case Shape.RecordOf expected when a instanceof Shape.RecordOf found -> record(found, expected);
            case Shape.Variant expected when a instanceof Shape.Variant found -> variant(found, expected);
            case Shape.ListOf expected when a instanceof Shape.ListOf found -> val(found.element(), expected.element());
            case Shape.FixedList expected
            when a instanceof Shape.FixedList found -> {
                if (found.length() != expected.length()) {
                    throw new TypeException(
                            "expected a list of length " + expected.length() + ", found " + found.length());
                }
                val(found.element(), expected.element());
            }
            case Shape.MapOf expected
            when a instanceof Shape.MapOf found -> {
                val(found.key(), expected.key());
                val(found.value(), expected.value());
            }
            case Shape.Tuple expected when a instanceof Shape.Tuple found -> tuple(found, expected);
            case Shape.Flags expected
            when a instanceof Shape.Flags found -> names(found.names(), expected.names(), "flags");
            case Shape.EnumOf expected
            when a instanceof Shape.EnumOf found -> names(found.names(), expected.names(), "enum");
            case Shape.Option expected when a instanceof Shape.Option found -> val(found.type(), expected.type());
            case Shape.Result expected
            when a instanceof Shape.Result found -> {
                optional(found.ok(), expected.ok(), "in ok variant");
                optional(found.error(), expected.error(), "in err variant");
            }
            case Shape.Own expected
            when a instanceof Shape.Own found -> resource(found.resource(), expected.resource());
            case Shape.Borrow expected
            when a instanceof Shape.Borrow found -> resource(found.resource(), expected.resource());
            case Shape.Stream expected
            when a instanceof Shape.Stream found -> optional(found.element(), expected.element(), "in stream");
            case Shape.Future expected
            when a instanceof Shape.Future found -> optional(found.element(), expected.element(), "in future");
            default -> throw new TypeException("expected " + b.label() + ", found " + a.label());
        }
    }

    private void record(Shape.RecordOf a, Shape.RecordOf b) throws TypeException {
        if (a.fields().size() != b.fields().size()) {
            throw new TypeException("expected " + b.fields().size() + " fields, found "
                    + a.fields().size());
        }
        for (int i = 0; i < a.fields().size(); i++) {
            Shape.Field found = a.fields().get(i);
            Shape.Field expected = b.fields().get(i);
            if (!found.name().equals(expected.name())) {
                throw new TypeException("expected field name `" + expected.name() + "`, found `" + found.name() + "`");
            }
            try {
                val(found.type(), expected.type());
            } catch (TypeException e) {
                throw e.within("type mismatch in record field `" + found.name() + "`");
            }
        }
    }

    private void variant(Shape.Variant a, Shape.Variant b) throws TypeException {
        if (a.cases().size() != b.cases().size()) {
            throw new TypeException("expected " + b.cases().size() + " cases, found "
                    + a.cases().size());
        }
        for (int i = 0; i < a.cases().size(); i++) {
            Shape.Case found = a.cases().get(i);
            Shape.Case expected = b.cases().get(i);
            if (!found.name().equals(expected.name())) {
                throw new TypeException(
                        "expected case named `" + expected.name() + "`, found case named `" + found.name() + "`");
            }
            optional(found.type(), expected.type(), "in variant case `" + found.name() + "`");
        }
    }

    private void tuple(Shape.Tuple a, Shape.Tuple b) throws TypeException {
        if (a.types().size() != b.types().size()) {
            throw new TypeException("expected " + b.types().size() + " types, found "
                    + a.types().size());
        }
        for (int i = 0; i < a.types().size(); i++) {
            try {
                val(a.types().get(i), b.types().get(i));
            } catch (TypeException e) {
                throw e.within("type mismatch in tuple field " + i);
            }
        }
    }

    private static void names(List<String> a, List<String> b, String what) throws TypeException {
        if (!a.equals(b)) {
            throw new TypeException("mismatch in " + what + " elements");
        }
    }
}
