package dev.lair.storage.postgres;

import dev.lair.storage.PublisherRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPublisherRowsTest extends PublisherRowsContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected Storage open(Clock clock) {
        return SCHEMAS.open(clock);
    }
}
