package dev.lair.storage.embedded;

import dev.lair.storage.CatalogRowsContract;
import dev.lair.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCatalogRowsTest extends CatalogRowsContract {

    @TempDir
    private static Path folder;

    @Override
    protected Storage open(Clock clock) throws Exception {
        return EmbeddedStorage.open(Files.createTempDirectory(folder, "data"), clock);
    }
}
