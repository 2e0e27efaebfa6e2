package dev.lair.storage.memory;

import dev.lair.storage.SnapshotStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemorySnapshotStoreTest extends SnapshotStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
