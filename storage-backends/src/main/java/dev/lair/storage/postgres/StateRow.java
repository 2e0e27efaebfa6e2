package dev.lair.storage.postgres;

import dev.lair.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one row of a table that says where a log stands. Its lock makes one writer of many nodes; and it tells how a
 * commit without an answer ended: such a commit may still be on its way, but it holds the lock until it is settled.
 * So after an unknown outcome the next reading waits for the lock, and what it finds is final.
 */
final class StateRow<S> {

    /** Reads the row; {@code lock} ends the statement. */
    @FunctionalInterface
    interface Reading<S> {
        S read(Connection connection, String lock) throws SQLException;
    }

    private final Database database;
    private final Reading<S> reading;

    /** All ask the same: what the row says. */
    private final Gathering<Boolean, S> reads;

    /** A new object for each commit without an answer, so that a later one is not taken for settled with an earlier. */
    private final AtomicReference<@Nullable Object> unsettled = new AtomicReference<>();

    StateRow(Database database, Reading<S> reading) {
        this.database = database;
        this.reading = reading;
        this.reads = database.gatheredReads(questions -> {
            S found = database.read(connection -> reading.read(connection, ""));
            return List.of(found);
        });
    }

    /** The committed state. */
    S read() {
        Object commit = unsettled.get();
        if (commit == null) {
            return reads.ask(true);
        }
        try {
            S found = database.write(connection -> reading.read(connection, " FOR SHARE"));
            unsettled.compareAndSet(commit, null);
            return found;
        } catch (StorageException e) {
            throw new StorageException(
                    "a commit to " + database.shown() + " ended without an answer and is not settled yet: ask again",
                    e);
        }
    }

    /** The committed state, which stays so until the transaction ends. */
    S lock(Connection connection) throws SQLException {
        return reading.read(connection, " FOR UPDATE");
    }

    /** The state as the transaction of {@code connection} sees it. */
    S peek(Connection connection) throws SQLException {
        return reading.read(connection, "");
    }

    /** Runs a transaction that moves the state. */
    <T> T write(Database.Work<T> work) {
        try {
            return database.write(work);
        } catch (OutcomeUnknownException e) {
            unsettled.set(new Object());
            throw e;
        }
    }
}
