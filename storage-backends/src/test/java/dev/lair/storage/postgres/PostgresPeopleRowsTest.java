package dev.lair.storage.postgres;

import dev.lair.storage.PeopleRowsContract;
import dev.lair.storage.Storage;
import java.time.Clock;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPeopleRowsTest extends PeopleRowsContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected Storage open(Clock clock) {
        return SCHEMAS.open(clock);
    }
}
