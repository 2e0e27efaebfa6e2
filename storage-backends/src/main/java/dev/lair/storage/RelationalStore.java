package dev.lair.storage;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Transactions on the tables of accounts, rights and tokens. They are primary state: nothing can make them again. The
 * tables and their statements are the same in every backend ({@code dev.lair.storage.registry}); what differs, and is said
 * here, is how a transaction is run.
 *
 * <p><b>Durability.</b> When {@link #write} returns, what it wrote survives a crash. When it throws, nothing was written,
 * unless the backend's exception says that the outcome is unknown.
 *
 * <p><b>Isolation.</b> Writes have the effect of running one after the other: what a write read is still true when it
 * commits. The database is not the same one as the ledger's in every backend, so no transaction spans both.
 *
 * <p>All methods may be called from many threads. Work may be run more than once, and must touch nothing but its
 * connection; an exception from it rolls back and reaches the caller.
 */
public interface RelationalStore {

    /** For a storage that keeps none of this: every call fails. */
    RelationalStore NONE = new RelationalStore() {
        @Override
        public <T> T read(Work<T> work) {
            throw new StorageException("this storage keeps no accounts");
        }

        @Override
        public <T> T write(Work<T> work) {
            throw new StorageException("this storage keeps no accounts");
        }
    };

    /** Statements on one connection, which is the backend's to close. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Runs statements that change nothing. One statement sees one state; two may see two. */
    <T> T read(Work<T> work);

    /** Runs one durable transaction. */
    <T> T write(Work<T> work);
}
