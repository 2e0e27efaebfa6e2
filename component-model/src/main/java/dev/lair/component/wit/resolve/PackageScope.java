package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.syntax.WitTree.ExternDecl;
import dev.lair.component.wit.syntax.WitTree.ExternKind;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.IncludeDecl;
import dev.lair.component.wit.syntax.WitTree.InterfaceItem;
import dev.lair.component.wit.syntax.WitTree.Item;
import dev.lair.component.wit.syntax.WitTree.PackageRef;
import dev.lair.component.wit.syntax.WitTree.TypeDecl;
import dev.lair.component.wit.syntax.WitTree.UseDecl;
import dev.lair.component.wit.syntax.WitTree.UsePath;
import dev.lair.component.wit.syntax.WitTree.WorldItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The names that the texts of one package see: its interfaces and worlds, and per text what {@code use} brings in.
 * Built before anything is resolved, it knows which packages this one needs and in which order its own items go.
 */
final class PackageScope {
    /** An interface or world of the package, and the text it stands in. */
    record Decl(Item item, int file) {
        boolean isWorld() {
            return item instanceof Item.World;
        }
    }

    private final PackageSyntax syntax;
    private final Map<String, Decl> decls = new LinkedHashMap<>();

    /** The same names by their lower case, in which binaries compare them. */
    private final Map<String, String> folded = new HashMap<>();

    private final List<Map<String, UsePath>> uses = new ArrayList<>();
    private final Map<PackageName, Place> dependencies = new LinkedHashMap<>();
    private final Map<Owner.InterfaceId, Place> topLevelUses = new LinkedHashMap<>();
    private final Map<Owner.InterfaceId, Boolean> foreignIsWorld = new HashMap<>();
    private final List<String> order;

    PackageScope(PackageSyntax syntax) throws WitResolveException {
        this.syntax = syntax;
        for (int file = 0; file < syntax.files().size(); file++) {
            declare(file);
        }
        Map<String, List<Ident>> edges = new LinkedHashMap<>();
        decls.keySet().forEach(name -> edges.put(name, new ArrayList<>()));
        for (int file = 0; file < syntax.files().size(); file++) {
            for (Item item : syntax.files().get(file)) {
                visit(item, file, edges);
            }
        }
        this.order = Toposort.sort("interface or world", edges);
    }

    PackageName name() {
        return syntax.name();
    }

    PackageSyntax syntax() {
        return syntax;
    }

    /** Interfaces of other packages that {@code use} at the top of a text names, each with its place. */
    Map<Owner.InterfaceId, Place> topLevelUses() {
        return topLevelUses;
    }

    /** Packages that texts of this one name, each with the first place. */
    Map<PackageName, Place> dependencies() {
        return dependencies;
    }

    /** Interfaces and worlds, each after those of this package that it needs. */
    List<Decl> ordered() {
        return order.stream()
                .map(name -> Objects.requireNonNull(decls.get(name)))
                .toList();
    }

    /** The interface that a path names; that it exists in its package is for the caller to see. */
    Owner.InterfaceId interfaceId(UsePath path, int file) throws WitResolveException {
        UsePath target = target(path, file);
        PackageRef ref = target.inPackage();
        if (ref != null) {
            return new Owner.InterfaceId(ref.name(), target.id().name());
        }
        if (local(target.id()).isWorld()) {
            throw wrongKind(path.id(), "world", "interface");
        }
        return new Owner.InterfaceId(name(), target.id().name());
    }

    /** The world that a path names. */
    Owner.WorldId worldId(UsePath path, int file) throws WitResolveException {
        UsePath target = target(path, file);
        PackageRef ref = target.inPackage();
        if (ref != null) {
            return new Owner.WorldId(ref.name(), target.id().name());
        }
        if (!local(target.id()).isWorld()) {
            throw wrongKind(path.id(), "interface", "world");
        }
        return new Owner.WorldId(name(), target.id().name());
    }

    private Decl local(Ident id) throws WitResolveException {
        Decl decl = decls.get(id.name());
        if (decl == null) {
            throw missing(id);
        }
        return decl;
    }

    private static WitResolveException missing(Ident id) {
        return new WitResolveException("interface or world `" + id.name() + "` does not exist", id.place());
    }

    private static WitResolveException wrongKind(Ident id, String is, String wanted) {
        String article = is.equals("interface") ? "an " : "a ";
        String wantedArticle = wanted.equals("interface") ? "an " : "a ";
        return new WitResolveException(
                "name `" + id.name() + "` is defined as " + article + is + ", not " + wantedArticle + wanted,
                id.place());
    }

    /**
     * Follows {@code use … as} of a text to a declaration of this package or a path into another. A local path of a
     * {@code use} means the package's own item first, so {@code use x;} beside another text's {@code x} ends there.
     */
    private UsePath target(UsePath path, int file) throws WitResolveException {
        UsePath at = path;
        Map<String, UsePath> inFile = uses.get(file);
        for (int steps = 0; steps <= inFile.size(); steps++) {
            if (at.inPackage() != null) {
                return at;
            }
            String name = at.id().name();
            UsePath next = inFile.get(name);
            boolean ofItself =
                    next != null && next.inPackage() == null && next.id().name().equals(name);
            if (next == null || ofItself || (steps > 0 && decls.containsKey(name))) {
                if (!decls.containsKey(name)) {
                    throw missing(steps == 0 ? path.id() : at.id());
                }
                return new UsePath(null, new Ident(name, path.id().place()));
            }
            at = next;
        }
        throw new WitResolveException(
                "interface or world `" + path.id().name() + "` depends on itself",
                path.id().place());
    }

    private void declare(int file) throws WitResolveException {
        Map<String, UsePath> inFile = new LinkedHashMap<>();
        Map<String, Boolean> namesInFile = new HashMap<>();
        uses.add(inFile);
        for (Item item : syntax.files().get(file)) {
            Ident id = idOf(item);
            if (item instanceof Item.Use use) {
                if (!use.gates().isEmpty()) {
                    throw new WitResolveException(
                            "attributes not allowed on top-level use",
                            use.gates().getFirst().place());
                }
                inFile.put(id.name(), use.path());
            } else if (decls.putIfAbsent(id.name(), new Decl(item, file)) != null) {
                throw new WitResolveException("duplicate item named `" + id.name() + "`", id.place());
            } else {
                String before = folded.put(id.name().toLowerCase(Locale.ROOT), id.name());
                if (before != null) {
                    throw new WitResolveException(
                            "item `" + id.name() + "` conflicts with item `" + before
                                    + "` (kebab-case identifiers are case-insensitive)",
                            id.place());
                }
            }
            if (namesInFile.put(id.name(), true) != null) {
                throw new WitResolveException("duplicate name `" + id.name() + "` in this file", id.place());
            }
        }
    }

    private static Ident idOf(Item item) {
        return switch (item) {
            case Item.Interface i -> i.id();
            case Item.World w -> w.id();
            case Item.Use u -> {
                Ident as = u.as();
                yield as == null ? u.path().id() : as;
            }
            case Item.NestedPackage p -> throw new IllegalStateException("packages are taken apart before");
        };
    }

    /** Records what an item refers to: packages, and items of this package that must be resolved before it. */
    private void visit(Item item, int file, Map<String, List<Ident>> edges) throws WitResolveException {
        switch (item) {
            case Item.Use use -> {
                refer(use.path(), file, false, null);
                PackageRef ref = use.path().inPackage();
                if (ref != null) {
                    Ident id = use.path().id();
                    topLevelUses.putIfAbsent(new Owner.InterfaceId(ref.name(), id.name()), id.place());
                }
            }
            case Item.Interface i -> visitInterface(i.items(), file, edges.get(i.id().name()));
            case Item.World w -> {
                // Imports before exports: a printed world has them in that order, and reads back the same.
                for (int pass = 0; pass < 3; pass++) {
                    for (WorldItem inner : w.items()) {
                        int own = inner instanceof ExternDecl extern ? extern.export() ? 2 : 1 : 0;
                        if (own == pass) {
                            visit(inner, file, edges.get(w.id().name()));
                        }
                    }
                }
            }
            case Item.NestedPackage p -> throw new IllegalStateException("packages are taken apart before");
        }
    }

    private void visitInterface(List<InterfaceItem> items, int file, @Nullable List<Ident> edges)
            throws WitResolveException {
        for (InterfaceItem item : items) {
            if (item instanceof UseDecl use) {
                refer(use.from(), file, false, edges);
            }
        }
    }

    private void visit(WorldItem item, int file, @Nullable List<Ident> edges) throws WitResolveException {
        switch (item) {
            case UseDecl use -> refer(use.from(), file, false, null);
            case IncludeDecl include -> refer(include.from(), file, true, edges);
            case TypeDecl type -> {}
            case ExternDecl extern -> {
                switch (extern.kind()) {
                    case ExternKind.Path path -> refer(path.path(), file, false, null);
                    case ExternKind.Labelled labelled -> refer(labelled.path(), file, false, null);
                    case ExternKind.Inline inline -> visitInterface(inline.items(), file, null);
                    case ExternKind.Func func -> {}
                }
            }
        }
    }

    private void refer(UsePath path, int file, boolean toWorld, @Nullable List<Ident> edges)
            throws WitResolveException {
        UsePath target = target(path, file);
        PackageRef ref = target.inPackage();
        if (ref == null) {
            if (edges != null) {
                // A cycle is reported at a declaration: no single reference is to blame for it.
                edges.add(idOf(local(target.id()).item()));
            }
            return;
        }
        dependencies.putIfAbsent(ref.name(), ref.place());
        Owner.InterfaceId key = new Owner.InterfaceId(ref.name(), target.id().name());
        Boolean before = foreignIsWorld.putIfAbsent(key, toWorld);
        if (before != null && before != toWorld) {
            throw wrongKind(path.id(), before ? "world" : "interface", toWorld ? "world" : "interface");
        }
    }
}
