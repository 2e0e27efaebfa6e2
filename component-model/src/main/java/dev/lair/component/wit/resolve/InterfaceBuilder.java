package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.syntax.WitTree.FunctionDecl;
import dev.lair.component.wit.syntax.WitTree.InterfaceItem;
import dev.lair.component.wit.syntax.WitTree.TypeDecl;
import dev.lair.component.wit.syntax.WitTree.UseDecl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The items of one interface, named or written out in a world. */
final class InterfaceBuilder {
    private final ResolveState state;
    private final PackageScope names;

    InterfaceBuilder(ResolveState state, PackageScope names) {
        this.state = state;
        this.names = names;
    }

    WitInterface build(Owner owner, int file, List<InterfaceItem> items, Annotations annotations, boolean active)
            throws WitResolveException {
        TypeScope scope = new TypeScope(state, names, file, owner, active);
        List<UseDecl> uses = new ArrayList<>();
        List<TypeDecl> decls = new ArrayList<>();
        for (InterfaceItem item : items) {
            if (item instanceof UseDecl use) {
                uses.add(use);
            } else if (item instanceof TypeDecl decl) {
                decls.add(decl);
            }
        }
        for (UseDecl use : uses) {
            scope.use(use);
        }
        scope.declare(decls, uses);
        for (InterfaceItem item : items) {
            if (item instanceof FunctionDecl decl) {
                scope.enterFunction(decl.id());
            }
        }
        List<WitFunction> functions = new ArrayList<>();
        for (InterfaceItem item : items) {
            if (item instanceof FunctionDecl decl) {
                WitFunction function = scope.function(decl);
                if (function != null) {
                    functions.add(function);
                }
            } else if (item instanceof TypeDecl decl) {
                functions.addAll(scope.resourceFunctions(decl));
            }
        }
        checkCase(scope, functions, owner);
        return new WitInterface(owner, scope.types(), functions, annotations);
    }

    /** Names that differ in case only are one name to the component model, so no binary could hold both. */
    private static void checkCase(TypeScope scope, List<WitFunction> functions, Owner owner)
            throws WitResolveException {
        Map<String, String> seen = new HashMap<>();
        for (WitTypeDef type : scope.types()) {
            enter(seen, type.name(), type.annotations().place(), owner);
        }
        for (WitFunction function : functions) {
            enter(seen, function.name(), function.annotations().place(), owner);
        }
    }

    private static void enter(Map<String, String> seen, String name, Place place, Owner owner)
            throws WitResolveException {
        String before = seen.put(name.toLowerCase(Locale.ROOT), name);
        if (before != null) {
            throw new WitResolveException(
                    "item `" + name + "` in `" + owner + "` conflicts with item `" + before
                            + "` (kebab-case identifiers are case-insensitive)",
                    place);
        }
    }
}
