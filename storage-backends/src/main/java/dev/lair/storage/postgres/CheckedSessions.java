package dev.lair.storage.postgres;

import java.io.Serial;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens sessions that are fit for the ledger. The server is looked at in each new session and not only at start,
 * because after a failover it is another one: it must be a primary of a supported version, sync what it commits, and
 * keep text as UTF-8.
 *
 * <p>What a session promises is set here as well, whatever the server's or the role's defaults are: a commit returns
 * when it is synced, and no statement, lock or silent network holds a thread for ever. These are settings of the
 * session, so a connection pooler between us and the server has to work per session, not per transaction.
 */
final class CheckedSessions extends PGSimpleDataSource {

    @Serial
    private static final long serialVersionUID = 1L;

    /** SQLSTATE of a refusal of ours; the class is free for use by applications. */
    static final String UNFIT = "LA001";

    private static final String LOOK = """
            SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
                   pg_is_in_recovery(), current_setting('fsync'), current_setting('full_page_writes'),
                   current_setting('server_encoding'), current_setting('synchronous_standby_names')
            """;

    /**
     * What is stronger than {@code on} stays: then a commit also waits until standbys show it. Warnings must reach us:
     * {@link Database} learns from one that a commit did not wait for its standbys.
     */
    private static final String SET = """
            SELECT set_config('synchronous_commit',
                     CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END,
                     false),
                   set_config('statement_timeout', ?, false),
                   set_config('lock_timeout', ?, false),
                   set_config('idle_in_transaction_session_timeout', ?, false),
                   set_config('default_transaction_read_only', ?, false),
                   set_config('default_transaction_isolation', 'read committed', false),
                   set_config('client_min_messages', 'warning', false)
            """;

    /** What a session is for. */
    enum Use {
        /** Single statements that change nothing. */
        READ(Limits.READ_TIMEOUT, Limits.LOCK_TIMEOUT, Limits.IDLE_IN_TRANSACTION, Limits.SOCKET_TIMEOUT, true),
        /** Durable transactions. Without a time-out of statements, see {@link Limits#READ_TIMEOUT}. */
        WRITE(Duration.ZERO, Limits.LOCK_TIMEOUT, Limits.IDLE_IN_TRANSACTION, Limits.SOCKET_TIMEOUT, false),
        /** One long read at the pace of whoever consumes it. */
        STREAM(Limits.READ_TIMEOUT, Limits.LOCK_TIMEOUT, Limits.IDLE_STREAM, Limits.SOCKET_TIMEOUT, true),
        /** Changes of tables, which may take as long as they take. */
        MIGRATION(Duration.ZERO, Limits.MIGRATION_WAIT, Duration.ZERO, Duration.ZERO, false);

        private final Duration statementTimeout;
        private final Duration lockTimeout;
        private final Duration idleInTransaction;
        private final Duration socketTimeout;
        private final boolean readOnly;

        Use(
                Duration statementTimeout,
                Duration lockTimeout,
                Duration idleInTransaction,
                Duration socketTimeout,
                boolean readOnly) {
            this.statementTimeout = statementTimeout;
            this.lockTimeout = lockTimeout;
            this.idleInTransaction = idleInTransaction;
            this.socketTimeout = socketTimeout;
            this.readOnly = readOnly;
        }
    }

    /** What the server said of itself. */
    record Server(String version, String synchronousStandbys) {}

    private final Use use;
    private final String shown;

    CheckedSessions(PostgresSettings settings, Use use) {
        this.use = use;
        this.shown = settings.shown();
        setUrl(settings.jdbcUrl());
        Properties given = settings.parameters();
        setUnless(given, PGProperty.TCP_KEEP_ALIVE, "true");
        setUnless(given, PGProperty.CONNECT_TIMEOUT, seconds(Limits.CONNECT_TIMEOUT));
        setUnless(given, PGProperty.LOGIN_TIMEOUT, seconds(Limits.LOGIN_TIMEOUT));
        setUnless(given, PGProperty.SOCKET_TIMEOUT, seconds(use.socketTimeout));
        setUnless(given, PGProperty.HOST_RECHECK_SECONDS, seconds(Limits.HOST_RECHECK));
        setUnless(given, PGProperty.APPLICATION_NAME, "lair");
        if (settings.hasSeveralHosts()) {
            setTargetServerType("primary");
        }
        setUser(settings.user());
        setPassword(settings.password());
        if (settings.schema() != null) {
            setCurrentSchema(settings.schema());
        }
    }

    /** Sets what the URL leaves open. */
    private void setUnless(Properties given, PGProperty property, String value) {
        if (!property.isPresent(given)) {
            setProperty(property, value);
        }
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }

    /** Every session comes through here, the ones without arguments too. */
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return checked(super.getConnection(user, password));
    }

    private Connection checked(Connection connection) throws SQLException {
        boolean fit = false;
        try {
            look(connection);
            prepare(connection);
            fit = true;
            return connection;
        } finally {
            if (!fit) {
                connection.close();
            }
        }
    }

    /** Looks at the server of an open session. */
    Server look(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK);
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getInt(1) < Limits.OLDEST_SERVER_MAJOR) {
                throw unfit("is PostgreSQL " + row.getString(2) + ": version " + Limits.OLDEST_SERVER_MAJOR
                        + " or later is needed, so upgrade it");
            }
            if (row.getBoolean(3)) {
                throw unfit("is a standby, which cannot be written to and may be behind: name the primary, or all hosts"
                        + " of the cluster, in the URL");
            }
            requireOn("fsync", row.getString(4));
            requireOn("full_page_writes", row.getString(5));
            if (!row.getString(6).equals("UTF8")) {
                throw unfit("has a database in encoding " + row.getString(6)
                        + ": create one with ENCODING 'UTF8' TEMPLATE template0");
            }
            return new Server(row.getString(2), row.getString(7));
        }
    }

    private void requireOn(String setting, String value) throws SQLException {
        if (!value.equals("on")) {
            throw unfit("runs with " + setting + "=" + value
                    + ": a crash of its machine could lose records that were acknowledged. Set " + setting
                    + "=on in its configuration and reload it");
        }
    }

    private SQLException unfit(String what) {
        return new SQLException("the server at " + shown + " " + what, UNFIT);
    }

    private void prepare(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SET)) {
            statement.setString(1, millis(use.statementTimeout));
            statement.setString(2, millis(use.lockTimeout));
            statement.setString(3, millis(use.idleInTransaction));
            statement.setString(4, use.readOnly ? "on" : "off");
            statement.executeQuery().close();
        }
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
