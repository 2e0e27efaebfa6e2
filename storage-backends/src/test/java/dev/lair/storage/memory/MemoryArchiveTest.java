package dev.lair.storage.memory;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveContract;
import dev.lair.storage.TestClock;

class MemoryArchiveTest extends ArchiveContract {

    @Override
    protected Archive openArchive() {
        return MemoryStorage.open(new TestClock()).archive().orElseThrow();
    }
}
