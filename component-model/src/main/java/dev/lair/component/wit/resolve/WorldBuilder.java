package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import dev.lair.component.wit.syntax.WitTree.ExternDecl;
import dev.lair.component.wit.syntax.WitTree.ExternKind;
import dev.lair.component.wit.syntax.WitTree.FunctionDecl;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.IncludeDecl;
import dev.lair.component.wit.syntax.WitTree.Item;
import dev.lair.component.wit.syntax.WitTree.TypeDecl;
import dev.lair.component.wit.syntax.WitTree.UseDecl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One world: its own types, imports and exports, then what it includes, then the imports that all of that needs. Maps
 * are by {@link WorldItem#key}, in order.
 */
final class WorldBuilder {
    private final ResolveState state;
    private final PackageScope names;
    private final int file;
    private final Item.World decl;
    private final Owner.WorldId id;
    private final boolean active;
    private final TypeScope scope;
    private final Map<String, WorldItem> imports = new LinkedHashMap<>();
    private final Map<String, WorldItem> exports = new LinkedHashMap<>();
    private final Map<String, String> importKinds = new HashMap<>();
    private final Map<String, String> exportKinds = new HashMap<>();

    WorldBuilder(ResolveState state, PackageScope names, int file, Item.World decl, boolean active) {
        this.state = state;
        this.names = names;
        this.file = file;
        this.decl = decl;
        this.id = new Owner.WorldId(names.name(), decl.id().name());
        this.active = active;
        this.scope = new TypeScope(state, names, file, id, active);
    }

    WitWorld build(Annotations annotations) throws WitResolveException {
        types();
        for (var item : decl.items()) {
            if (item instanceof TypeDecl type) {
                for (WitFunction function : scope.resourceFunctions(type)) {
                    imports.put(function.name(), new WitWorld.FunctionItem(function));
                }
            } else if (item instanceof ExternDecl extern) {
                extern(extern);
            }
        }
        for (var item : decl.items()) {
            if (item instanceof IncludeDecl include) {
                include(include);
            }
        }
        WitWorld world = new WorldElaboration(state, id, decl.id().place()).elaborate(imports, exports, annotations);
        checkCase(world.imports(), "import");
        checkCase(world.exports(), "export");
        return world;
    }

    private void types() throws WitResolveException {
        List<UseDecl> uses = new ArrayList<>();
        List<TypeDecl> decls = new ArrayList<>();
        for (var item : decl.items()) {
            if (item instanceof UseDecl use) {
                uses.add(use);
            } else if (item instanceof TypeDecl type) {
                decls.add(type);
            }
        }
        for (UseDecl use : uses) {
            scope.use(use);
        }
        scope.declare(decls, uses);
        scope.types().forEach(type -> {
            imports.put(type.name(), new WitWorld.TypeItem(type));
            importKinds.put(type.name(), "type");
        });
    }

    private void extern(ExternDecl extern) throws WitResolveException {
        Gates gates = Gates.of(extern.gates());
        Place place = place(extern.kind());
        boolean included = gates.include(state.features, names.name(), place) && active;
        boolean export = extern.export();
        WorldItem item =
                switch (extern.kind()) {
                    case ExternKind.Path path -> {
                        Owner.InterfaceId target = names.interfaceId(path.path(), file);
                        if ((export ? exportKinds : importKinds).put(target.toString(), "interface") != null) {
                            throw new WitResolveException(
                                    "interface cannot be " + (export ? "exported" : "imported") + " more than once",
                                    place);
                        }
                        // A comment before a named interface is dropped: binaries hold none, and its declaration has
                        // one.
                        yield !included
                                ? null
                                : new WitWorld.InterfaceItem(existing(target, place), null, gates.annotations(place));
                    }
                    case ExternKind.Labelled labelled -> {
                        reserve(labelled.label(), export, "interface");
                        Owner.InterfaceId target = names.interfaceId(labelled.path(), file);
                        Place path = labelled.path().id().place();
                        yield !included
                                ? null
                                : new WitWorld.InterfaceItem(
                                        existing(target, path), labelled.label().name(), gates.annotations(place));
                    }
                    case ExternKind.Inline inline -> {
                        reserve(inline.label(), export, "interface");
                        String label = inline.label().name();
                        WitInterface body = new InterfaceBuilder(state, names)
                                .build(
                                        new Owner.InlineId(id, export, label),
                                        file,
                                        inline.items(),
                                        gates.annotations(extern.docs(), place),
                                        included);
                        yield included ? new WitWorld.InlineItem(label, body) : null;
                    }
                    case ExternKind.Func func -> {
                        reserve(func.label(), export, "func");
                        WitFunction function = scope.function(
                                new FunctionDecl(extern.docs(), extern.gates(), func.label(), func.function()));
                        yield function == null ? null : new WitWorld.FunctionItem(function);
                    }
                };
        if (item != null) {
            (export ? exports : imports).put(item.key(), item);
        }
    }

    private static Place place(ExternKind kind) {
        return switch (kind) {
            case ExternKind.Path path -> path.path().id().place();
            case ExternKind.Labelled labelled -> labelled.label().place();
            case ExternKind.Inline inline -> inline.label().place();
            case ExternKind.Func func -> func.label().place();
        };
    }

    private void reserve(Ident label, boolean export, String kind) throws WitResolveException {
        String before = (export ? exportKinds : importKinds).put(label.name(), kind);
        if (before != null) {
            throw new WitResolveException(
                    (export ? "export" : "import") + " `" + label.name() + "` conflicts with prior " + before
                            + " of same name",
                    label.place());
        }
    }

    private Owner.InterfaceId existing(Owner.InterfaceId target, Place place) throws WitResolveException {
        if (!state.interfaces.containsKey(target)) {
            throw References.missingInterface(target, place);
        }
        if (state.excludedOwners.contains(target)) {
            throw References.excluded("an interface", place);
        }
        return target;
    }

    private void include(IncludeDecl include) throws WitResolveException {
        Place place = include.from().id().place();
        Gates gates = Gates.withoutExternalId(include.gates());
        boolean included = gates.include(state.features, names.name(), place) && active;
        Owner.WorldId target = names.worldId(include.from(), file);
        if (!included) {
            return;
        }
        WitWorld world = state.worlds.get(target);
        if (world == null) {
            throw References.missingWorld(target, place);
        }
        if (state.excludedOwners.contains(target)) {
            throw References.excluded("a world", place);
        }
        if (!state.mayAdd(WorldCopy.parts(world))) {
            throw new WitResolveException(
                    "worlds include and need more than " + ResolveLimits.ADDED_PARTS + " items altogether", place);
        }
        WorldCopy copy = new WorldCopy(world, id, include.names());
        for (WorldItem item : world.imports()) {
            add(imports, copy.copy(item), "import", place);
        }
        for (WorldItem item : world.exports()) {
            add(exports, copy.copy(item), "export", place);
        }
        Ident unused = copy.unusedRename();
        if (unused != null) {
            throw new WitResolveException(
                    "no import or export kebab-name `" + unused.name() + "`. Note that an ID does not support renaming",
                    unused.place());
        }
    }

    private void add(Map<String, WorldItem> into, WorldItem item, String what, Place place) throws WitResolveException {
        WorldItem before = into.get(item.key());
        boolean named = item instanceof WitWorld.InterfaceItem i && i.label() == null;
        if (before != null && !named) {
            throw new WitResolveException(
                    what + " of `" + item.key() + "` shadows previously " + what + "ed items", place);
        }
        if (before == null) {
            into.put(item.key(), item);
            register(item);
        } else {
            into.put(item.key(), merged(before, item, place));
        }
    }

    private void register(WorldItem item) {
        if (item instanceof WitWorld.TypeItem type) {
            state.define(type.type());
        } else if (item instanceof WitWorld.InlineItem inline) {
            inline.body().types().forEach(state::define);
        }
    }

    private static WorldItem merged(WorldItem before, WorldItem item, Place place) throws WitResolveException {
        var into = before.annotations().stability();
        var from = item.annotations().stability();
        if (from.isUnknown() || from.equals(into)) {
            return before;
        }
        if (into.isUnknown()) {
            return before.withStability(from);
        }
        throw new WitResolveException(
                "the included world and this one gate `" + item.key() + "` differently: " + from + " and " + into,
                place);
    }

    private void checkCase(List<WorldItem> items, String what) throws WitResolveException {
        Map<String, String> seen = new HashMap<>();
        for (WorldItem item : items) {
            String before = seen.put(item.key().toLowerCase(Locale.ROOT), item.key());
            if (before != null) {
                throw new WitResolveException(
                        what + " `" + item.key() + "` in world `" + decl.id().name() + "` conflicts with " + what + " `"
                                + before + "` (kebab-case identifiers are case-insensitive)",
                        placeOf(item));
            }
        }
    }

    private Place placeOf(WorldItem item) {
        Place place = item.annotations().place();
        return place.isKnown() ? place : decl.id().place();
    }
}
