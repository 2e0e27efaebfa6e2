package dev.lair.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lair.storage.StorageException;
import dev.lair.storage.postgres.CheckedSessions.Use;
import dev.lair.storage.postgres.Gathering.Twins;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's connections to the database: a pool that reads and one that writes, so that neither starves the other.
 *
 * <p><b>Outcome of a write.</b> An error before the commit was sent means that nothing was written: the server rolls
 * back whatever session ends otherwise. An error from the commit itself leaves the outcome unknown
 * ({@link OutcomeUnknownException}). Neither stops the node: the pools connect again, to whichever host is the primary
 * by then, and {@link StateRow} makes sure that the next reading of a state is final.
 *
 * <p><b>Threads.</b> Each call runs on a virtual thread of its own while the caller waits. An interrupt of the caller
 * would otherwise break the connection of a virtual thread in the middle of a commit; so it stays set, and the caller
 * learns how the commit ended.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** Statements on one connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Stands before and behind each commit, for tests: an exception from here counts as the commit's own. */
    interface CommitProbe {
        CommitProbe NONE = new CommitProbe() {};

        default void beforeCommit(Connection connection) throws SQLException {}

        default void afterCommit(Connection connection) throws SQLException {}
    }

    private final String shown;
    private final CommitProbe probe;
    private final CheckedSessions streams;
    private final HikariDataSource readers;
    private final HikariDataSource writers;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Database(PostgresSettings settings, CommitProbe probe) {
        this.shown = settings.shown();
        this.probe = probe;
        this.streams = new CheckedSessions(settings, Use.STREAM);
        this.readers = pool(settings, Use.READ, settings.readers());
        this.writers = pool(settings, Use.WRITE, settings.writers());
    }

    /** Looks at the server, brings the tables to this version and opens the pools. */
    static Database open(PostgresSettings settings, CommitProbe probe, Migration.Tables... tables) {
        try {
            CheckedSessions.Server server = Migration.run(settings, tables);
            LOG.info(
                    "{} is open: PostgreSQL {}, synchronous standbys: {}",
                    settings.shown(),
                    server.version(),
                    server.synchronousStandbys().isEmpty() ? "none" : server.synchronousStandbys());
        } catch (SQLException | FlywayException e) {
            throw new StorageException("the database " + settings.shown() + " cannot be opened: " + e.getMessage(), e);
        }
        return new Database(settings, probe);
    }

    private static HikariDataSource pool(PostgresSettings settings, Use use, int size) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("lair-ledger-" + use.name().toLowerCase(Locale.ROOT));
        pool.setDataSource(new CheckedSessions(settings, use));
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(Limits.POOL_WAIT.toMillis());
        pool.setValidationTimeout(Limits.CONNECT_TIMEOUT.toMillis());
        pool.setKeepaliveTime(Limits.KEEP_ALIVE.toMillis());
        pool.setMaxLifetime(Limits.MAX_LIFETIME.toMillis());
        // The server was there a moment ago; if it is gone now, callers learn it like at any other time.
        pool.setInitializationFailTimeout(-1);
        return new HikariDataSource(pool);
    }

    /** Hosts and database, for messages. */
    String shown() {
        return shown;
    }

    /**
     * Runs {@code work} on a read-only connection. One statement sees one state; two may see two. When the connection
     * turns out to be broken the work is done once more, on a new one.
     */
    <T> T read(Work<T> work) {
        return await(submit(() -> {
            try {
                return readOnce(work);
            } catch (SQLException e) {
                if (!isLost(e)) {
                    throw notRead(e);
                }
                forgetConnections();
            }
            try {
                return readOnce(work);
            } catch (SQLException e) {
                throw notRead(e);
            }
        }));
    }

    private <T> T readOnce(Work<T> work) throws SQLException {
        try (Connection connection = readers.getConnection()) {
            return work.run(connection);
        }
    }

    private StorageException notRead(SQLException e) {
        return new StorageException("the database " + shown + " cannot be read: " + reason(e), e);
    }

    /** Lets many callers share a statement, which uses {@link #read}; equal questions share the answer. */
    <Q, A> Gathering<Q, A> gatheredReads(Gathering.Statement<Q, A> statement) {
        return new Gathering<>(Function.identity(), Twins.SHARE_AN_ANSWER, statement, threads);
    }

    /** Lets many callers share a transaction, which uses {@link #write}; what has equal keys goes into different ones. */
    <Q, A> Gathering<Q, A> gatheredWrites(Function<Q, ?> key, Gathering.Statement<Q, A> statement) {
        return new Gathering<>(key, Twins.TAKE_TURNS, statement, threads);
    }

    /** A session for one long read, outside the pools; whoever asks closes it. */
    Connection stream() throws SQLException {
        if (threads.isShutdown()) {
            throw closed();
        }
        return streams.getConnection();
    }

    /**
     * Runs {@code work} as one durable transaction. An exception from {@code work} rolls it back.
     *
     * @throws ConstraintBrokenException when a row was there already; nothing was written
     * @throws OutcomeUnknownException when the commit got no answer
     * @throws StorageException when anything else failed; nothing was written
     */
    <T> T write(Work<T> work) {
        return await(submit(() -> {
            Connection connection;
            try {
                connection = writers.getConnection();
            } catch (SQLException e) {
                throw notWritten(e);
            }
            try {
                return transact(connection, work);
            } finally {
                giveBack(connection);
            }
        }));
    }

    private <T> T transact(Connection connection, Work<T> work) {
        T result;
        boolean complete = false;
        try {
            connection.setAutoCommit(false);
            result = work.run(connection);
            connection.clearWarnings();
            complete = true;
        } catch (SQLException e) {
            throw notWritten(e);
        } finally {
            if (!complete) {
                rollBack(connection);
            }
        }
        // A crash of either side up to here leaves nothing: no commit record is in the server's log. From here on it
        // may leave the whole batch. The server makes it visible to others only when its log is synced, and the answer
        // comes after that; so what was answered survives.
        try {
            probe.beforeCommit(connection);
            connection.commit();
            probe.afterCommit(connection);
            SQLWarning warning = connection.getWarnings();
            if (warning != null) {
                // The only warning that a commit knows: it was told not to wait for the standbys any longer. The rows
                // are in this server's log, but a failover could still lose them.
                throw warning;
            }
        } catch (SQLException e) {
            if (isState(e, "40001")) {
                // The server refused the commit: this transaction does not fit behind another, and is rolled back.
                throw notWritten(e);
            }
            forgetConnectionsIfLost(e);
            throw new OutcomeUnknownException(shown, e);
        }
        return result;
    }

    private StorageException notWritten(SQLException e) {
        forgetConnectionsIfLost(e);
        if (isState(e, "23505")) {
            return new ConstraintBrokenException(shown, e);
        }
        return new StorageException(
                "a write to the database " + shown + " failed, nothing was written: " + reason(e), e);
    }

    private static String reason(SQLException e) {
        // Hikari's own message says only how long it waited; its cause says for what.
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + " (" + cause.getMessage() + ")";
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("a connection broke before its rollback, which the server does anyway", e);
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The outcome is known by now, and the pool drops a connection that cannot be reset.
            LOG.debug("a connection could not be given back", e);
        }
    }

    private void forgetConnectionsIfLost(SQLException e) {
        if (isLost(e)) {
            forgetConnections();
        }
    }

    /** Where one connection broke, the others probably lead to the same dead server. */
    private void forgetConnections() {
        for (HikariDataSource pool : new HikariDataSource[] {readers, writers}) {
            var connections = pool.getHikariPoolMXBean();
            if (connections != null) {
                connections.softEvictConnections();
            }
        }
    }

    /**
     * Whether the session is of no use any more: the connection broke (08), the server ends, crashed or starts (57P0),
     * it ended the session for its silence (25P03), or it is no primary any longer (25006).
     */
    private static boolean isLost(SQLException e) {
        return isState(e, "08") || isState(e, "57P0") || isState(e, "25P03") || isState(e, "25006");
    }

    private static boolean isState(SQLException e, String prefix) {
        String state = e.getSQLState();
        return state != null && state.startsWith(prefix);
    }

    private <T> Future<T> submit(Callable<T> task) {
        try {
            return threads.submit(task);
        } catch (RejectedExecutionException e) {
            throw closed();
        }
    }

    private StorageException closed() {
        return new StorageException("the database " + shown + " is closed");
    }

    private static <T> T await(Future<T> future) {
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

    static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException known) {
            return known;
        }
        return new StorageException("an unexpected error of the database", new IllegalStateException(cause));
    }

    /** Waits for statements that run, then closes all connections but those of open streams. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(Limits.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StorageException("statements on the database " + shown + " did not end within "
                        + Limits.CLOSE_TIMEOUT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.close();
            writers.close();
        }
    }
}
