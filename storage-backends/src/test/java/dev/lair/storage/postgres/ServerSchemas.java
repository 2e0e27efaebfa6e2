package dev.lair.storage.postgres;

import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A database for a test class, with an empty schema for each of its tests. Skips the class without a server. */
final class ServerSchemas implements BeforeAllCallback, AfterAllCallback {

    private @Nullable FreshDatabase database;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        database = PostgresServer.orSkip().createDatabase();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (database != null) {
            database.close();
        }
    }

    FreshDatabase database() {
        return Objects.requireNonNull(database, "a static field with @RegisterExtension");
    }

    /** Settings of an empty schema. */
    PostgresSettings next() {
        return database().emptySchema();
    }

    /** A storage upon an empty schema; contents, which this backend does not keep, are in memory. */
    Storage open(Clock clock) {
        return storage(PostgresStorage.open(next()), clock);
    }

    static Storage storage(PostgresLedger opened, Clock clock) {
        return new Storage(
                opened.ledger(),
                opened.evidence(),
                opened.submissions(),
                opened.snapshots(),
                MemoryStorage.open(clock).contents(),
                opened.facts(),
                opened.registry(),
                Optional.empty(),
                Storage.Sharing.SHARED,
                opened::close);
    }
}
