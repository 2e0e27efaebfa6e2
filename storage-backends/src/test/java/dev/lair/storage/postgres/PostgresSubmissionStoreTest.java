package dev.lair.storage.postgres;

import dev.lair.storage.Storage;
import dev.lair.storage.SubmissionStoreContract;
import java.time.Clock;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSubmissionStoreTest extends SubmissionStoreContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected Storage open(Clock clock) {
        return SCHEMAS.open(clock);
    }
}
