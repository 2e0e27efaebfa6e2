package dev.lair.storage.memory;

import dev.lair.storage.RegistryStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryRegistryStoreTest extends RegistryStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
