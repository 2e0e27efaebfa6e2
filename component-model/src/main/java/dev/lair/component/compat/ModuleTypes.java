package dev.lair.component.compat;

import dev.lair.component.types.ComponentType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.InstanceType;
import java.util.Map;

/**
 * Whether the type of a core module stands in an entity. Two components number core types each in their own way, so such
 * types cannot be compared across components; WIT has none of them.
 */
final class ModuleTypes {
    private ModuleTypes() {}

    static boolean inside(Entity entity) {
        return switch (entity) {
            case Entity.Module e -> true;
            case Entity.Func e -> false;
            case Entity.Value e -> false;
            case Entity.Instance e -> inside(e.type().exports());
            case Entity.Component e -> inside(e.type());
            case Entity.Type e ->
                switch (e.created()) {
                    case InstanceType t -> inside(t.exports());
                    case ComponentType t -> inside(t);
                    default -> false;
                };
        };
    }

    private static boolean inside(ComponentType type) {
        return inside(type.imports()) || inside(type.exports());
    }

    private static boolean inside(Map<String, Entity.Item> items) {
        return items.values().stream().anyMatch(item -> inside(item.entity()));
    }
}
