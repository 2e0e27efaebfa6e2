package dev.lair.storage.memory;

import dev.lair.storage.CheckpointContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryCheckpointTest extends CheckpointContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
