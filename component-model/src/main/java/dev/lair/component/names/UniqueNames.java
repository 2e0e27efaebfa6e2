package dev.lair.component.names;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that stand beside each other; all must be strongly unique (Explainer.md, "Name Uniqueness"). */
public final class UniqueNames {
    private final Map<String, ExternName> byKey = new HashMap<>();

    /** Adds a name, unless one that is there already conflicts with it: that one is returned then, else null. */
    public @Nullable ExternName add(ExternName name) {
        return byKey.putIfAbsent(name.uniquenessKey(), name);
    }
}
