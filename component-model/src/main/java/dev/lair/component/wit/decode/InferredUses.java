package dev.lair.component.wit.decode;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code use}s that an interface or world needs without having them as types of its own. Text names a type of
 * another interface only after a {@code use}; binaries may go without (WIT.md, "Package Format", shows such ones).
 */
final class InferredUses {
    private final Owner owner;
    private final Set<String> taken;
    private final Map<TypeName, TypeName> uses = new LinkedHashMap<>();

    /** None yet; {@code taken} are the names that the owner has for its own items. */
    InferredUses(Owner owner, Set<String> taken) {
        this.owner = owner;
        this.taken = taken;
    }

    /** The name of a type inside the owner. */
    TypeName local(TypeName name) throws WitException {
        if (name.owner().equals(owner)) {
            return name;
        }
        TypeName local = new TypeName(owner, name.name());
        TypeName before = uses.get(local);
        if (name.equals(before)) {
            return local;
        }
        if (before != null || taken.contains(name.name()) || !(name.owner() instanceof Owner.InterfaceId)) {
            throw new WitException("`" + owner + "` refers to `" + name + "` without `use`", Place.NONE);
        }
        uses.put(local, name);
        return local;
    }

    List<WitTypeDef> types() {
        return uses.entrySet().stream()
                .map(use -> new WitTypeDef(
                        use.getKey(), new WitTypeDef.Alias(new WitType.Named(use.getValue())), Annotations.NONE))
                .toList();
    }
}
