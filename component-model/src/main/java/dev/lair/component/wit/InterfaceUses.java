package dev.lair.component.wit;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which interfaces a package refers to, its own and those of others, and how. */
public final class InterfaceUses {
    /** How an interface is referred to. */
    public enum How {
        /** {@code use i.{t}}. */
        USED,
        /** A world imports it, by itself or because something else needs it. */
        IMPORTED,
        /** A world exports it. */
        EXPORTED
    }

    private final Map<Owner.InterfaceId, Set<How>> found = new LinkedHashMap<>();

    private InterfaceUses() {}

    /** All references, in the order of the package. */
    public static Map<Owner.InterfaceId, Set<How>> of(WitPackage each) {
        InterfaceUses uses = new InterfaceUses();
        each.interfaces().forEach(uses::used);
        for (WitWorld world : each.worlds()) {
            uses.items(world.imports(), How.IMPORTED);
            uses.items(world.exports(), How.EXPORTED);
        }
        return uses.found;
    }

    private void items(List<WitWorld.WorldItem> items, How how) {
        for (WitWorld.WorldItem item : items) {
            switch (item) {
                case WitWorld.InterfaceItem named -> add(named.id(), how);
                case WitWorld.InlineItem inline -> used(inline.body());
                case WitWorld.TypeItem type -> used(type.type());
                case WitWorld.FunctionItem function -> {}
            }
        }
    }

    private void used(WitInterface item) {
        item.types().forEach(this::used);
    }

    private void used(WitTypeDef type) {
        TypeName used = type.used();
        if (used != null && used.owner() instanceof Owner.InterfaceId id) {
            add(id, How.USED);
        }
    }

    private void add(Owner.InterfaceId id, How how) {
        found.computeIfAbsent(id, i -> EnumSet.noneOf(How.class)).add(how);
    }
}
