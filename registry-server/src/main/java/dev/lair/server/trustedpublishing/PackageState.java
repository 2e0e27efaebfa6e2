package dev.lair.server.trustedpublishing;

import dev.lair.registry.PackageName;

/** What trusted publishing asks of packages. */
interface PackageState {

    /** Whether anything was ever released, or a key named, under this name. */
    boolean isBegun(PackageName name);

    /** Whether it has begun by an author's own key that did not let the registry's release. */
    boolean isClosed(PackageName name);
}
