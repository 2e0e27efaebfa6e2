package dev.lair.storage.memory;

import dev.lair.storage.Storage;
import java.time.Clock;

/** Opens a {@link Storage} in the heap; see the package. */
public final class MemoryStorage {

    private MemoryStorage() {}

    /** A new, empty storage. {@code clock} gives the touch times of contents. Closing it does nothing. */
    public static Storage open(Clock clock) {
        return new Storage(
                new MemoryLedger(),
                new MemorySubmissions(),
                new MemorySnapshots(),
                new MemoryContents(clock),
                () -> {});
    }
}
