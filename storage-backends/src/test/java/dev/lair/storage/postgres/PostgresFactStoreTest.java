package dev.lair.storage.postgres;

import dev.lair.storage.FactStoreContract;
import dev.lair.storage.Storage;
import java.time.Clock;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresFactStoreTest extends FactStoreContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected Storage open(Clock clock) {
        return SCHEMAS.open(clock);
    }
}
