package dev.lair.storage.embedded;

import dev.lair.storage.FactStore;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Facts in {@code facts.db} of a data folder that one process has open. A file of its own, so that its writes and syncs
 * keep no record waiting; opened when somebody asks for the first time, so that a start does not pay for it. Nobody reads
 * before somebody wrote: a file that is not there answers "nothing" without being made.
 *
 * <p>Its commits are not synced one by one: a crash takes the last of them, never the file. A file that a disk damaged is
 * begun anew when that shows at its opening, and by {@link #clear} when it shows later; until then its reads and writes fail.
 * Any other failure, such as a full disk or tables of a newer version, leaves the file as it is.
 */
final class SqliteFacts implements FactStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFacts.class);

    private final Path file;

    /** Guards the next two. */
    private final Object lock = new Object();

    private @Nullable LedgerDatabase database;
    private boolean closed;

    SqliteFacts(Path file) {
        this.file = file;
    }

    private LedgerDatabase open() {
        synchronized (lock) {
            if (closed) {
                throw new StorageException("facts database " + file + " is closed");
            }
            LedgerDatabase opened = database;
            if (opened == null) {
                opened = openOrBeginAnew();
                database = opened;
            }
            return opened;
        }
    }

    private LedgerDatabase openOrBeginAnew() {
        try {
            return LedgerDatabase.open(file, LedgerDatabase.Kind.FACTS, LedgerDatabase.CommitProbe.NONE);
        } catch (StorageException e) {
            if (!isDamage(e)) {
                throw e;
            }
            LOG.warn("facts database {} cannot be opened and is begun anew: {}", file, e.getMessage());
            deleteFiles();
            return LedgerDatabase.open(file, LedgerDatabase.Kind.FACTS, LedgerDatabase.CommitProbe.NONE);
        }
    }

    /** Whether SQLite says that the file is no database any more. */
    private static boolean isDamage(StorageException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                SQLiteErrorCode code = sqlite.getResultCode();
                return code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB;
            }
        }
        return false;
    }

    private void deleteFiles() {
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            }
        } catch (IOException e) {
            throw new StorageException("facts database " + file + " cannot be removed", e);
        }
    }

    private boolean isEmpty() {
        synchronized (lock) {
            return database == null && !Files.exists(file);
        }
    }

    @Override
    public Optional<byte[]> ofContent(Digest content) {
        return isEmpty()
                ? Optional.empty()
                : Rows.first(
                        open(),
                        "SELECT body FROM content_fact WHERE digest = ?",
                        statement -> statement.setBytes(1, content.bytes()),
                        row -> row.getBytes(1));
    }

    @Override
    public void saveContent(Digest content, byte[] body) {
        FactStore.requireBody(body);
        open().write(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("INSERT OR IGNORE INTO content_fact (digest, body) VALUES (?, ?)")) {
                statement.setBytes(1, content.bytes());
                statement.setBytes(2, body);
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public void forgetContent(Digest content) {
        if (isEmpty()) {
            return;
        }
        open().write(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM content_fact WHERE digest = ?")) {
                statement.setBytes(1, content.bytes());
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public Optional<byte[]> ofRelease(RecordId record, String version) {
        return isEmpty()
                ? Optional.empty()
                : Rows.first(
                        open(),
                        "SELECT body FROM release_fact WHERE record_id = ? AND version = ?",
                        statement -> {
                            statement.setBytes(1, record.bytes());
                            statement.setString(2, version);
                        },
                        row -> row.getBytes(1));
    }

    @Override
    public void saveRelease(RecordId record, String version, byte[] body) {
        FactStore.requireBody(body);
        open().write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "INSERT OR IGNORE INTO release_fact (record_id, version, body) VALUES (?, ?, ?)")) {
                statement.setBytes(1, record.bytes());
                statement.setString(2, version);
                statement.setBytes(3, body);
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public long clear() {
        if (isEmpty()) {
            return 0;
        }
        long dropped = count();
        synchronized (lock) {
            LedgerDatabase opened = database;
            database = null;
            if (opened != null) {
                opened.close();
            }
            deleteFiles();
        }
        return dropped;
    }

    /** Of a damaged file nobody can say how much it held. */
    private long count() {
        try {
            return Rows.first(
                            open(),
                            "SELECT (SELECT count(*) FROM content_fact) + (SELECT count(*) FROM release_fact)",
                            Rows.Binder.NOTHING,
                            row -> row.getLong(1))
                    .orElse(0L);
        } catch (StorageException e) {
            if (!isDamage(e)) {
                throw e;
            }
            LOG.warn("facts database {} is damaged and is begun anew: {}", file, e.getMessage());
            return 0;
        }
    }

    @Override
    public void close() {
        LedgerDatabase opened;
        synchronized (lock) {
            closed = true;
            opened = database;
            database = null;
        }
        if (opened != null) {
            opened.close();
        }
    }
}
