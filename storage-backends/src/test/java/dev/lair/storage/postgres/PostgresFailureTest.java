package dev.lair.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Breaks sessions in the middle of commits and looks at what is there then, and that the node goes on. */
class PostgresFailureTest {

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    private static final long POLLING_NANOS = Duration.ofMinutes(1).toNanos();

    private final LedgerScript script = new LedgerScript();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Database.CommitProbe probe = Database.CommitProbe.NONE;
    private PostgresSettings settings;
    private PostgresLedger opened;

    @BeforeEach
    void open() throws Exception {
        settings = SCHEMAS.next();
        opened = PostgresStorage.open(settings, new Database.CommitProbe() {
            @Override
            public void beforeCommit(Connection connection) throws SQLException {
                probe.beforeCommit(connection);
            }

            @Override
            public void afterCommit(Connection connection) throws SQLException {
                probe.afterCommit(connection);
            }
        });
        script.commit(opened.ledger(), 3);
    }

    @AfterEach
    void close() {
        probe = Database.CommitProbe.NONE;
        threads.shutdownNow();
        opened.close();
    }

    /** Ends the session behind a connection, as an administrator or a crash of its process would. */
    private static void terminate(Connection connection) throws SQLException {
        try (Connection other = SCHEMAS.database().connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(" + pid(connection) + ", 10000)");
        }
    }

    private static String pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void commitWhoseSessionIsKilledLeavesNothing() throws Exception {
        LedgerState before = script.state();
        LedgerBatch batch = script.next(300);
        probe = new Database.CommitProbe() {
            @Override
            public void beforeCommit(Connection connection) throws SQLException {
                terminate(connection);
            }
        };
        assertThatThrownBy(() -> opened.ledger().commit(before, batch))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("outcome is unknown");
        probe = Database.CommitProbe.NONE;

        assertThat(opened.ledger().state()).isEqualTo(before);
        assertThat(opened.ledger().entries(0, 999)).isEqualTo(script.told().subList(0, 3));
        assertThat(opened.ledger().tile(0, 0)).isEmpty();
        assertThat(opened.ledger().releasedAt(LedgerScript.content("content of record 3")))
                .isEmpty();
        opened.ledger().commit(before, batch);
        assertThat(opened.ledger().entries(0, 999)).isEqualTo(script.told());
    }

    @Test
    void commitWhoseAnswerIsLostIsFoundByReadingTheState() throws Exception {
        LedgerState before = script.state();
        LedgerBatch batch = script.next(5);
        probe = new Database.CommitProbe() {
            @Override
            public void afterCommit(Connection connection) throws SQLException {
                terminate(connection);
                throw new SQLException("the connection was reset", "08006");
            }
        };
        assertThatThrownBy(() -> opened.ledger().commit(before, batch))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("outcome is unknown");
        probe = Database.CommitProbe.NONE;

        assertThat(opened.ledger().state()).isEqualTo(batch.next());
        script.commit(opened.ledger(), 2);
        assertThat(opened.ledger().entries(0, 99)).isEqualTo(script.told());
    }

    @Test
    void stateAfterAnUnknownOutcomeWaitsForACommitThatIsStillOnItsWay() throws Exception {
        LedgerState before = script.state();
        LedgerBatch batch = script.next(5);
        // The server works on: our side sees only that the connection is gone.
        try (Connection server = SCHEMAS.database().connect();
                Statement statement = server.createStatement()) {
            probe = new Database.CommitProbe() {
                @Override
                public void beforeCommit(Connection connection) throws SQLException {
                    throw new SQLException("the connection was reset", "08006");
                }
            };
            assertThatThrownBy(() -> opened.ledger().commit(before, batch)).isInstanceOf(StorageException.class);
            probe = Database.CommitProbe.NONE;
            server.setAutoCommit(false);
            statement.execute("SET search_path TO " + settings.schema());
            statement.execute("SELECT * FROM log_state FOR UPDATE");

            Future<LedgerState> state = threads.submit(() -> opened.ledger().state());
            awaitOne("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'"
                    + " AND datname = current_database()");
            assertThat(state.isDone()).isFalse();
            server.rollback();
            assertThat(state.get()).isEqualTo(before);
        }
        // Settled: no reading waits any more.
        try (Connection server = SCHEMAS.database().connect();
                Statement statement = server.createStatement()) {
            server.setAutoCommit(false);
            statement.execute("SET search_path TO " + settings.schema());
            statement.execute("SELECT * FROM log_state FOR UPDATE");
            assertThat(opened.ledger().state()).isEqualTo(before);
            server.rollback();
        }
        opened.ledger().commit(before, batch);
    }

    /** Asks until the answer is 1. */
    private static void awaitOne(String sql) throws SQLException {
        long start = System.nanoTime();
        try (Connection connection = SCHEMAS.database().connect();
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() - start < POLLING_NANOS) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    if (row.getInt(1) == 1) {
                        return;
                    }
                }
            }
        }
        throw new AssertionError("never 1: " + sql);
    }

    @Test
    void commitThatWaitsTooLongForAnotherNodeWritesNothing() throws Exception {
        LedgerState before = script.state();
        LedgerBatch batch = script.next(1);
        try (Connection other = SCHEMAS.database().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SET search_path TO " + settings.schema());
            statement.execute("SELECT * FROM log_state FOR UPDATE");
            assertThatThrownBy(() -> opened.ledger().commit(before, batch))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("nothing was written")
                    .hasMessageContaining("lock timeout");
            other.rollback();
        }
        opened.ledger().commit(before, batch);
    }

    @Test
    void everySessionMayDieAtAnyTime() throws Exception {
        try (PostgresLedger node = PostgresStorage.open(SCHEMAS.next());
                Connection killer = SCHEMAS.database().connect();
                Statement statement = killer.createStatement()) {
            CommittingThread committing = CommittingThread.start(node.ledger());
            for (int round = 0; round < 15; round++) {
                committing.await(3);
                statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'lair' AND datname = current_database()");
            }
            committing.awaitNext();
            LedgerScript all = committing.end();
            assertThat(committing.failures()).isPositive();
            assertThat(node.ledger().state()).isEqualTo(all.state());
            assertThat(node.ledger().entries(0, Long.MAX_VALUE)).isEqualTo(all.told());
        }
    }

    @Test
    void readOnABrokenConnectionIsDoneAgain() throws Exception {
        for (int round = 0; round < 3; round++) {
            assertThat(opened.ledger().entries(0, 9)).hasSize(3);
            SCHEMAS.database()
                    .execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                            + " WHERE application_name = 'lair' AND datname = current_database()");
        }
        assertThat(opened.ledger().state()).isEqualTo(script.state());
    }

    @Test
    void evidenceWhoseAnswerIsLostIsFoundByReadingTheState() throws Exception {
        byte[] entry = {1, 2, 3};
        Frontier next = Frontier.empty().append(MerkleHash.leaf(entry));
        probe = new Database.CommitProbe() {
            @Override
            public void afterCommit(Connection connection) throws SQLException {
                throw new SQLException("the connection was reset", "08006");
            }
        };
        assertThatThrownBy(() ->
                        opened.evidence().append(Frontier.empty(), new EvidenceBatch(List.of(entry), List.of(), next)))
                .isInstanceOf(StorageException.class);
        probe = Database.CommitProbe.NONE;
        assertThat(opened.evidence().state()).isEqualTo(next);
        assertThat(opened.evidence().entries(0, 9)).hasSize(1);
    }
}
