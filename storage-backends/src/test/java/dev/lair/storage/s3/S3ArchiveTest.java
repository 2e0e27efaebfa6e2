package dev.lair.storage.s3;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveContract;
import dev.lair.storage.TestClock;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class S3ArchiveTest extends ArchiveContract {

    @TempDir
    private Path scratch;

    private @Nullable S3Storage storage;

    @Override
    protected Archive openArchive() {
        S3Storage opened = S3Storage.open(S3Server.shared().settings(), scratch, new TestClock());
        storage = opened;
        return opened.archive();
    }

    @AfterEach
    void close() {
        if (storage != null) {
            storage.close();
        }
    }
}
