package dev.lair.server.quota;

import dev.lair.server.TestClock;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.RelationalStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.RegistryStore;

/** For tests of other packages that put a server together by hand. */
public final class OpenQuotas {

    private OpenQuotas() {}

    /** Those of a storage; of one that keeps no accounts, none that anything is counted in. */
    public static Quotas over(Storage storage, TestClock clock, LairSettings settings) {
        RelationalStore accounts = storage.registry() == RelationalStore.NONE
                ? MemoryStorage.open(clock).registry()
                : storage.registry();
        return new Quotas(RegistryStore.over(accounts), clock, settings);
    }
}
