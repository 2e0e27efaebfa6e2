package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Adds the imports that a world needs without saying so: each interface whose types are used, before its user. An
 * export may use an export or an import of the same interface but not both, which is an error here. Order: interfaces,
 * used types, types, functions, functions of resources.
 */
final class WorldElaboration {
    private final ResolveState state;
    private final Owner.WorldId id;
    private final Place place;
    private final Map<String, WorldItem> imports = new LinkedHashMap<>();
    private final Map<String, WorldItem> exports = new LinkedHashMap<>();
    private final Set<Owner.InterfaceId> requiredImports = new HashSet<>();

    WorldElaboration(ResolveState state, Owner.WorldId id, Place place) {
        this.state = state;
        this.id = id;
        this.place = place;
    }

    WitWorld elaborate(Map<String, WorldItem> ownImports, Map<String, WorldItem> ownExports, Annotations annotations)
            throws WitResolveException {
        Comparator<WorldItem> byClass = Comparator.comparingInt(WorldElaboration::order);
        for (WorldItem item : ownImports.values().stream().sorted(byClass).toList()) {
            if (item instanceof WitWorld.TypeItem type
                    && type.type().used() != null
                    && Objects.requireNonNull(type.type().used()).owner() instanceof Owner.InterfaceId used) {
                Stability stability = type.annotations().stability();
                addImport(named(used, stability), 0);
            }
            addImport(item, 0);
        }
        for (WorldItem item : ownExports.values()) {
            if (item instanceof WitWorld.FunctionItem) {
                exports.put(item.key(), item);
            }
        }
        for (WorldItem item : ownExports.values()) {
            if (!(item instanceof WitWorld.FunctionItem) && !addExport(item, true, ownExports, 0)) {
                throw new WitResolveException(
                        "interface `" + item.key() + "` transitively depends on an interface in incompatible ways",
                        place);
            }
        }
        List<WorldItem> sorted = imports.values().stream().sorted(byClass).toList();
        return new WitWorld(id, sorted, List.copyOf(exports.values()), annotations);
    }

    private static int order(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named -> 0;
            case WitWorld.InlineItem inline -> 0;
            case WitWorld.TypeItem type -> type.type().used() != null ? 1 : 2;
            case WitWorld.FunctionItem function -> function.function().resource() == null ? 3 : 4;
        };
    }

    private static WitWorld.InterfaceItem named(Owner.InterfaceId id, Stability stability) {
        return new WitWorld.InterfaceItem(id, null, Annotations.NONE.withStability(stability));
    }

    private List<Owner.InterfaceId> dependencies(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named -> interfaceOf(named).dependencies();
            case WitWorld.InlineItem inline -> inline.body().dependencies();
            case WitWorld.TypeItem type -> List.of();
            case WitWorld.FunctionItem function -> List.of();
        };
    }

    private WitInterface interfaceOf(WitWorld.InterfaceItem item) {
        return Objects.requireNonNull(state.interfaces.get(item.id()), () -> "unknown " + item.id());
    }

    private void addImport(WorldItem item, int depth) throws WitResolveException {
        if (imports.containsKey(item.key())) {
            return;
        }
        checkDepth(depth);
        for (Owner.InterfaceId dependency : dependencies(item)) {
            count();
            addImport(named(dependency, item.annotations().stability()), depth + 1);
        }
        imports.put(item.key(), item);
    }

    /** False when an interface would be needed both as an import and as an export. */
    private boolean addExport(WorldItem item, boolean export, Map<String, WorldItem> ownExports, int depth)
            throws WitResolveException {
        if (exports.containsKey(item.key())) {
            return export;
        }
        Owner.InterfaceId name =
                item instanceof WitWorld.InterfaceItem named && named.label() == null ? named.id() : null;
        if (!export && name != null && requiredImports.contains(name)) {
            return true;
        }
        checkDepth(depth);
        for (Owner.InterfaceId dependency : dependencies(item)) {
            count();
            WorldItem needed = named(dependency, item.annotations().stability());
            WorldItem exported = ownExports.get(needed.key());
            boolean asExport = export && exported != null;
            if (!addExport(asExport && exported != null ? exported : needed, asExport, ownExports, depth + 1)) {
                return false;
            }
        }
        if (export) {
            if (name != null && requiredImports.contains(name)) {
                return false;
            }
            exports.put(item.key(), item);
        } else {
            if (name != null) {
                requiredImports.add(name);
            }
            // An import that is there keeps its place and its own gate.
            imports.putIfAbsent(item.key(), item);
        }
        return true;
    }

    private void count() throws WitResolveException {
        if (!state.mayAdd(1)) {
            throw new WitResolveException(
                    "worlds include and need more than " + ResolveLimits.ADDED_PARTS + " items altogether", place);
        }
    }

    private void checkDepth(int depth) throws WitResolveException {
        if (depth > ResolveLimits.CHAIN) {
            throw new WitResolveException(
                    "world `" + id.name() + "` needs a chain of more than " + ResolveLimits.CHAIN
                            + " interfaces that use each other",
                    place);
        }
    }
}
