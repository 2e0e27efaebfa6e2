package dev.lair.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.Required;
import dev.lair.storage.SoundStore;
import dev.lair.storage.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of its own for each test, to be crashed, misconfigured and failed over. */
class PostgresRestartTest {

    private static final int CRASHES = 3;
    private static final long POLLING_NANOS = Duration.ofMinutes(1).toNanos();

    private PostgresProcess server;

    @BeforeEach
    void start() {
        server = Required.orSkip("postgres-process", PostgresProcess::start);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void execute(PostgresProcess server, String sql) throws SQLException {
        try (Connection connection = PostgresServer.connect(server.settings());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Asks, each time in a new session, until the answer is the expected one. */
    private static void await(PostgresProcess server, String sql, String expected) throws SQLException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < POLLING_NANOS) {
            try (Connection connection = PostgresServer.connect(server.settings());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                if (row.next() && expected.equals(row.getString(1))) {
                    return;
                }
            }
        }
        throw new AssertionError("never " + expected + ": " + sql);
    }

    @Test
    void nothingAcknowledgedIsLostWhenTheServerCrashes() throws Exception {
        try (PostgresLedger opened = PostgresStorage.open(server.settings())) {
            CommittingThread committing = CommittingThread.start(opened.ledger());
            for (int crash = 0; crash < CRASHES; crash++) {
                committing.await(20);
                server.crash();
                server.run();
            }
            committing.awaitNext();
            LedgerScript all = committing.end();
            assertThat(opened.ledger().state()).isEqualTo(all.state());
            assertThat(opened.ledger().entries(0, Long.MAX_VALUE)).isEqualTo(all.told());
            SoundStore.require(opened.ledger());
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenASynchronousStandbyTakesOver() throws Exception {
        server.stop();
        try (PostgresProcess standby = server.startStandby()) {
            server.run();
            execute(server, "ALTER SYSTEM SET synchronous_standby_names = '*'");
            execute(server, "SELECT pg_reload_conf()");
            await(server, "SELECT sync_state FROM pg_stat_replication", "sync");
            assertThatThrownBy(() -> PostgresStorage.open(standby.settings()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("is a standby");

            PostgresSettings both = PostgresSettings.of(
                    "jdbc:postgresql://127.0.0.1:" + standby.port() + ",127.0.0.1:" + server.port() + "/postgres",
                    server.settings().user(),
                    server.settings().password());
            try (PostgresLedger opened = PostgresStorage.open(both)) {
                CommittingThread committing = CommittingThread.start(opened.ledger());
                committing.await(20);
                server.crash();
                standby.promote();
                committing.awaitNext();
                LedgerScript all = committing.end();
                assertThat(committing.failures()).isPositive();
                assertThat(opened.ledger().state()).isEqualTo(all.state());
                assertThat(opened.ledger().entries(0, Long.MAX_VALUE)).isEqualTo(all.told());
                SoundStore.require(opened.ledger());
            }
        }
    }

    @Test
    void commitThatDidNotWaitForItsStandbyIsNotAcknowledged() throws Exception {
        LedgerScript script = new LedgerScript();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (PostgresLedger opened = PostgresStorage.open(server.settings())) {
            execute(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            execute(server, "SELECT pg_reload_conf()");
            await(server, "SHOW synchronous_standby_names", "nobody");
            LedgerState before = script.state();
            LedgerBatch batch = script.next(3);
            Future<?> commit = thread.submit(() -> {
                opened.ledger().commit(before, batch);
                return null;
            });
            // What an administrator does to a statement that hangs. The server answers the commit with a warning only.
            await(
                    server,
                    "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                    "1");
            assertThatThrownBy(commit::get)
                    .cause()
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("outcome is unknown")
                    .hasMessageContaining("replication");

            Future<LedgerState> state = thread.submit(() -> opened.ledger().state());
            await(server, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", "1");
            assertThat(state.isDone()).isFalse();
            execute(server, "ALTER SYSTEM RESET synchronous_standby_names");
            execute(server, "SELECT pg_reload_conf()");
            assertThat(state.get()).isEqualTo(batch.next());
            SoundStore.require(opened.ledger());
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void serverThatDoesNotSyncIsRefused() throws Exception {
        for (String setting : new String[] {"fsync", "full_page_writes"}) {
            execute(server, "ALTER SYSTEM SET " + setting + " = off");
            execute(server, "SELECT pg_reload_conf()");
            await(server, "SHOW " + setting, "off");
            assertThatThrownBy(() -> PostgresStorage.open(server.settings()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(setting + "=off")
                    .hasMessageContaining("Set " + setting + "=on");
            execute(server, "ALTER SYSTEM RESET " + setting);
            execute(server, "SELECT pg_reload_conf()");
            await(server, "SHOW " + setting, "on");
        }
        PostgresStorage.open(server.settings()).close();
    }

    @Test
    void databaseInAnotherEncodingIsRefused() throws Exception {
        execute(server, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'");
        PostgresSettings latin = PostgresSettings.of(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/latin",
                server.settings().user(),
                server.settings().password());
        assertThatThrownBy(() -> PostgresStorage.open(latin))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("LATIN1")
                .hasMessageContaining("ENCODING 'UTF8'");
    }

    @Test
    void serverThatIsGoneIsNamed() throws Exception {
        PostgresSettings settings = server.settings();
        server.stop();
        assertThatThrownBy(() -> PostgresStorage.open(settings))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("127.0.0.1:" + server.port());
        server.run();
    }

    @Test
    void ownerOfOneSchemaNeedsNoOtherRight() throws Exception {
        execute(server, "CREATE ROLE plain LOGIN PASSWORD 'plain'");
        execute(server, "CREATE SCHEMA registry AUTHORIZATION plain");
        PostgresSettings plain = PostgresSettings.of(server.settings().jdbcUrl(), "plain", "plain")
                .inSchema("registry");
        LedgerScript script = new LedgerScript();
        try (PostgresLedger opened = PostgresStorage.open(plain)) {
            script.commit(opened.ledger(), 256);
            opened.snapshots().save(256, out -> out.write(1));
            assertThat(opened.ledger().state()).isEqualTo(script.state());
        }
    }
}
