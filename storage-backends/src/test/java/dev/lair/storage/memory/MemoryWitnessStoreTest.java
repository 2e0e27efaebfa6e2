package dev.lair.storage.memory;

import dev.lair.storage.WitnessStore;
import dev.lair.storage.WitnessStoreContract;

class MemoryWitnessStoreTest extends WitnessStoreContract {

    @Override
    protected WitnessStore openWitnesses() {
        return new MemoryWitnesses();
    }
}
