package dev.lair.storage.memory;

import dev.lair.storage.ContentStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryContentStoreTest extends ContentStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
