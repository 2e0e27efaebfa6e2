package dev.lair.storage.memory;

import dev.lair.storage.LedgerStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryLedgerStoreTest extends LedgerStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
