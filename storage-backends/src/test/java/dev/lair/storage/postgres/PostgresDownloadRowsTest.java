package dev.lair.storage.postgres;

import dev.lair.storage.DownloadRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresDownloadRowsTest extends DownloadRowsContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected Storage open(Clock clock) {
        return SCHEMAS.open(clock);
    }
}
