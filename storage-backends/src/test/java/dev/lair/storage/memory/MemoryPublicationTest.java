package dev.lair.storage.memory;

import dev.lair.storage.PublicationContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryPublicationTest extends PublicationContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
