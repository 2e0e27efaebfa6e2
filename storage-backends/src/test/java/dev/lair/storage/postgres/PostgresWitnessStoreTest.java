package dev.lair.storage.postgres;

import dev.lair.storage.WitnessStore;
import dev.lair.storage.WitnessStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresWitnessStoreTest extends WitnessStoreContract {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    @Override
    protected WitnessStore openWitnesses() {
        return PostgresWitnesses.open(SCHEMAS.next());
    }
}
