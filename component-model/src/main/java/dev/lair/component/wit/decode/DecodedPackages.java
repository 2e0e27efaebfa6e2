package dev.lair.component.wit.decode;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The interfaces and worlds met while decoding, by package. */
final class DecodedPackages {
    private final Map<PackageName, Map<Owner.InterfaceId, WitInterface>> interfaces = new LinkedHashMap<>();
    private final Map<PackageName, List<WitWorld>> worlds = new LinkedHashMap<>();
    private final Map<PackageName, String> docs = new LinkedHashMap<>();

    void docs(PackageName name, @Nullable String text) {
        if (text != null) {
            docs.put(name, text);
        }
    }

    /** Keeps the fuller of two views of an interface: its users carry its types only. */
    void define(WitInterface each) {
        Owner.InterfaceId id = (Owner.InterfaceId) each.id();
        interfaces
                .computeIfAbsent(id.packageName(), name -> new LinkedHashMap<>())
                .merge(id, each, (a, b) -> b.functions().size() > a.functions().size() ? b : a);
    }

    void define(WitWorld world) {
        worlds.computeIfAbsent(world.id().packageName(), name -> new ArrayList<>())
                .add(world);
    }

    /**
     * All packages, in the order in which their first interface was met, the main one last.
     *
     * @throws WitException when an interface has not the types that others use of it: a binary repeats an interface where
     *     it is used, and nothing makes the repetitions agree
     */
    Resolved resolved(PackageName main) throws WitException {
        Set<PackageName> names = new LinkedHashSet<>(interfaces.keySet());
        names.remove(main);
        names.add(main);
        List<WitPackage> packages = names.stream()
                .map(name -> new WitPackage(
                        name,
                        docs.get(name),
                        List.copyOf(interfaces.getOrDefault(name, Map.of()).values()),
                        worlds.getOrDefault(name, List.of())))
                .toList();
        Resolved resolved = new Resolved(main, packages);
        for (WitTypeDef type : resolved.types()) {
            if (type.kind() instanceof WitTypeDef.Alias alias
                    && alias.type() instanceof WitType.Named other
                    && !resolved.has(other.name())) {
                throw new WitException(
                        "`" + type.id().owner() + "` uses `" + other.name().name() + "` of `"
                                + other.name().owner() + "`, which has no such type elsewhere in the binary",
                        Place.NONE);
            }
        }
        return resolved;
    }
}
