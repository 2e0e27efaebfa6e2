package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is resolved so far. Items that a feature gate leaves out stay known here, so that a reference to one is told
 * apart from a reference to nothing; they are in no package that is handed out.
 */
final class ResolveState {
    final Features features;
    final Map<PackageName, WitPackage> packages = new HashMap<>();
    final Map<Owner.InterfaceId, WitInterface> interfaces = new HashMap<>();
    final Map<Owner.WorldId, WitWorld> worlds = new HashMap<>();
    final Map<TypeName, WitTypeDef> types = new HashMap<>();
    final Set<Owner> excludedOwners = new HashSet<>();
    final Set<TypeName> excludedTypes = new HashSet<>();
    private final Set<TypeName> holdsBorrow = new HashSet<>();
    private final Map<TypeName, TypeName> resources = new HashMap<>();
    private final Map<TypeName, Primitive> primitives = new HashMap<>();
    private final Map<Owner.InterfaceId, Integer> heights = new HashMap<>();
    private long addedParts;

    ResolveState(Features features) {
        this.features = features;
    }

    /** Takes in a type whose references are all known. */
    void define(WitTypeDef type) {
        types.put(type.id(), type);
        if (holdsBorrow(type.kind())) {
            holdsBorrow.add(type.id());
        }
        // Ends of alias chains are kept per type: following a chain each time would be quadratic in the text.
        if (type.kind() instanceof WitTypeDef.Resource) {
            resources.put(type.id(), type.id());
        } else if (type.kind() instanceof WitTypeDef.Alias alias) {
            if (alias.type() instanceof Primitive primitive) {
                primitives.put(type.id(), primitive);
            } else if (alias.type() instanceof WitType.Named named) {
                TypeName resource = resources.get(named.name());
                Primitive primitive = primitives.get(named.name());
                if (resource != null) {
                    resources.put(type.id(), resource);
                }
                if (primitive != null) {
                    primitives.put(type.id(), primitive);
                }
            }
        }
    }

    /** Takes in an interface; false when it stands on too long a chain of interfaces. */
    boolean define(Owner.InterfaceId id, WitInterface each) {
        interfaces.put(id, each);
        int height = 1
                + each.dependencies().stream()
                        .mapToInt(dependency -> heights.getOrDefault(dependency, 0))
                        .max()
                        .orElse(0);
        heights.put(id, height);
        return height <= ResolveLimits.CHAIN;
    }

    void define(WitPackage resolved) {
        packages.put(resolved.name(), resolved);
        resolved.interfaces().forEach(each -> {
            define((Owner.InterfaceId) each.id(), each);
            each.types().forEach(this::define);
        });
        resolved.worlds().forEach(world -> worlds.put(world.id(), world));
    }

    /** The resource that a name stands for, through aliases and {@code use}; null when it stands for another type. */
    @Nullable
    TypeName resource(TypeName name) {
        return resources.get(name);
    }

    /** The primitive that a type is, through aliases and {@code use}; null when it is another type. */
    @Nullable
    Primitive primitive(WitType type) {
        return switch (type) {
            case Primitive primitive -> primitive;
            case WitType.Named named -> primitives.get(named.name());
            default -> null;
        };
    }

    boolean holdsBorrow(WitType type) {
        return switch (type) {
            case WitType.Borrow borrow -> true;
            case WitType.Named named -> holdsBorrow.contains(named.name());
            default -> type.parts().stream().anyMatch(this::holdsBorrow);
        };
    }

    private boolean holdsBorrow(WitTypeDef.Kind kind) {
        return switch (kind) {
            case WitTypeDef.Alias alias -> holdsBorrow(alias.type());
            case WitTypeDef.RecordOf fields -> fields.fields().stream().anyMatch(f -> holdsBorrow(f.type()));
            case WitTypeDef.Variant variant ->
                variant.cases().stream().anyMatch(c -> {
                    WitType payload = c.type();
                    return payload != null && holdsBorrow(payload);
                });
            case WitTypeDef.EnumOf plain -> false;
            case WitTypeDef.Flags plain -> false;
            case WitTypeDef.Resource plain -> false;
        };
    }

    /** Counts what is added beyond the texts; false when it was too much. */
    boolean mayAdd(long parts) {
        addedParts += parts;
        return addedParts <= ResolveLimits.ADDED_PARTS;
    }
}
