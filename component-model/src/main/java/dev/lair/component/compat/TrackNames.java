package dev.lair.component.compat;

import dev.lair.component.binary.RawName;
import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.types.Entity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds imports or exports of a component by names of another: the same name, else the same name on its track. */
final class TrackNames {
    private final Map<String, Entity.Item> items;
    private final Map<String, String> byTrack = new HashMap<>();

    TrackNames(Map<String, Entity.Item> items) {
        this.items = items;
        items.forEach((name, item) -> byTrack.putIfAbsent(track(item.name()), name));
    }

    /** The name here, or null. */
    @Nullable
    String find(String name, RawName raw) {
        return items.containsKey(name) ? name : byTrack.get(track(raw));
    }

    /** A name with its version's track in place of the version; a name without version as it is. */
    private static String track(RawName name) {
        try {
            if (ExternName.parse(name.text(), true, name.versionSuffix()) instanceof ExternName.InterfaceName full) {
                SemanticVersion version = full.semanticVersion();
                int at = name.text().indexOf('@');
                // A canonical version is a track already: `1` or `0.2`.
                return version == null || at < 0 ? name.text() : name.text().substring(0, at) + '@' + version.track();
            }
        } catch (InvalidNameException unreadable) {
            return name.text();
        }
        return name.text();
    }
}
