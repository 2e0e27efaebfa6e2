package dev.lair.storage.memory;

import dev.lair.storage.DownloadRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryDownloadRowsTest extends DownloadRowsContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
