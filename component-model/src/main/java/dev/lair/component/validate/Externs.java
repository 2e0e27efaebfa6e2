package dev.lair.component.validate;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.ExternDesc;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.RawName;
import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.names.UniqueNames;
import dev.lair.component.types.AnyType;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.Resource;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.Substitution;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Imports and exports of a scope: their names, their types, and the indices that they add (Explainer.md). */
final class Externs {
    enum Side {
        IMPORT("import"),
        EXPORT("export");

        final String label;

        Side(String label) {
            this.label = label;
        }
    }

    private final Pass pass;
    private final TypeBuilder types;

    Externs(Pass pass, TypeBuilder types) {
        this.pass = pass;
        this.types = types;
    }

    /** The entity that a description stands for. */
    Entity entity(Scope scope, ExternDesc desc) throws InvalidComponentException {
        return switch (desc) {
            case ExternDesc.Module d ->
                switch (scope.coreType(d.coreType())) {
                    case Scope.CoreTypeEntry.Module type -> new Entity.Module(type.type());
                    case Scope.CoreTypeEntry.Type type ->
                        throw pass.invalid("core type index " + d.coreType() + " is not a module type");
                };
            case ExternDesc.Func d -> new Entity.Func(scope.funcType(d.type()));
            case ExternDesc.Value d -> {
                pass.require(Feature.VALUES, "a value");
                yield new Entity.Value(types.val(scope, d.type()));
            }
            case ExternDesc.TypeEq d -> {
                AnyType type = scope.type(d.type());
                yield new Entity.Type(renamed(type), type);
            }
            case ExternDesc.SubResource d -> {
                ResourceType type = ResourceType.fresh();
                yield new Entity.Type(type, type);
            }
            case ExternDesc.Instance d -> new Entity.Instance(scope.instanceType(d.type()));
            case ExternDesc.Component d -> new Entity.Component(scope.componentType(d.type()));
        };
    }

    /** The same type as a definition of its own. */
    static AnyType renamed(AnyType type) {
        return switch (type) {
            case DefinedType t -> t.renamed();
            case ResourceType t -> t.renamed();
            case FuncType t -> t;
            case InstanceType t -> t;
            case ComponentType t -> t;
        };
    }

    /** Declares an import or export: checks it and adds it to its index space. */
    void declare(Scope scope, Side side, RawName raw, Entity described)
            throws InvalidComponentException, TypeException {
        ExternName name = name(raw, side, described);
        Entity entity = described instanceof Entity.Instance instance
                ? new Entity.Instance(
                        side == Side.IMPORT
                                ? importedInstance(scope, raw.text(), instance.type())
                                : exportedInstance(scope, raw.text(), instance.type()))
                : described;
        push(scope, side, entity);
        if (entity instanceof Entity.Type type && type.created() instanceof ResourceType resource) {
            resource(scope, side, raw.text(), resource, type.created().equals(type.referenced()));
        }
        if (!visible(scope, side, entity)) {
            throw pass.invalid(entity.label() + " not valid to be used as " + side.label
                    + ": it mentions a type without a name here");
        }
        boolean importing = side == Side.IMPORT;
        function(name, side, entity, importing ? scope.importedNames : scope.exportedNames);
        unique(name, side, importing ? scope.importNames : scope.exportNames);
        (importing ? scope.imports : scope.exports).put(raw.text(), new Entity.Item(raw, entity));
    }

    /** Parses a name and checks its attributes. */
    ExternName name(RawName raw, Side side, Entity entity) throws InvalidComponentException {
        ExternName name = parse(raw, side.label + " name `" + raw.text() + "` is not a valid extern name");
        if (name instanceof ExternName.Dependency && side == Side.EXPORT) {
            throw pass.invalid("name `" + raw.text() + "` is not a valid export name");
        }
        String implementsName = raw.implementsName();
        if (implementsName != null) {
            pass.require(Feature.IMPLEMENTS, "an `implements` attribute");
            RawName other = RawName.plain(implementsName);
            if (!(parse(other, "`" + implementsName + "` is not a valid name") instanceof ExternName.InterfaceName)) {
                throw pass.invalid("name `" + implementsName + "` must be an interface");
            }
            if (!(name instanceof ExternName.Label)) {
                throw pass.invalid("name `" + raw.text() + "` is not valid with `implements`");
            }
            instanceOnly(entity, "an `implements`");
        }
        if (raw.versionSuffix() != null) {
            pass.require(Feature.CANONICAL_NAMES, "a `versionsuffix` attribute");
            if (!(name instanceof ExternName.InterfaceName)) {
                throw pass.invalid("name `" + raw.text() + "` is not valid with `versionsuffix`");
            }
            instanceOnly(entity, "a `versionsuffix`");
        }
        if (raw.externalId() != null) {
            pass.require(Feature.EXTERNAL_ID, "an `external-id` attribute");
        }
        return name;
    }

    private void instanceOnly(Entity entity, String what) throws InvalidComponentException {
        if (!(entity instanceof Entity.Instance)) {
            throw pass.invalid("only instances can have " + what);
        }
    }

    private ExternName parse(RawName raw, String refusal) throws InvalidComponentException {
        try {
            return ExternName.parse(raw.text(), pass.features.has(Feature.NESTED_NAMES), raw.versionSuffix());
        } catch (InvalidNameException e) {
            throw pass.invalid(refusal + ": " + e.getMessage());
        }
    }

    /** Refuses a name that conflicts with an earlier one. */
    void unique(ExternName name, Side side, UniqueNames names) throws InvalidComponentException {
        ExternName previous = names.add(name);
        if (previous != null) {
            throw pass.invalid(
                    side.label + " name `" + name.text() + "` conflicts with previous name `" + previous.text() + "`");
        }
    }

    private void push(Scope scope, Side side, Entity entity) throws InvalidComponentException {
        switch (entity) {
            case Entity.Module e ->
                scope.push(scope.coreModules, e.type(), ComponentLimits.NESTED_DEFINITIONS, "modules");
            case Entity.Func e -> scope.push(scope.funcs, e.type(), ComponentLimits.FUNCTIONS, "functions");
            case Entity.Value e -> {
                boolean used = side == Side.EXPORT || scope.kind != Scope.Kind.COMPONENT;
                scope.push(scope.values, new Scope.Value(e.type(), used), ComponentLimits.VALUES, "values");
            }
            case Entity.Type e -> scope.pushType(e.created());
            case Entity.Instance e ->
                scope.push(scope.instances, e.type(), ComponentLimits.NESTED_DEFINITIONS, "instances");
            case Entity.Component e ->
                scope.push(scope.components, e.type(), ComponentLimits.NESTED_DEFINITIONS, "components");
        }
    }

    private void resource(Scope scope, Side side, String name, ResourceType type, boolean introduced) {
        Resource resource = type.resource();
        switch (side) {
            case IMPORT -> {
                if (introduced) {
                    scope.importedResources.put(resource, List.of(name));
                }
                scope.importedNames.register(name, type);
            }
            case EXPORT -> {
                if (introduced) {
                    scope.definedResources.put(resource, null);
                }
                scope.explicitResources.putIfAbsent(resource, List.of(name));
                scope.exportedNames.register(name, type);
            }
        }
    }

    /** An import of an instance makes the resources that its type declares anew, as resources of the importer. */
    private InstanceType importedInstance(Scope scope, String name, InstanceType type) throws TypeException {
        if (type.defined().isEmpty()) {
            return type;
        }
        Map<Resource, Resource> fresh = new HashMap<>();
        pass.work.steps(type.defined().size());
        for (Resource old : type.defined()) {
            Resource resource = new Resource();
            fresh.put(old, resource);
            scope.importedResources.put(resource, below(name, type, old));
        }
        return substituted(type, fresh);
    }

    /** An export of an instance makes its resources those of the exporter. */
    private InstanceType exportedInstance(Scope scope, String name, InstanceType type) throws TypeException {
        InstanceType exported = type;
        if (!type.defined().isEmpty()) {
            Map<Resource, Resource> fresh = new HashMap<>();
            for (Resource old : type.defined()) {
                Resource resource = new Resource();
                fresh.put(old, resource);
                scope.definedResources.put(resource, null);
            }
            exported = substituted(type, fresh);
        }
        pass.work.steps(exported.explicit().size());
        for (Resource resource : exported.explicit().keySet()) {
            scope.explicitResources.putIfAbsent(resource, below(name, exported, resource));
        }
        return exported;
    }

    private InstanceType substituted(InstanceType type, Map<Resource, Resource> fresh) throws TypeException {
        Substitution substitution = new Substitution(fresh, pass.work);
        return new InstanceType(substitution.items(type.exports()), List.of(), substitution.paths(type.explicit()));
    }

    /** The path of a resource that an instance under this name exports. */
    static List<String> below(String name, InstanceType type, Resource resource) {
        List<String> path = new ArrayList<>();
        path.add(name);
        path.addAll(type.explicit().getOrDefault(resource, List.of()));
        return List.copyOf(path);
    }

    /** Whether all types that the entity mentions have a name; then its own types have one too. */
    private boolean visible(Scope scope, Side side, Entity entity) throws TypeException {
        if (scope.kind == Scope.Kind.INSTANCE_TYPE) {
            return true; // an instance type is looked at where an instance of it is imported or exported
        }
        switch (entity) {
            case Entity.Instance instance -> {
                for (Entity.Item item : instance.type().exports().values()) {
                    pass.work.step();
                    if (!visible(scope, side, item.entity())) {
                        return false;
                    }
                }
                return true;
            }
            case Entity.Type type -> {
                if (!new Visibility(named(scope, side), pass.work).of(entity)) {
                    return false;
                }
                if (side == Side.IMPORT) {
                    scope.importedTypes.add(type.created());
                }
                scope.exportedTypes.add(type.created());
                return true;
            }
            case Entity.Module e -> {
                return true;
            }
            case Entity.Component e -> {
                return true;
            }
            case Entity.Func e -> {
                return new Visibility(named(scope, side), pass.work).of(entity);
            }
            case Entity.Value e -> {
                return new Visibility(named(scope, side), pass.work).of(entity);
            }
        }
    }

    private static Set<AnyType> named(Scope scope, Side side) {
        return side == Side.IMPORT ? scope.importedTypes : scope.exportedTypes;
    }

    /** Functions with annotated names have to fit the resource that the name tells. */
    void function(ExternName name, Side side, Entity entity, Scope.ResourceNames resources)
            throws InvalidComponentException {
        String refusal = side.label + " name `" + name.text() + "` is not valid: ";
        switch (name) {
            case ExternName.Label n -> {}
            case ExternName.InterfaceName n -> {}
            case ExternName.Dependency n -> {}
            case ExternName.Constructor n -> {
                FuncType func = func(entity, refusal);
                if (func.isAsync()) {
                    throw pass.invalid(refusal + "constructor function cannot be async");
                }
                ValType result = func.result();
                if (result == null) {
                    throw pass.invalid(refusal + "function should return one value");
                }
                ResourceType own = constructed(result);
                if (own == null) {
                    throw pass.invalid(refusal + "function should return `(own $T)` or `(result (own $T))`");
                }
                named(own, n.resource().toString(), refusal, resources);
            }
            case ExternName.Method n -> {
                FuncType func = func(entity, refusal);
                if (func.params().isEmpty()) {
                    throw pass.invalid(refusal + "function should have at least one argument");
                }
                FuncType.Param self = func.params().get(0);
                if (!self.name().equals("self")) {
                    throw pass.invalid(refusal + "function should have a first argument called `self`");
                }
                boolean borrows = self.type() instanceof DefinedType type && type.shape() instanceof Shape.Borrow;
                if (!borrows) {
                    throw pass.invalid(refusal + "function should take a first argument of `(borrow $T)`");
                }
                ResourceType borrowed = ((Shape.Borrow) ((DefinedType) self.type()).shape()).resource();
                named(borrowed, n.resource().toString(), refusal, resources);
            }
            case ExternName.Static n -> {
                func(entity, refusal);
                if (!resources.knows(n.resource().toString())) {
                    throw pass.invalid(refusal + "static resource name is not known in this context");
                }
            }
        }
    }

    private FuncType func(Entity entity, String refusal) throws InvalidComponentException {
        if (entity instanceof Entity.Func func) {
            return func.type();
        }
        throw pass.invalid(refusal + "item is not a func");
    }

    private static @Nullable ResourceType constructed(ValType result) {
        if (!(result instanceof DefinedType type)) {
            return null;
        }
        Shape shape = type.shape();
        if (shape instanceof Shape.Result either && either.ok() instanceof DefinedType ok) {
            shape = ok.shape();
        }
        return shape instanceof Shape.Own own ? own.resource() : null;
    }

    private void named(ResourceType type, String expected, String refusal, Scope.ResourceNames resources)
            throws InvalidComponentException {
        String name = resources.of(type);
        if (name == null) {
            throw pass.invalid(refusal + "resource used in function does not have a name in this context");
        }
        if (!name.equals(expected)) {
            throw pass.invalid(refusal + "function does not match expected resource name `" + name + "`");
        }
    }

    /** The items of a list, by name, with the resources that they make explicit. */
    static final class ItemList {
        final Map<String, Entity.Item> items = new LinkedHashMap<>();
        final Map<Resource, List<String>> explicit = new LinkedHashMap<>();
        final UniqueNames names = new UniqueNames();
        final Scope.ResourceNames resources = new Scope.ResourceNames();
    }
}
