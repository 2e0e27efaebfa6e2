package dev.lair.storage.embedded;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * {@code ledger.db}, or a witness's database: SQLite in WAL mode with {@code synchronous=FULL}, so each commit ends with a
 * sync of the log file and a crash loses nothing that was answered. One connection writes; {@value Limits#READERS} read. A writer pool of
 * four gave lock errors and time-outs where one gave none.
 *
 * <p>Native calls pin virtual threads to their carriers, so every statement runs on a platform thread of this class
 * and callers of any kind wait. Waiting cannot be interrupted: a caller must learn how a commit ended; an interrupt
 * stays set.
 *
 * <p>The first error on the writer that leaves an outcome unknown stops it for good; see {@link GroupWriter}. That does
 * not concern the moves from the WAL into the database file, whose errors SQLite keeps to itself: until a sync of that
 * file has succeeded the pages stay in the WAL, and the next attempt writes them anew before it syncs.
 */
final class LedgerDatabase implements AutoCloseable {

    /** Statements on one connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Stands before each commit, for tests: an exception from here counts as the commit's own. */
    @FunctionalInterface
    interface CommitProbe {
        CommitProbe NONE = connection -> {};

        void beforeCommit(Connection connection) throws SQLException;
    }

    /** Which database a file holds: its tables, and what messages call it. */
    enum Kind {
        LEDGER("ledger", SQLiteConfig.SynchronousMode.FULL),
        WITNESS("witness", SQLiteConfig.SynchronousMode.FULL),
        REGISTRY("registry", SQLiteConfig.SynchronousMode.FULL),
        /** Derived: a loss of power may take the last commits, never the file's consistency. */
        FACTS("facts", SQLiteConfig.SynchronousMode.NORMAL);

        private final String word;
        private final SQLiteConfig.SynchronousMode synchronous;

        Kind(String word, SQLiteConfig.SynchronousMode synchronous) {
            this.word = word;
            this.synchronous = synchronous;
        }

        private String describe(Path file) {
            return word + " database " + file;
        }

        /** Threads and pools of one process are told apart by these. */
        private String thread(String role) {
            return "lair-" + word + "-" + role;
        }

        private String scripts() {
            return "classpath:db/" + word + "/sqlite";
        }

        private String historyTable() {
            return word + "_schema_history";
        }
    }

    private final String name;
    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private final GroupWriter groupWriter;
    private final ExecutorService readerThreads;

    private LedgerDatabase(
            String name, Kind kind, HikariDataSource writer, HikariDataSource readers, CommitProbe probe) {
        this.name = name;
        this.writer = writer;
        this.readers = readers;
        this.groupWriter = new GroupWriter(
                name,
                kind.thread("writer"),
                new GroupWriter.Connections() {
                    @Override
                    public Connection get() throws SQLException {
                        return writer.getConnection();
                    }

                    @Override
                    public void evict(Connection connection) {
                        writer.evictConnection(connection);
                    }
                },
                probe);
        this.readerThreads = Executors.newFixedThreadPool(Limits.READERS, threads(kind.thread("reader-")));
    }

    private static ThreadFactory threads(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix, 0).factory();
    }

    /** Opens or creates the ledger's database and brings its tables to this version. */
    static LedgerDatabase open(Path file, CommitProbe probe) {
        return open(file, Kind.LEDGER, probe);
    }

    /** The same for a database with other tables. */
    static LedgerDatabase open(Path file, Kind kind, CommitProbe probe) {
        String name = kind.describe(file);
        HikariDataSource writer = null;
        HikariDataSource readers = null;
        LedgerDatabase opened = null;
        try {
            writer = pool(kind.thread("writer"), writerConfig(kind), file, 1, false);
            requireDurable(writer, kind, name);
            migrate(writer, kind);
            // After the writer: a read-only connection cannot create the files of the WAL.
            readers = pool(kind.thread("reader"), readerConfig(), file, Limits.READERS, true);
            opened = new LedgerDatabase(name, kind, writer, readers, probe);
            return opened;
        } catch (SQLException | FlywayException | HikariPool.PoolInitializationException e) {
            throw new StorageException(name + " cannot be opened", e);
        } finally {
            if (opened == null) {
                if (readers != null) {
                    readers.close();
                }
                if (writer != null) {
                    writer.close();
                }
            }
        }
    }

    private static SQLiteConfig writerConfig(Kind kind) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(kind.synchronous);
        config.enforceForeignKeys(true);
        config.setBusyTimeout((int) Limits.BUSY_TIMEOUT.toMillis());
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setCacheSize(-Limits.WRITER_CACHE_KIB);
        // Savepoints copy the pages that a work changes; a file for them would be written for nothing.
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return config;
    }

    static SQLiteConfig readerConfig() {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout((int) Limits.BUSY_TIMEOUT.toMillis());
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        config.setCacheSize(-Limits.READER_CACHE_KIB);
        return config;
    }

    private static HikariDataSource pool(String name, SQLiteConfig config, Path file, int size, boolean readOnly) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setReadOnly(readOnly);
        pool.setMaxLifetime(0);
        return new HikariDataSource(pool);
    }

    /** SQLite falls back without a word where it cannot have its way, for example without shared memory. */
    private static void requireDurable(HikariDataSource writer, Kind kind, String name) throws SQLException {
        try (Connection connection = writer.getConnection();
                Statement statement = connection.createStatement()) {
            try (var mode = statement.executeQuery("PRAGMA journal_mode")) {
                if (!mode.getString(1).equalsIgnoreCase("wal")) {
                    throw new StorageException(name + " has journal mode " + mode.getString(1)
                            + " instead of WAL: use a local file system");
                }
            }
            try (var synchronous = statement.executeQuery("PRAGMA synchronous")) {
                if (synchronous.getInt(1) < kind.synchronous.ordinal()) {
                    throw new StorageException(name + " does not sync each commit");
                }
            }
        }
    }

    /** Each script and its row in the history are one transaction, so a crash leaves the old version or the new. */
    private static void migrate(HikariDataSource writer, Kind kind) {
        Flyway.configure(LedgerDatabase.class.getClassLoader())
                .dataSource(writer)
                .locations(kind.scripts())
                .table(kind.historyTable())
                .loggers("slf4j")
                .load()
                .migrate();
    }

    /** Runs {@code work} on a read-only connection. One statement sees one state; two may see two. */
    <T> T read(Work<T> work) {
        return await(submit(readerThreads, () -> {
            try (Connection connection = readers.getConnection()) {
                return work.run(connection);
            } catch (SQLException e) {
                throw new StorageException(name + " cannot be read", e);
            }
        }));
    }

    /**
     * Runs {@code work} as one durable transaction, alone among all writes. An exception from {@code work} rolls it
     * back.
     *
     * @throws ConstraintBrokenException when a row was there already; nothing was written
     * @throws StorageStoppedException when this or an earlier write ended with an error whose outcome is unknown
     */
    <T> T write(Work<T> work) {
        return await(queue(work));
    }

    /** The same without waiting. */
    <T> CompletableFuture<T> queue(Work<T> work) {
        return groupWriter.write(work);
    }

    private <T> Future<T> submit(ExecutorService threads, Callable<T> task) {
        try {
            return threads.submit(task);
        } catch (RejectedExecutionException e) {
            throw new StorageException(name + " is closed", e);
        }
    }

    /** Waits for the end of a read or write, whatever it is; throws what it threw. */
    static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException known) {
            return known;
        }
        return new StorageException("an unexpected error of the database", new IllegalStateException(cause));
    }

    /** Waits for statements that run, then closes; the last close moves the WAL into the database file. */
    @Override
    public void close() {
        readerThreads.shutdown();
        try {
            boolean ended = groupWriter.close()
                    && readerThreads.awaitTermination(Limits.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                throw new StorageException(
                        "statements on " + name + " did not end within " + Limits.CLOSE_TIMEOUT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.close();
            writer.close();
        }
    }
}
