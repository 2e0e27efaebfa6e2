package dev.lair.storage.memory;

import dev.lair.storage.NamespaceRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryNamespaceRowsTest extends NamespaceRowsContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
