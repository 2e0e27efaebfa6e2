package dev.lair.storage.memory;

import dev.lair.storage.RelationalStore;
import dev.lair.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The tables of accounts in a SQLite database that has no file: the statements that run on a disk run here. One
 * connection, so one transaction at a time, reads among them; made when somebody asks for the first time, because most
 * registries in memory never do.
 */
final class MemoryRegistry implements RelationalStore {

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;

    @Override
    public <T> T read(Work<T> work) {
        return write(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        lock.lock();
        try {
            Connection open = open();
            boolean complete = false;
            try {
                T result = work.run(open);
                open.commit();
                complete = true;
                return result;
            } finally {
                if (!complete) {
                    open.rollback();
                }
            }
        } catch (SQLException e) {
            throw new StorageException("the accounts in memory refuse a statement: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            SQLiteConfig config = new SQLiteConfig();
            config.enforceForeignKeys(true);
            SQLiteDataSource source = new SQLiteDataSource(config);
            // A name of its own and a shared cache: the database lives as long as one connection does, and the
            // migration has one of its own.
            source.setUrl("jdbc:sqlite:file:lair-" + Long.toHexString(System.identityHashCode(this)) + "-"
                    + Long.toHexString(System.nanoTime()) + "?mode=memory&cache=shared");
            open = source.getConnection();
            Flyway.configure(MemoryRegistry.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/registry/sqlite")
                    .table("registry_schema_history")
                    .loggers("slf4j")
                    .load()
                    .migrate();
            open.setAutoCommit(false);
            connection = open;
        }
        return open;
    }
}
