package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import dev.lair.storage.WitnessStore;
import dev.lair.transparency.RootHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Witnessed heads in {@code witness.db} of a data folder that one process has open. Check and store are one transaction of
 * the one writer, synced before the answer, so no crash can bring back a head that a cosignature was given behind.
 */
public final class SqliteWitnesses implements WitnessStore {

    private final LedgerDatabase database;
    private final FolderLock lock;

    private SqliteWitnesses(LedgerDatabase database, FolderLock lock) {
        this.database = database;
        this.lock = lock;
    }

    /**
     * Opens the folder, which is created when it is not there.
     *
     * @throws DataFolderInUseException when it is open already, here or in another process
     * @throws StorageException when it cannot be opened
     */
    public static SqliteWitnesses open(Path dataDir) {
        return open(dataDir, LedgerDatabase.CommitProbe.NONE);
    }

    static SqliteWitnesses open(Path dataDir, LedgerDatabase.CommitProbe commits) {
        FolderLock.create(dataDir);
        FolderLock lock = FolderLock.take(dataDir);
        LedgerDatabase database = null;
        SqliteWitnesses opened = null;
        try {
            Path file = dataDir.resolve("witness.db");
            database = LedgerDatabase.open(file, LedgerDatabase.Kind.WITNESS, commits);
            DurableFolder.syncName(file);
            DurableFolder.syncName(dataDir);
            opened = new SqliteWitnesses(database, lock);
            return opened;
        } catch (IOException e) {
            throw new StorageException("the names in " + dataDir + " could not be synced", e);
        } finally {
            if (opened == null) {
                if (database != null) {
                    database.close();
                }
                lock.close();
            }
        }
    }

    /** Whether a witness once used this folder. */
    public static boolean holdsWitness(Path dataDir) {
        return Files.exists(dataDir.resolve("witness.db"));
    }

    @Override
    public Optional<Head> head(String origin) {
        return database.read(connection -> read(connection, origin));
    }

    @Override
    public boolean replace(String origin, Optional<Head> expected, Head next) {
        return database.write(connection -> {
            if (!Head.sameTree(read(connection, origin), expected)) {
                return false;
            }
            // Crash before the commit: the old head, and nobody has a cosignature of the new one yet.
            write(connection, origin, next);
            return true;
        });
    }

    private static Optional<Head> read(Connection connection, String origin) throws SQLException {
        return Rows.all(
                        connection,
                        "SELECT size, root, note FROM witnessed_head WHERE origin = ?",
                        statement -> statement.setString(1, origin),
                        row -> new Head(row.getLong(1), RootHash.ofBytes(row.getBytes(2)), row.getString(3)))
                .stream()
                .findFirst();
    }

    private static void write(Connection connection, String origin, Head head) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO witnessed_head (origin, size, root, note) VALUES (?, ?, ?, ?)")) {
            statement.setString(1, origin);
            statement.setLong(2, head.treeSize());
            statement.setBytes(3, head.root().bytes());
            statement.setString(4, head.note());
            statement.executeUpdate();
        }
    }

    @Override
    public void close() {
        try {
            database.close();
        } finally {
            lock.close();
        }
    }
}
