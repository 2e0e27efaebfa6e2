package dev.lair.component.validate;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.names.UniqueNames;
import dev.lair.component.types.AnyType;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.CoreEntity;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.ModuleType;
import dev.lair.component.types.Resource;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The index spaces of one component, component type or instance type, and what it imports and exports so far. */
final class Scope {
    enum Kind {
        COMPONENT,
        COMPONENT_TYPE,
        INSTANCE_TYPE
    }

    /** An entry of the core type index space. */
    sealed interface CoreTypeEntry {
        /** A type of {@link dev.lair.component.types.CoreTypes}. */
        record Type(int id) implements CoreTypeEntry {}

        record Module(ModuleType type) implements CoreTypeEntry {}
    }

    /** A value, which must be used exactly once. */
    static final class Value {
        final ValType type;
        boolean used;

        Value(ValType type, boolean used) {
            this.type = type;
            this.used = used;
        }
    }

    final Kind kind;
    final @Nullable Scope parent;
    private final Pass pass;

    final List<CoreTypeEntry> coreTypes = new ArrayList<>();
    final List<Integer> coreFuncs = new ArrayList<>();
    final List<CoreExtern.Table> coreTables = new ArrayList<>();
    final List<CoreExtern.Memory> coreMemories = new ArrayList<>();
    final List<CoreExtern.Global> coreGlobals = new ArrayList<>();
    final List<Integer> coreTags = new ArrayList<>();
    final List<ModuleType> coreModules = new ArrayList<>();
    final List<Map<String, CoreEntity>> coreInstances = new ArrayList<>();

    final List<AnyType> types = new ArrayList<>();
    final List<FuncType> funcs = new ArrayList<>();
    final List<Value> values = new ArrayList<>();
    final List<InstanceType> instances = new ArrayList<>();
    final List<ComponentType> components = new ArrayList<>();

    final Map<String, Entity.Item> imports = new LinkedHashMap<>();
    final Map<String, Entity.Item> exports = new LinkedHashMap<>();
    final UniqueNames importNames = new UniqueNames();
    final UniqueNames exportNames = new UniqueNames();
    final ResourceNames importedNames = new ResourceNames();
    final ResourceNames exportedNames = new ResourceNames();

    /** Resources that imports bring, with the names at which they are found. */
    final Map<Resource, List<String>> importedResources = new LinkedHashMap<>();
    /** Resources that exist only inside, with their representation where it is known here. */
    final Map<Resource, @Nullable CoreValType> definedResources = new LinkedHashMap<>();
    /** Resources that exports name, with the names at which they are found. */
    final Map<Resource, List<String>> explicitResources = new LinkedHashMap<>();

    /** Types that imports may mention. */
    final Set<AnyType> importedTypes = new HashSet<>();
    /** Types that exports may mention. */
    final Set<AnyType> exportedTypes = new HashSet<>();

    boolean started;

    Scope(Kind kind, @Nullable Scope parent, Pass pass) {
        this.kind = kind;
        this.parent = parent;
        this.pass = pass;
    }

    /** The scope {@code count} steps outwards. */
    Scope outer(int count) throws InvalidComponentException {
        Scope scope = this;
        for (int i = 0; i < count; i++) {
            Scope parent = scope.parent;
            if (parent == null) {
                throw pass.invalid("invalid outer alias count of " + count);
            }
            scope = parent;
        }
        return scope;
    }

    private <T> T get(List<T> space, int index, String what) throws InvalidComponentException {
        if (index >= space.size()) {
            throw pass.invalid("unknown " + what + " " + index + ": index out of bounds");
        }
        return space.get(index);
    }

    /** Adds to an index space. */
    <T> void push(List<T> space, T item, int limit, String what) throws InvalidComponentException {
        if (space.size() >= limit) {
            throw pass.invalid(what + " count exceeds limit of " + limit);
        }
        space.add(item);
    }

    void pushType(AnyType type) throws InvalidComponentException {
        push(types, type, ComponentLimits.TYPES, "types");
    }

    void pushCoreFunc(int type) throws InvalidComponentException {
        push(coreFuncs, type, ComponentLimits.FUNCTIONS, "functions");
    }

    CoreTypeEntry coreType(int index) throws InvalidComponentException {
        return get(coreTypes, index, "core type");
    }

    /** A core type that is no module type. */
    int coreSubType(int index) throws InvalidComponentException {
        return switch (coreType(index)) {
            case CoreTypeEntry.Type type -> type.id();
            case CoreTypeEntry.Module type ->
                throw pass.invalid("type index " + index + " is a module type, not a sub type");
        };
    }

    int coreFunc(int index) throws InvalidComponentException {
        return get(coreFuncs, index, "core function");
    }

    CoreExtern.Memory coreMemory(int index) throws InvalidComponentException {
        return get(coreMemories, index, "memory");
    }

    CoreExtern.Table coreTable(int index) throws InvalidComponentException {
        return get(coreTables, index, "table");
    }

    CoreExtern.Global coreGlobal(int index) throws InvalidComponentException {
        return get(coreGlobals, index, "global");
    }

    int coreTag(int index) throws InvalidComponentException {
        return get(coreTags, index, "tag");
    }

    ModuleType coreModule(int index) throws InvalidComponentException {
        return get(coreModules, index, "module");
    }

    Map<String, CoreEntity> coreInstance(int index) throws InvalidComponentException {
        return get(coreInstances, index, "core instance");
    }

    AnyType type(int index) throws InvalidComponentException {
        return get(types, index, "type");
    }

    DefinedType definedType(int index) throws InvalidComponentException {
        if (type(index) instanceof DefinedType type) {
            return type;
        }
        throw pass.invalid("type index " + index + " is not a defined type");
    }

    FuncType funcType(int index) throws InvalidComponentException {
        if (type(index) instanceof FuncType type) {
            return type;
        }
        throw pass.invalid("type index " + index + " is not a function type");
    }

    InstanceType instanceType(int index) throws InvalidComponentException {
        if (type(index) instanceof InstanceType type) {
            return type;
        }
        throw pass.invalid("type index " + index + " is not an instance type");
    }

    ComponentType componentType(int index) throws InvalidComponentException {
        if (type(index) instanceof ComponentType type) {
            return type;
        }
        throw pass.invalid("type index " + index + " is not a component type");
    }

    ResourceType resource(int index) throws InvalidComponentException {
        if (type(index) instanceof ResourceType type) {
            return type;
        }
        throw pass.invalid("type index " + index + " is not a resource type");
    }

    /** The representation of a resource that this component itself defines. */
    CoreValType localResource(int index) throws InvalidComponentException {
        CoreValType rep = definedResources.get(resource(index).resource());
        if (rep == null) {
            throw pass.invalid("type " + index + " is not a local resource");
        }
        return rep;
    }

    FuncType func(int index) throws InvalidComponentException {
        return get(funcs, index, "function");
    }

    InstanceType instance(int index) throws InvalidComponentException {
        return get(instances, index, "instance");
    }

    ComponentType component(int index) throws InvalidComponentException {
        return get(components, index, "component");
    }

    /** A value, which counts as used from now on. */
    ValType useValue(int index) throws InvalidComponentException {
        Value value = get(values, index, "value");
        if (value.used) {
            throw pass.invalid("value " + index + " cannot be used more than once");
        }
        value.used = true;
        return value.type;
    }

    /** Resources by their name in one list of imports or exports: methods have to name theirs (Explainer.md). */
    static final class ResourceNames {
        private final Map<ResourceType, String> names = new HashMap<>();
        private final Set<String> all = new HashSet<>();

        void register(String name, ResourceType resource) {
            names.put(resource, name);
            all.add(name);
        }

        @Nullable
        String of(ResourceType resource) {
            return names.get(resource);
        }

        boolean knows(String name) {
            return all.contains(name);
        }
    }
}
