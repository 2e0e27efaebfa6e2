package dev.lair.storage.memory;

import dev.lair.storage.PublisherRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryPublisherRowsTest extends PublisherRowsContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
