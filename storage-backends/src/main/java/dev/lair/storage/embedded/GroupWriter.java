package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.embedded.LedgerDatabase.CommitProbe;
import dev.lair.storage.embedded.LedgerDatabase.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * The one thread that writes to a SQLite file. What has gathered while a sync ran goes into one transaction, each work
 * behind a savepoint of its own, so that many small writes share a sync and one that breaks a rule takes nobody with it.
 * To its caller each work still looks like a transaction of its own: it sees all that was done before it, is rolled back
 * whole when it fails, and is durable when the call returns.
 */
final class GroupWriter {

    /** Gives and takes back the connection; an evicted one is replaced. */
    interface Connections {

        Connection get() throws SQLException;

        void evict(Connection connection);
    }

    /** What messages call the database. */
    private final String name;

    private final Connections connections;
    private final CommitProbe probe;
    private final BlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Set once, by the writer's thread. */
    private volatile @Nullable Throwable stoppedBy;

    /** A work and the answer for who waits for it, who is told nothing before the whole group is durable. */
    private static final class Waiting<T> {
        private final @Nullable Work<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Runnable promise = () -> {};

        Waiting(@Nullable Work<T> work) {
            this.work = work;
        }

        boolean isEnd() {
            return work == null;
        }

        void run(Connection connection) throws SQLException {
            Work<T> todo = work;
            if (todo != null) {
                T result = todo.run(connection);
                promise = () -> answer.complete(result);
            }
        }

        /** A refusal too may rest upon what an earlier work of the group wrote. */
        void refuse(RuntimeException why) {
            promise = () -> answer.completeExceptionally(why);
        }

        void keepPromise() {
            promise.run();
        }
    }

    GroupWriter(String name, String threadName, Connections connections, CommitProbe probe) {
        this.name = name;
        this.connections = connections;
        this.probe = probe;
        this.thread = Thread.ofPlatform().daemon().name(threadName).start(this::run);
    }

    /** Queues work; the answer completes when it is durable, or with what it or the storage threw. */
    <T> CompletableFuture<T> write(Work<T> work) {
        Waiting<T> waiting = new Waiting<>(work);
        queue.add(waiting);
        if (closed) {
            failAll(drain(), closedException());
        }
        return waiting.answer;
    }

    private void run() {
        while (true) {
            List<Waiting<?>> group;
            try {
                group = next();
            } catch (InterruptedException e) {
                closed = true;
                failAll(drain(), closedException());
                return;
            }
            boolean last = group.removeIf(Waiting::isEnd);
            if (!group.isEmpty()) {
                write(group);
            }
            if (last) {
                closed = true;
                failAll(drain(), closedException());
                return;
            }
        }
    }

    private List<Waiting<?>> next() throws InterruptedException {
        List<Waiting<?>> group = new ArrayList<>();
        group.add(queue.take());
        queue.drainTo(group, Limits.GROUPED_WRITES - 1);
        return group;
    }

    private List<Waiting<?>> drain() {
        List<Waiting<?>> left = new ArrayList<>();
        queue.drainTo(left);
        return left;
    }

    private void write(List<Waiting<?>> group) {
        Throwable cause = stoppedBy;
        if (cause != null) {
            failAll(
                    group,
                    new StorageStoppedException(
                            name + " takes no writes since one failed on the disk: check the disk, then restart",
                            cause));
            return;
        }
        try (Connection connection = connections.get()) {
            connection.setAutoCommit(false);
            transact(connection, group);
        } catch (SQLException e) {
            failAll(group, stopUnlessHarmless(e));
        } catch (RuntimeException | Error e) {
            // A fault of ours or of the driver; the thread goes on, to answer those who come.
            stoppedBy = e;
            failAll(group, e);
        }
    }

    private void transact(Connection connection, List<Waiting<?>> group) throws SQLException {
        boolean committed = false;
        try {
            boolean wrote = false;
            for (Waiting<?> waiting : group) {
                wrote |= runAlone(connection, waiting, wrote);
            }
            if (wrote) {
                probe.beforeCommit(connection);
                // A crash before the sync inside leaves the old state, behind it the new one. In between the WAL holds
                // frames without a valid commit mark, which SQLite ignores when it opens the file.
                connection.commit();
                committed = true;
            }
        } finally {
            if (!committed) {
                rollBack(connection);
            }
        }
        group.forEach(Waiting::keepPromise);
    }

    /**
     * False when the work broke a rule: then it left nothing. A savepoint costs copies of all pages that the work
     * changes, so the first that writes does without: its transaction is rolled back.
     *
     * @throws SQLException an error of the storage, which ends the whole group
     */
    private boolean runAlone(Connection connection, Waiting<?> waiting, boolean behindOthers) throws SQLException {
        Savepoint before = behindOthers ? connection.setSavepoint() : null;
        boolean done = false;
        try {
            waiting.run(connection);
            done = true;
        } catch (SQLException e) {
            if (primaryCode(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                waiting.refuse(new ConstraintBrokenException(name, e));
            } else if (primaryCode(e) == SQLiteErrorCode.SQLITE_TOOBIG.code) {
                waiting.refuse(nothingWritten(e));
            } else {
                throw e;
            }
        } catch (RuntimeException e) {
            waiting.refuse(e);
        }
        if (before != null) {
            if (!done) {
                connection.rollback(before);
            }
            connection.releaseSavepoint(before);
        } else if (!done) {
            connection.rollback();
        }
        return done;
    }

    /**
     * SQLite rolls back by itself on some errors, a full disk among them, and then answers a rollback with its plain
     * error: nothing is lost, but the connection's driver and SQLite disagree, so the next write gets a new one.
     */
    private void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            connections.evict(connection);
            if (primaryCode(e) != SQLiteErrorCode.SQLITE_ERROR.code && stoppedBy == null) {
                stoppedBy = e;
            }
        }
    }

    private StorageException stopUnlessHarmless(SQLException e) {
        if (isHarmless(e)) {
            return nothingWritten(e);
        }
        stoppedBy = e;
        return new StorageStoppedException(
                "a write to " + name + " failed, its outcome is unknown: no more writes until a restart", e);
    }

    private StorageException nothingWritten(SQLException e) {
        return new StorageException("a write to " + name + " failed, nothing was written", e);
    }

    /**
     * Whether an error means for sure that nothing was written and that the next transaction may be tried: a broken
     * constraint, a lock not gained, no space (SQLite writes the commit mark last), a value too large. Everything else
     * counts as a disk error, because after a failed fsync the next may succeed without having synced.
     */
    private static boolean isHarmless(SQLException e) {
        int code = primaryCode(e);
        return code == SQLiteErrorCode.SQLITE_CONSTRAINT.code
                || code == SQLiteErrorCode.SQLITE_BUSY.code
                || code == SQLiteErrorCode.SQLITE_LOCKED.code
                || code == SQLiteErrorCode.SQLITE_FULL.code
                || code == SQLiteErrorCode.SQLITE_TOOBIG.code;
    }

    /** The error code without the detail that SQLite adds in its higher bits. */
    private static int primaryCode(SQLException e) {
        return e.getErrorCode() & 0xff;
    }

    private StorageException closedException() {
        return new StorageException(name + " is closed");
    }

    private static void failAll(List<Waiting<?>> group, Throwable why) {
        group.forEach(waiting -> waiting.answer.completeExceptionally(why));
    }

    /** Ends the thread behind what is queued; false when it did not end in time. */
    boolean close() throws InterruptedException {
        queue.add(new Waiting<>(null));
        return thread.join(Limits.CLOSE_TIMEOUT);
    }
}
