package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.syntax.WitTree.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Resolves a package with the packages beside it. The steps: read all texts; per package, its names and what it depends
 * on; packages in the order of their dependencies; in each, interfaces and worlds in the order of theirs.
 */
public final class WitResolver {
    private final Features features;
    private final List<SourceGroup> dependencies = new ArrayList<>();
    private final List<WitPackage> known = new ArrayList<>();

    public WitResolver(Features features) {
        this.features = features;
    }

    /** Adds a package as text: an entry of a {@code deps} directory. */
    public WitResolver with(SourceGroup dependency) {
        dependencies.add(dependency);
        return this;
    }

    /** Adds a package that is resolved already. What it refers to must have been added before. */
    public WitResolver with(WitPackage dependency) {
        known.add(dependency);
        return this;
    }

    /**
     * Resolves.
     *
     * @return the group's own package as the main one, and all packages that were added or nested
     * @throws WitException when a text is no WIT or the texts do not make sense together; nothing else is thrown,
     *     whatever the texts are
     */
    public Resolved resolve(SourceGroup main) throws WitException {
        Map<PackageName, PackageSyntax> syntax = new TreeMap<>();
        PackageName mainName = PackageSyntax.read(main, syntax);
        for (SourceGroup dependency : dependencies) {
            PackageSyntax.read(dependency, syntax);
        }
        Map<PackageName, PackageScope> scopes = new TreeMap<>();
        for (PackageSyntax each : syntax.values()) {
            scopes.put(each.name(), new PackageScope(each));
        }
        ResolveState state = new ResolveState(features);
        Map<PackageName, WitPackage> done = new LinkedHashMap<>();
        for (WitPackage each : known) {
            state.define(each);
            done.put(each.name(), each);
        }
        for (PackageScope scope : ordered(scopes)) {
            WitPackage resolved = build(scope, state);
            state.packages.put(resolved.name(), resolved);
            done.put(resolved.name(), resolved);
        }
        return new Resolved(mainName, List.copyOf(done.values()));
    }

    private List<PackageScope> ordered(Map<PackageName, PackageScope> scopes) throws WitResolveException {
        Set<PackageName> known = this.known.stream().map(WitPackage::name).collect(Collectors.toSet());
        Map<PackageName, PackageScope> order = new LinkedHashMap<>();
        for (PackageScope scope : scopes.values()) {
            visit(scope, scopes, known, new HashSet<>(), order);
        }
        return List.copyOf(order.values());
    }

    private static void visit(
            PackageScope scope,
            Map<PackageName, PackageScope> scopes,
            Set<PackageName> known,
            Set<PackageName> visiting,
            Map<PackageName, PackageScope> order)
            throws WitResolveException {
        if (order.containsKey(scope.name())) {
            return;
        }
        for (Map.Entry<PackageName, Place> dependency : scope.dependencies().entrySet()) {
            PackageName name = dependency.getKey();
            PackageScope target = scopes.get(name);
            if (target == null) {
                if (known.contains(name)) {
                    continue;
                }
                throw missing(name, scopes.keySet(), known, dependency.getValue());
            }
            if (!visiting.add(name)) {
                throw new WitResolveException(
                        "package `" + name + "` creates a dependency cycle", dependency.getValue());
            }
            if (visiting.size() > ResolveLimits.CHAIN) {
                throw new WitResolveException(
                        "more than " + ResolveLimits.CHAIN + " packages depend on each other in a chain",
                        dependency.getValue());
            }
            visit(target, scopes, known, visiting, order);
            visiting.remove(name);
        }
        order.put(scope.name(), scope);
    }

    private static WitResolveException missing(
            PackageName name, Set<PackageName> scopes, Set<PackageName> known, Place place) {
        Set<PackageName> all = new TreeSet<>(scopes);
        all.addAll(known);
        String list = all.stream().map(each -> "\n    " + each).collect(Collectors.joining());
        return new WitResolveException("package '" + name + "' not found. known packages:" + list, place);
    }

    private static WitPackage build(PackageScope scope, ResolveState state) throws WitResolveException {
        List<WitInterface> interfaces = new ArrayList<>();
        List<WitWorld> worlds = new ArrayList<>();
        for (Map.Entry<Owner.InterfaceId, Place> use : scope.topLevelUses().entrySet()) {
            if (!state.interfaces.containsKey(use.getKey())) {
                throw References.missingInterface(use.getKey(), use.getValue());
            }
        }
        List<PackageScope.Decl> ordered = scope.ordered();
        for (PackageScope.Decl decl : ordered) {
            if (decl.item() instanceof Item.Interface item) {
                Gates gates = Gates.withoutExternalId(item.gates());
                Place place = item.id().place();
                Owner.InterfaceId id =
                        new Owner.InterfaceId(scope.name(), item.id().name());
                boolean included = gates.include(state.features, scope.name(), place);
                WitInterface built = new InterfaceBuilder(state, scope)
                        .build(id, decl.file(), item.items(), gates.annotations(item.docs(), place), included);
                if (!state.define(id, built)) {
                    throw new WitResolveException(
                            "interface `" + id + "` stands on a chain of more than " + ResolveLimits.CHAIN
                                    + " interfaces that use each other",
                            place);
                }
                if (included) {
                    interfaces.add(built);
                } else {
                    state.excludedOwners.add(id);
                }
            }
        }
        for (PackageScope.Decl decl : ordered) {
            if (decl.item() instanceof Item.World item) {
                Gates gates = Gates.withoutExternalId(item.gates());
                Place place = item.id().place();
                boolean included = gates.include(state.features, scope.name(), place);
                WitWorld built = new WorldBuilder(state, scope, decl.file(), item, included)
                        .build(gates.annotations(item.docs(), place));
                state.worlds.put(built.id(), built);
                if (included) {
                    worlds.add(built);
                } else {
                    state.excludedOwners.add(built.id());
                }
            }
        }
        return new WitPackage(scope.name(), scope.syntax().docs(), interfaces, worlds);
    }
}
