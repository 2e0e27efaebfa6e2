package dev.lair.storage.memory;

import dev.lair.storage.CatalogRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryCatalogRowsTest extends CatalogRowsContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
