package dev.lair.component.inspect;

import dev.lair.component.binary.RawName;
import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.types.Entity;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.wit.InterfaceUses;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.component.wit.print.WitFragment;
import dev.lair.component.wit.print.WitPrinter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the types of a valid component or WIT package say. */
record ComponentItems(
        List<ExternFact> imports,
        List<ExternFact> exports,
        @Nullable String wit,
        @Nullable PackageName packageName,
        List<InterfaceFact> interfaces,
        List<WorldFact> worlds,
        List<DependencyFact> dependencies) {
    /** Of a binary without component types. */
    static final ComponentItems NONE =
            new ComponentItems(List.of(), List.of(), null, null, List.of(), List.of(), List.of());

    static ComponentItems of(ValidatedComponent component, List<String> gaps) {
        Resolved resolved = null;
        try {
            resolved = WitDecoder.decode(component);
        } catch (WitException unspeakable) {
            gaps.add("there is no WIT for it: " + unspeakable.getMessage());
        }
        boolean isPackage = WitDecoder.isPackage(component);
        WitPackage main = resolved == null ? null : resolved.main();
        WitWorld root = main == null || isPackage || main.worlds().isEmpty()
                ? null
                : main.worlds().get(0);
        Map<String, Entity.Item> imports = component.type().imports();
        Map<String, Entity.Item> exports = component.type().exports();
        return new ComponentItems(
                externs(imports, root == null ? List.of() : root.imports(), "imports", gaps),
                externs(exports, root == null ? List.of() : root.exports(), "exports", gaps),
                resolved == null
                        ? null
                        : isPackage ? WitPrinter.print(resolved, resolved.main()) : WitPrinter.print(resolved),
                main == null || !isPackage ? null : main.name(),
                main == null || !isPackage
                        ? List.of()
                        : main.interfaces().stream().map(ComponentItems::fact).toList(),
                main == null || !isPackage
                        ? List.of()
                        : main.worlds().stream().map(ComponentItems::fact).toList(),
                isPackage ? (main == null ? List.of() : dependencies(main)) : dependencies(imports, exports));
    }

    private static List<ExternFact> externs(
            Map<String, Entity.Item> items, List<WorldItem> world, String what, List<String> gaps) {
        Map<String, String> wit = new HashMap<>();
        world.forEach(item -> wit.put(item.key(), text(item)));
        if (items.size() > InspectLimits.EXTERNS) {
            gaps.add("of " + items.size() + " " + what + " the first " + InspectLimits.EXTERNS + " are listed");
        }
        return items.entrySet().stream()
                .limit(InspectLimits.EXTERNS)
                .map(each ->
                        new ExternFact(each.getKey(), each.getValue().entity().label(), wit.get(each.getKey())))
                .toList();
    }

    private static String text(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named ->
                named.label() == null ? named.key() : named.label() + ": " + named.id();
            case WitWorld.InlineItem inline -> inline.label() + ": interface { " + functions(inline.body()) + " }";
            case WitWorld.FunctionItem function -> WitFragment.function(function.function());
            case WitWorld.TypeItem type -> WitFragment.declaration(type.type());
        };
    }

    private static String functions(WitInterface body) {
        return String.join(
                " ",
                body.functions().stream()
                        .map(function -> WitFragment.function(function) + ";")
                        .toList());
    }

    private static InterfaceFact fact(WitInterface item) {
        return new InterfaceFact(
                item.id().toString(),
                item.annotations().docs(),
                item.types().stream().map(WitFragment::declaration).toList(),
                item.orderedFunctions().stream().map(WitFragment::function).toList());
    }

    private static WorldFact fact(WitWorld world) {
        return new WorldFact(
                world.id().toString(), world.annotations().docs(), keys(world.imports()), keys(world.exports()));
    }

    private static List<String> keys(List<WorldItem> items) {
        return items.stream()
                .filter(item -> !(item instanceof WitWorld.TypeItem))
                .map(WorldItem::key)
                .toList();
    }

    private static List<DependencyFact> dependencies(WitPackage main) {
        Dependencies found = new Dependencies();
        InterfaceUses.of(main).forEach((id, how) -> {
            if (!id.packageName().equals(main.name())) {
                how.forEach(each -> found.add(id, each));
            }
        });
        return found.facts();
    }

    private static List<DependencyFact> dependencies(
            Map<String, Entity.Item> imports, Map<String, Entity.Item> exports) {
        Dependencies found = new Dependencies();
        imports.values().forEach(item -> found.add(item.name(), InterfaceUses.How.IMPORTED));
        exports.values().forEach(item -> found.add(item.name(), InterfaceUses.How.EXPORTED));
        return found.facts();
    }

    /** Gathers interfaces by package. */
    private static final class Dependencies {
        private final Map<PackageName, Set<InterfaceUses.How>> how = new TreeMap<>();
        private final Map<PackageName, Set<String>> interfaces = new TreeMap<>();

        void add(Owner.InterfaceId id, InterfaceUses.How each) {
            how.computeIfAbsent(id.packageName(), name -> EnumSet.noneOf(InterfaceUses.How.class))
                    .add(each);
            interfaces
                    .computeIfAbsent(id.packageName(), name -> new LinkedHashSet<>())
                    .add(id.name());
        }

        /** A name of a binary, and what it says to implement. */
        void add(RawName name, InterfaceUses.How each) {
            List<String> texts = new ArrayList<>(List.of(name.text()));
            String implementing = name.implementsName();
            if (implementing != null) {
                texts.add(implementing);
            }
            for (String text : texts) {
                try {
                    if (ExternName.parse(text, true, name.versionSuffix()) instanceof ExternName.InterfaceName full) {
                        PackageName packageName = new PackageName(
                                String.join(":", full.namespaces()), full.packageName(), full.semanticVersion());
                        add(new Owner.InterfaceId(packageName, full.interfaceName()), each);
                    }
                } catch (InvalidNameException noInterface) {
                    continue; // a name that WIT does not have refers to no package
                }
            }
        }

        List<DependencyFact> facts() {
            return how.keySet().stream()
                    .map(name -> new DependencyFact(
                            name,
                            how.getOrDefault(name, Set.of()),
                            List.copyOf(interfaces.getOrDefault(name, Set.of()))))
                    .toList();
        }
    }
}
