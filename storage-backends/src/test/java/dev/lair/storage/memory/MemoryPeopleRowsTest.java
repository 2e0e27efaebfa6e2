package dev.lair.storage.memory;

import dev.lair.storage.PeopleRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;

class MemoryPeopleRowsTest extends PeopleRowsContract {

    @Override
    protected Storage open(Clock clock) {
        return MemoryStorage.open(clock);
    }
}
