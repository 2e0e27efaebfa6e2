package dev.lair.storage.s3;

import dev.lair.storage.ContentStoreContract;
import dev.lair.storage.Storage;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;

class S3ContentStoreTest extends ContentStoreContract {

    @TempDir
    private static Path folder;

    @Override
    protected Storage open(Clock clock) throws Exception {
        return S3Bundle.open(folder, clock);
    }
}
