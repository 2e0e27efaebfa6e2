package dev.lair.component.wit;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A closed set of packages: whatever one refers to is in it. Packages stand after those that they depend on. */
public final class Resolved {
    private final PackageName main;
    private final Map<PackageName, WitPackage> packages = new LinkedHashMap<>();
    private final Map<Owner.InterfaceId, WitInterface> interfaces = new LinkedHashMap<>();
    private final Map<TypeName, WitTypeDef> types = new LinkedHashMap<>();

    public Resolved(PackageName main, List<WitPackage> packages) {
        this.main = main;
        for (WitPackage each : packages) {
            this.packages.put(each.name(), each);
            each.interfaces().forEach(this::index);
            each.worlds().forEach(this::index);
        }
        if (!this.packages.containsKey(main)) {
            throw new IllegalArgumentException("the main package is not in the set: " + main);
        }
    }

    private void index(WitWorld world) {
        List.of(world.imports(), world.exports())
                .forEach(items -> items.forEach(item -> {
                    switch (item) {
                        case WitWorld.TypeItem type -> types.put(type.type().id(), type.type());
                        case WitWorld.InlineItem inline -> index(inline.body());
                        case WitWorld.FunctionItem function -> {}
                        case WitWorld.InterfaceItem named -> {}
                    }
                }));
    }

    private void index(WitInterface each) {
        if (each.id() instanceof Owner.InterfaceId id) {
            interfaces.put(id, each);
        }
        each.types().forEach(type -> types.put(type.id(), type));
    }

    /** The package that was asked for; the others are what it depends on and what stood beside it. */
    public WitPackage main() {
        return Objects.requireNonNull(packages.get(main));
    }

    public List<WitPackage> packages() {
        return List.copyOf(packages.values());
    }

    public Optional<WitPackage> find(PackageName name) {
        return Optional.ofNullable(packages.get(name));
    }

    /** The interface of a name that this set refers to. */
    public WitInterface get(Owner.InterfaceId id) {
        return Objects.requireNonNull(interfaces.get(id), id::toString);
    }

    /** The type of a name that this set refers to. */
    public WitTypeDef get(TypeName name) {
        return Objects.requireNonNull(types.get(name), name::toString);
    }

    /** Whether there is a type of this name. */
    public boolean has(TypeName name) {
        return types.containsKey(name);
    }

    /** All named types of all packages. */
    public Collection<WitTypeDef> types() {
        return Collections.unmodifiableCollection(types.values());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Resolved that && main.equals(that.main) && packages.equals(that.packages);
    }

    @Override
    public int hashCode() {
        return Objects.hash(main, packages);
    }

    @Override
    public String toString() {
        return main + " in " + packages.keySet();
    }
}
