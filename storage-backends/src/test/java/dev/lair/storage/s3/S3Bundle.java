package dev.lair.storage.s3;

import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The stores of a fresh prefix, with a ledger in the heap beside them as the contracts want one. */
final class S3Bundle {

    private S3Bundle() {}

    static Storage open(Path folder, Clock clock) throws IOException {
        S3Storage s3 =
                S3Storage.open(S3Server.shared().settings(), Files.createTempDirectory(folder, "scratch"), clock);
        Storage heap = MemoryStorage.open(clock);
        return new Storage(
                heap.ledger(),
                heap.evidence(),
                heap.submissions(),
                s3.snapshots(),
                s3.contents(),
                Optional.of(s3.archive()),
                Storage.Sharing.SHARED,
                s3::close);
    }
}
