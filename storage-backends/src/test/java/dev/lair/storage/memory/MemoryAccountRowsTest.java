package dev.lair.storage.memory;

import dev.lair.storage.AccountRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryAccountRowsTest extends AccountRowsContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
