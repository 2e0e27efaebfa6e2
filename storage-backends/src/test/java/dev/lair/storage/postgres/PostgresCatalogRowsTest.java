package dev.lair.storage.postgres;

import dev.lair.storage.CatalogRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresCatalogRowsTest extends CatalogRowsContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected Storage open(Clock clock) {
        return SCHEMAS.open(clock);
    }
}
