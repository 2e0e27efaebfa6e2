package dev.lair.storage.memory;

import dev.lair.storage.EvidenceStore;
import dev.lair.storage.Storage;
import java.time.Clock;
import java.util.Optional;

/** Opens a {@link Storage} in the heap; see the package. */
public final class MemoryStorage {

    private MemoryStorage() {}

    /** A new, empty storage. {@code clock} gives the touch times of contents. Closing it does nothing. */
    public static Storage open(Clock clock) {
        EvidenceStore evidence = new MemoryEvidence();
        return new Storage(
                new MemoryLedger(evidence),
                evidence,
                new MemorySubmissions(),
                new MemorySnapshots(),
                new MemoryContents(clock),
                new MemoryFacts(),
                new MemoryRegistry(),
                Optional.of(new MemoryArchive()),
                Storage.Sharing.EXCLUSIVE,
                () -> {});
    }
}
