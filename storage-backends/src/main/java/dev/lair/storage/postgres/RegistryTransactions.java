package dev.lair.storage.postgres;

import dev.lair.storage.RelationalStore;
import dev.lair.storage.StorageException;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Serializable transactions in the database that holds the ledger too. Of two that do not fit one after the other PostgreSQL
 * ends one, which is then run again: by its caller's words nothing happened.
 */
final class RegistryTransactions implements RelationalStore {

    private final Database database;

    RegistryTransactions(Database database) {
        this.database = database;
    }

    @Override
    public <T> T read(Work<T> work) {
        return database.read(work::run);
    }

    @Override
    public <T> T write(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.write(connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                    }
                    return work.run(connection);
                });
            } catch (StorageException e) {
                if (attempt == Limits.SERIALIZATION_ATTEMPTS || !isToBeRepeated(e)) {
                    throw e;
                }
            }
        }
    }

    /** 40001: it did not fit behind another transaction; 40P01: two waited for each other. Nothing was written. */
    private static boolean isToBeRepeated(StorageException e) {
        return e.getCause() instanceof SQLException cause
                && ("40001".equals(cause.getSQLState()) || "40P01".equals(cause.getSQLState()));
    }
}
