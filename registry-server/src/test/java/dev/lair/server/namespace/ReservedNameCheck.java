package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.server.settings.LairSettings;

/** Lets tests of other packages ask whether a name is reserved. */
public final class ReservedNameCheck {

    private ReservedNameCheck() {}

    public static boolean isReserved(LairSettings settings, String name) {
        return new ReservedNames(settings).contains(new Namespace(name));
    }
}
