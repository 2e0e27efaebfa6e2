package dev.lair.storage.memory;

import dev.lair.storage.EvidenceStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryEvidenceStoreTest extends EvidenceStoreContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
