package dev.lair.storage.memory;

import dev.lair.storage.Storage;
import dev.lair.storage.SubmissionStoreContract;
import java.time.Clock;

class MemorySubmissionStoreTest extends SubmissionStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
