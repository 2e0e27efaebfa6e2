package dev.lair.storage.embedded;

import dev.lair.storage.RelationalStore;

/**
 * {@code registry.db} of a data folder: one writer, so that writes run one after the other without more ado. A file of its
 * own, so that the ledger's writer never waits for an account.
 */
final class SqliteRegistry implements RelationalStore, AutoCloseable {

    private final LedgerDatabase database;

    SqliteRegistry(LedgerDatabase database) {
        this.database = database;
    }

    @Override
    public <T> T read(Work<T> work) {
        return database.read(work::run);
    }

    @Override
    public <T> T write(Work<T> work) {
        return database.write(work::run);
    }

    @Override
    public void close() {
        database.close();
    }
}
