package dev.lair.component.wit;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An interface, named or written out in a world.
 *
 * @param id an {@link Owner.InterfaceId} or {@link Owner.InlineId}
 * @param types used ones first, then each after those it refers to
 * @param functions in the order of the text
 */
public record WitInterface(Owner id, List<WitTypeDef> types, List<WitFunction> functions, Annotations annotations) {
    public WitInterface {
        types = List.copyOf(types);
        functions = List.copyOf(functions);
    }

    public Optional<WitTypeDef> type(String name) {
        return types.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /**
     * The functions as printed text and binaries have them: those of resources first, by the order of the resources.
     */
    public List<WitFunction> orderedFunctions() {
        Map<TypeName, Integer> order = new HashMap<>();
        types.forEach(type -> order.put(type.id(), order.size()));
        return functions.stream()
                .sorted(Comparator.comparingInt(f -> {
                    TypeName resource = f.resource();
                    return resource == null ? types.size() : order.getOrDefault(resource, types.size());
                }))
                .toList();
    }

    /** The interfaces whose types this one uses, in order of first use. */
    public List<Owner.InterfaceId> dependencies() {
        return types.stream()
                .map(WitTypeDef::used)
                .filter(used -> used != null && used.owner() instanceof Owner.InterfaceId)
                .map(used -> (Owner.InterfaceId) used.owner())
                .distinct()
                .toList();
    }
}
