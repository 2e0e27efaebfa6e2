package dev.lair.server.namespace;

import dev.lair.storage.RelationalStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;

/** Owned namespaces wired by hand; for tests of other packages. */
public final class OpenOwners {

    private OpenOwners() {}

    /** Those of a storage; of one that keeps no accounts, none. */
    public static OwnedNamespaces over(Storage storage) {
        RelationalStore accounts = storage.registry() == RelationalStore.NONE
                ? MemoryStorage.open(Clock.systemUTC()).registry()
                : storage.registry();
        return new OwnedNamespaces(RegistryStore.over(accounts), Clock.systemUTC());
    }
}
