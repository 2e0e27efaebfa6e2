package dev.lair.storage.memory;

import dev.lair.storage.FactStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryFactStoreTest extends FactStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
