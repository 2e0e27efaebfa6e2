package dev.lair.component.compat;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Imports or exports of the new world, found by items of the old one. */
final class WorldItems {
    private final Names names;
    private final Set<WorldItem> rest = new LinkedHashSet<>();
    private final Map<String, WorldItem> onTrack = new HashMap<>();
    private final Map<String, Deque<WorldItem>> anyVersion = new HashMap<>();

    WorldItems(Names names, List<WorldItem> items) {
        this.names = names;
        for (WorldItem item : items) {
            rest.add(item);
            onTrack.putIfAbsent(key(item, names.newMain()), item);
            if (plain(item) instanceof Owner.InterfaceId id) {
                anyVersion.computeIfAbsent(path(id), p -> new ArrayDeque<>()).add(item);
            }
        }
    }

    /** What stands for an item of the old world; null when nothing does. Two versions on one track may share it. */
    @Nullable
    WorldItem take(WorldItem old) {
        WorldItem found = onTrack.get(key(old, names.oldMain()));
        if (found != null) {
            rest.remove(found);
        }
        return found;
    }

    /** The same interface of another version that stands for no other item. */
    @Nullable
    WorldItem takeAnyVersion(WorldItem old) {
        Owner.InterfaceId id = plain(old);
        Deque<WorldItem> candidates = id == null ? null : anyVersion.get(path(id));
        while (candidates != null && !candidates.isEmpty()) {
            WorldItem candidate = candidates.remove();
            if (rest.remove(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** Items that nothing in the old world stands for. */
    List<WorldItem> rest() {
        return new ArrayList<>(rest);
    }

    private String key(WorldItem item, PackageName main) {
        Owner.InterfaceId id = plain(item);
        return id == null ? item.key() : path(id) + '@' + track(id.packageName(), main);
    }

    private String track(PackageName name, PackageName main) {
        SemanticVersion version = name.version();
        boolean ownAcrossTracks = name.equals(main) && !Names.sameTrack(names.oldMain(), names.newMain());
        return ownAcrossTracks ? "own" : version == null ? "" : version.track();
    }

    /** The interface of an item that goes by its qualified name. */
    private static Owner.@Nullable InterfaceId plain(WorldItem item) {
        return item instanceof WitWorld.InterfaceItem named && named.label() == null ? named.id() : null;
    }

    private static String path(Owner.InterfaceId id) {
        PackageName name = id.packageName();
        return name.namespace() + ':' + name.name() + '/' + id.name();
    }
}
