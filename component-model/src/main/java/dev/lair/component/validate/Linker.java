package dev.lair.component.validate;

import dev.lair.component.binary.Alias;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreInstance;
import dev.lair.component.binary.Instance;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.Sort;
import dev.lair.component.names.ExternName;
import dev.lair.component.types.AnyType;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.CoreEntity;
import dev.lair.component.types.Entity;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.MentionedResources;
import dev.lair.component.types.ModuleType;
import dev.lair.component.types.Resource;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.Substitution;
import dev.lair.component.types.Subtyping;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Aliases, instances and start functions: what connects definitions that exist (Explainer.md). */
final class Linker {
    private final Pass pass;
    private final Externs externs;

    Linker(Pass pass, Externs externs) {
        this.pass = pass;
        this.externs = externs;
    }

    void alias(Scope scope, Alias alias) throws InvalidComponentException, TypeException {
        boolean typesOnly = scope.kind != Scope.Kind.COMPONENT;
        boolean type = alias.sort() == Sort.TYPE || alias.sort() == Sort.CORE_TYPE || alias.sort() == Sort.INSTANCE;
        if (typesOnly && !type) {
            throw pass.invalid("aliases in a component or instance type may only refer to types or instances");
        }
        switch (alias) {
            case Alias.InstanceExport a -> instanceExport(scope, a);
            case Alias.CoreInstanceExport a -> coreInstanceExport(scope, a);
            case Alias.Outer a -> outer(scope, a);
        }
    }

    private void instanceExport(Scope scope, Alias.InstanceExport alias) throws InvalidComponentException {
        Entity entity = scope.instance(alias.instance()).export(alias.name());
        if (entity == null) {
            throw pass.invalid("instance " + alias.instance() + " has no export named `" + alias.name() + "`");
        }
        if (sort(entity) != alias.sort()) {
            throw pass.invalid("export `" + alias.name() + "` for instance " + alias.instance() + " is not a "
                    + alias.sort().label());
        }
        switch (entity) {
            case Entity.Module e ->
                scope.push(scope.coreModules, e.type(), ComponentLimits.NESTED_DEFINITIONS, "modules");
            case Entity.Func e -> scope.push(scope.funcs, e.type(), ComponentLimits.FUNCTIONS, "functions");
            case Entity.Value e -> {
                pass.require(Feature.VALUES, "a value");
                scope.push(scope.values, new Scope.Value(e.type(), false), ComponentLimits.VALUES, "values");
            }
            case Entity.Type e -> scope.pushType(e.created());
            case Entity.Instance e ->
                scope.push(scope.instances, e.type(), ComponentLimits.NESTED_DEFINITIONS, "instances");
            case Entity.Component e ->
                scope.push(scope.components, e.type(), ComponentLimits.NESTED_DEFINITIONS, "components");
        }
    }

    private static Sort sort(Entity entity) {
        return switch (entity) {
            case Entity.Module e -> Sort.CORE_MODULE;
            case Entity.Func e -> Sort.FUNC;
            case Entity.Value e -> Sort.VALUE;
            case Entity.Type e -> Sort.TYPE;
            case Entity.Instance e -> Sort.INSTANCE;
            case Entity.Component e -> Sort.COMPONENT;
        };
    }

    private void coreInstanceExport(Scope scope, Alias.CoreInstanceExport alias) throws InvalidComponentException {
        gate(alias.sort());
        CoreEntity entity = scope.coreInstance(alias.instance()).get(alias.name());
        if (entity == null) {
            throw pass.invalid("core instance " + alias.instance() + " has no export named `" + alias.name() + "`");
        }
        if (coreSort(entity) != alias.sort()) {
            throw pass.invalid("export `" + alias.name() + "` for core instance " + alias.instance() + " is not a "
                    + alias.sort().label());
        }
        switch (entity) {
            case CoreEntity.Func e -> scope.pushCoreFunc(e.type());
            case CoreEntity.Table e -> scope.push(scope.coreTables, e.type(), ComponentLimits.CORE_ITEMS, "tables");
            case CoreEntity.Memory e ->
                scope.push(scope.coreMemories, e.type(), ComponentLimits.CORE_ITEMS, "memories");
            case CoreEntity.Global e -> scope.push(scope.coreGlobals, e.type(), ComponentLimits.CORE_ITEMS, "globals");
            case CoreEntity.Tag e -> scope.push(scope.coreTags, e.type(), ComponentLimits.CORE_ITEMS, "tags");
        }
    }

    private void gate(Sort sort) throws InvalidComponentException {
        if (sort == Sort.CORE_TAG) {
            pass.require(Feature.CORE_EXCEPTIONS, "a tag");
        }
    }

    private static Sort coreSort(CoreEntity entity) {
        return switch (entity) {
            case CoreEntity.Func e -> Sort.CORE_FUNC;
            case CoreEntity.Table e -> Sort.CORE_TABLE;
            case CoreEntity.Memory e -> Sort.CORE_MEMORY;
            case CoreEntity.Global e -> Sort.CORE_GLOBAL;
            case CoreEntity.Tag e -> Sort.CORE_TAG;
        };
    }

    private void outer(Scope scope, Alias.Outer alias) throws InvalidComponentException, TypeException {
        Scope target = scope.outer(alias.count());
        switch (alias.sort()) {
            case CORE_MODULE ->
                scope.push(
                        scope.coreModules,
                        target.coreModule(alias.index()),
                        ComponentLimits.NESTED_DEFINITIONS,
                        "modules");
            case COMPONENT ->
                scope.push(
                        scope.components,
                        target.component(alias.index()),
                        ComponentLimits.NESTED_DEFINITIONS,
                        "components");
            case CORE_TYPE ->
                scope.push(scope.coreTypes, target.coreType(alias.index()), ComponentLimits.TYPES, "types");
            case TYPE -> {
                AnyType type = target.type(alias.index());
                if (leavesComponent(scope, target)
                        && !new MentionedResources(pass.work).of(type).free().isEmpty()) {
                    throw pass.invalid("cannot alias outer type which transitively refers to resources not defined"
                            + " in the current component");
                }
                scope.pushType(type);
            }
            case CORE_FUNC, CORE_TABLE, CORE_MEMORY, CORE_GLOBAL, CORE_TAG, CORE_INSTANCE, FUNC, VALUE, INSTANCE ->
                throw pass.invalid(
                        "an outer alias cannot be of sort " + alias.sort().label());
        }
    }

    private static boolean leavesComponent(Scope from, Scope target) {
        for (Scope scope = from; scope != null && scope != target; scope = scope.parent) {
            if (scope.kind == Scope.Kind.COMPONENT) {
                return true;
            }
        }
        return false;
    }

    void coreInstance(Scope scope, CoreInstance instance) throws InvalidComponentException, TypeException {
        Map<String, CoreEntity> exports =
                switch (instance) {
                    case CoreInstance.Instantiate i -> instantiateModule(scope, i);
                    case CoreInstance.FromExports i -> coreExports(scope, i);
                };
        scope.push(scope.coreInstances, exports, ComponentLimits.NESTED_DEFINITIONS, "instances");
    }

    private Map<String, CoreEntity> instantiateModule(Scope scope, CoreInstance.Instantiate instance)
            throws InvalidComponentException, TypeException {
        ModuleType module = scope.coreModule(instance.module());
        Map<String, Map<String, CoreEntity>> arguments = new HashMap<>();
        for (CoreInstance.Argument argument : instance.arguments()) {
            if (arguments.put(argument.name(), scope.coreInstance(argument.instance())) != null) {
                throw pass.invalid("duplicate module instantiation argument named `" + argument.name() + "`");
            }
        }
        for (Map.Entry<ModuleType.ImportName, CoreEntity> entry :
                module.imports().entrySet()) {
            ModuleType.ImportName name = entry.getKey();
            Map<String, CoreEntity> argument = arguments.get(name.module());
            if (argument == null) {
                throw pass.invalid("missing module instantiation argument named `" + name.module() + "`");
            }
            CoreEntity given = argument.get(name.name());
            if (given == null) {
                throw pass.invalid("module instantiation argument `" + name.module()
                        + "` does not export an item named `" + name.name() + "`");
            }
            try {
                pass.subtyping.core().entity(given, entry.getValue());
            } catch (TypeException e) {
                throw pass.invalid("type mismatch for export `" + name.name() + "` of module instantiation argument `"
                        + name.module() + "`: " + e.rule());
            }
        }
        return module.exports();
    }

    private Map<String, CoreEntity> coreExports(Scope scope, CoreInstance.FromExports instance)
            throws InvalidComponentException {
        Map<String, CoreEntity> exports = new LinkedHashMap<>();
        for (CoreInstance.Export export : instance.exports()) {
            gate(export.sort());
            int index = export.index();
            CoreEntity entity =
                    switch (export.sort()) {
                        case CORE_FUNC -> new CoreEntity.Func(scope.coreFunc(index));
                        case CORE_TABLE -> new CoreEntity.Table(scope.coreTable(index));
                        case CORE_MEMORY -> new CoreEntity.Memory(scope.coreMemory(index));
                        case CORE_GLOBAL -> new CoreEntity.Global(scope.coreGlobal(index));
                        case CORE_TAG -> new CoreEntity.Tag(scope.coreTag(index));
                        case CORE_TYPE, CORE_MODULE, CORE_INSTANCE, FUNC, VALUE, TYPE, COMPONENT, INSTANCE ->
                            throw pass.invalid("a core instance cannot export a "
                                    + export.sort().label());
                    };
            if (exports.put(export.name(), entity) != null) {
                throw pass.invalid("duplicate export name `" + export.name() + "` already defined");
            }
        }
        return exports;
    }

    void instance(Scope scope, Instance instance) throws InvalidComponentException, TypeException {
        InstanceType type =
                switch (instance) {
                    case Instance.Instantiate i -> instantiate(scope, i);
                    case Instance.FromExports i -> fromExports(scope, i);
                };
        scope.push(scope.instances, type, ComponentLimits.NESTED_DEFINITIONS, "instances");
    }

    /** What an index of a sort stands for; a value counts as used. */
    private Entity item(Scope scope, Sort sort, int index) throws InvalidComponentException {
        return switch (sort) {
            case CORE_MODULE -> new Entity.Module(scope.coreModule(index));
            case FUNC -> new Entity.Func(scope.func(index));
            case VALUE -> {
                pass.require(Feature.VALUES, "a value");
                yield new Entity.Value(scope.useValue(index));
            }
            case TYPE -> {
                AnyType type = scope.type(index);
                yield new Entity.Type(type, type);
            }
            case COMPONENT -> new Entity.Component(scope.component(index));
            case INSTANCE -> new Entity.Instance(scope.instance(index));
            case CORE_FUNC, CORE_TABLE, CORE_MEMORY, CORE_GLOBAL, CORE_TAG, CORE_TYPE, CORE_INSTANCE ->
                throw pass.invalid("a component cannot pass a " + sort.label());
        };
    }

    /** Imports are replaced by the arguments, and the resources that the component defines are made anew. */
    private InstanceType instantiate(Scope scope, Instance.Instantiate instance)
            throws InvalidComponentException, TypeException {
        ComponentType component = scope.component(instance.component());
        Map<String, Entity> arguments = new HashMap<>();
        for (Instance.Argument argument : instance.arguments()) {
            Entity entity = item(scope, argument.sort(), argument.index());
            if (arguments.put(argument.name(), entity) != null) {
                throw pass.invalid("duplicate instantiation argument named `" + argument.name() + "`");
            }
        }
        Subtyping.Found found = pass.subtyping.satisfy(arguments, component.imports(), component.imported(), "import");
        Map<Resource, Resource> resources = new HashMap<>(found.resources());
        pass.work.steps(component.defined().size());
        for (Resource defined : component.defined().keySet()) {
            Resource fresh = new Resource();
            resources.put(defined, fresh);
            scope.definedResources.put(fresh, null);
        }
        Substitution substitution = new Substitution(resources, found.types(), pass.work);
        return new InstanceType(
                substitution.items(component.exports()), List.of(), substitution.paths(component.explicit()));
    }

    private InstanceType fromExports(Scope scope, Instance.FromExports instance)
            throws InvalidComponentException, TypeException {
        Externs.ItemList list = new Externs.ItemList();
        for (Instance.Export export : instance.exports()) {
            Entity entity = item(scope, export.sort(), export.index());
            String text = export.name().text();
            ExternName name = externs.name(export.name(), Externs.Side.EXPORT, entity);
            if (entity instanceof Entity.Type type && type.created() instanceof ResourceType resource) {
                list.explicit.putIfAbsent(resource.resource(), List.of(text));
            }
            if (entity instanceof Entity.Instance nested) {
                pass.work.steps(nested.type().explicit().size());
                for (Resource resource : nested.type().explicit().keySet()) {
                    list.explicit.putIfAbsent(resource, Externs.below(text, nested.type(), resource));
                }
            }
            externs.function(name, Externs.Side.EXPORT, entity, list.resources);
            externs.unique(name, Externs.Side.EXPORT, list.names);
            list.items.put(text, new Entity.Item(export.name(), entity));
        }
        return new InstanceType(list.items, List.of(), list.explicit);
    }

    /** An export of a component: under its own type, or under one that it is a subtype of. */
    void export(Scope scope, Section.Export export) throws InvalidComponentException, TypeException {
        Entity entity = item(scope, export.sort(), export.index());
        if (entity instanceof Entity.Type type) {
            entity = new Entity.Type(Externs.renamed(type.created()), type.created());
        }
        if (export.ascribed() != null) {
            Entity ascribed = externs.entity(scope, export.ascribed());
            try {
                ascribe(entity, ascribed);
            } catch (TypeException e) {
                throw pass.invalid("ascribed type of export is not compatible with item's type: " + e.rule());
            }
            entity = ascribed;
        }
        externs.declare(scope, Externs.Side.EXPORT, export.name(), entity);
    }

    private void ascribe(Entity entity, Entity ascribed) throws TypeException {
        boolean abstracts = ascribed instanceof Entity.Instance instance
                && !instance.type().defined().isEmpty();
        if (abstracts) {
            throw new TypeException("an ascribed type cannot make resources abstract: resource types are not the same");
        }
        pass.subtyping.entity(entity, ascribed);
    }

    void start(Scope scope, Section.Start start) throws InvalidComponentException, TypeException {
        pass.require(Feature.VALUES, "a start function");
        if (scope.started) {
            throw pass.invalid("component cannot have more than one start function");
        }
        scope.started = true;
        FuncType func = scope.func(start.func());
        if (func.params().size() != start.arguments().size()) {
            throw pass.invalid("start function requires " + func.params().size() + " arguments but was given "
                    + start.arguments().size());
        }
        ValType result = func.result();
        int results = result == null ? 0 : 1;
        if (start.results() != results) {
            throw pass.invalid("component start function has a result count of " + start.results()
                    + " but the function type has " + results);
        }
        for (int i = 0; i < start.arguments().size(); i++) {
            ValType given = scope.useValue(start.arguments().get(i));
            try {
                pass.subtyping.val(given, func.params().get(i).type());
            } catch (TypeException e) {
                throw pass.invalid("type mismatch for component start function argument " + i + ": " + e.rule());
            }
        }
        if (result != null) {
            scope.push(scope.values, new Scope.Value(result, false), ComponentLimits.VALUES, "values");
        }
    }
}
