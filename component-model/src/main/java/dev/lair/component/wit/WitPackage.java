package dev.lair.component.wit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A package: interfaces, each after those of the package that it uses, and worlds, each after those it includes. */
public record WitPackage(
        PackageName name, @Nullable String docs, List<WitInterface> interfaces, List<WitWorld> worlds) {
    public WitPackage {
        interfaces = List.copyOf(interfaces);
        worlds = List.copyOf(worlds);
    }

    public Optional<WitInterface> find(String interfaceName) {
        return interfaces.stream()
                .filter(i -> i.id() instanceof Owner.InterfaceId id && id.name().equals(interfaceName))
                .findFirst();
    }

    public Optional<WitWorld> world(String worldName) {
        return worlds.stream().filter(w -> w.name().equals(worldName)).findFirst();
    }
}
