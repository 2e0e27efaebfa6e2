package dev.lair.storage.embedded;

import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a {@link Storage} in one data folder of a local file system:
 *
 * <pre>
 * lock                 held while the folder is in use
 * ledger.db, -wal, -shm   entries, tiles, state, checkpoints, evidence, notes, submissions (SQLite)
 * registry.db, -wal, -shm  accounts, rights, tokens (SQLite)
 * contents/xx/(hex)    one file per content; contents/tmp holds uploads under way
 * snapshots/(size).map    snapshots of the map; snapshots/tmp likewise
 * facts.db, -wal, -shm    what was found out about contents and releases, derived (SQLite)
 * </pre>
 *
 * <p>Opening repairs all that a crash can leave: SQLite drops what was not committed, the index of entries catches up,
 * files in {@code tmp} are removed.
 * Copying the folder is safe only while it is closed; {@link LedgerBackup} copies the ledger of one that is open.
 */
public final class EmbeddedStorage {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStorage.class);

    /** Name of the database in a data folder. */
    public static final String LEDGER = "ledger.db";

    /** Name of the database of accounts, rights and tokens in a data folder. */
    public static final String REGISTRY = "registry.db";

    /** Name of the folder with contents. */
    public static final String CONTENTS = "contents";

    /** Name of the folder with map snapshots. */
    public static final String SNAPSHOTS = "snapshots";

    /** Name of the database of facts in a data folder. */
    public static final String FACTS = "facts.db";

    private EmbeddedStorage() {}

    /**
     * Opens the folder, which is created when it is not there. {@code clock} gives the touch times of contents. There is
     * no archive: on the disk of the ledger it would be put back together with it ({@link HighWaterFile} may be elsewhere,
     * {@link FolderArchive} too).
     *
     * @throws DataFolderInUseException when it is open already, here or in another process
     * @throws StorageException when it cannot be opened
     */
    public static Storage open(Path dataDir, Clock clock) {
        return open(dataDir, clock, DurableFolder.Probe.NONE, LedgerDatabase.CommitProbe.NONE);
    }

    /** Whether somebody once opened this folder, so that it may hold a registry. */
    public static boolean holdsRegistry(Path dataDir) {
        return Files.exists(dataDir.resolve(LEDGER));
    }

    /** Whether somebody has this existing folder open now, here or in another process. */
    public static boolean isInUse(Path dataDir) {
        try {
            FolderLock.take(dataDir).close();
            return false;
        } catch (DataFolderInUseException e) {
            return true;
        }
    }

    /**
     * The file of the newest map snapshot in a data folder, which need not be open: a start may read it before anything
     * else. It may be deleted at any time while another process has the folder open.
     */
    public static Optional<Path> newestSnapshot(Path dataDir) {
        return FolderSnapshots.newest(dataDir.resolve(SNAPSHOTS));
    }

    static Storage open(Path dataDir, Clock clock, DurableFolder.Probe files, LedgerDatabase.CommitProbe commits) {
        FolderLock.create(dataDir);
        FolderLock lock = FolderLock.take(dataDir);
        LedgerDatabase database = null;
        SqliteRegistry registry = null;
        Storage storage = null;
        try {
            FolderContents contents = FolderContents.open(DurableFolder.open(dataDir.resolve(CONTENTS), files), clock);
            FolderSnapshots snapshots =
                    new FolderSnapshots(DurableFolder.open(dataDir.resolve(SNAPSHOTS), files), clock);
            LedgerDatabase opened = LedgerDatabase.open(dataDir.resolve(LEDGER), commits);
            database = opened;
            SqliteRegistry accounts = new SqliteRegistry(LedgerDatabase.open(
                    dataDir.resolve(REGISTRY), LedgerDatabase.Kind.REGISTRY, LedgerDatabase.CommitProbe.NONE));
            registry = accounts;
            syncName(dataDir.resolve(LEDGER));
            syncName(dataDir.resolve(REGISTRY));
            syncName(dataDir);
            SqliteFacts facts = new SqliteFacts(dataDir.resolve(FACTS));
            storage = new Storage(
                    new SqliteLedger(opened, LedgerIndex.open(opened, LedgerIndex.Sizes.PRODUCTION)),
                    new SqliteEvidence(opened),
                    new SqliteSubmissions(opened),
                    snapshots,
                    contents,
                    facts,
                    accounts,
                    Optional.empty(),
                    Storage.Sharing.EXCLUSIVE,
                    () -> {
                        try (accounts) {
                            facts.close();
                        } finally {
                            close(opened, lock);
                        }
                    });
            LOG.info("data folder {} is open", dataDir);
            return storage;
        } finally {
            if (storage == null) {
                if (registry != null) {
                    registry.close();
                }
                if (database != null) {
                    database.close();
                }
                lock.close();
            }
        }
    }

    private static void close(LedgerDatabase database, FolderLock lock) {
        try {
            database.close();
        } finally {
            lock.close();
        }
    }

    private static void syncName(Path named) {
        try {
            DurableFolder.syncName(named);
        } catch (IOException e) {
            throw new StorageException("the name of " + named + " could not be synced", e);
        }
    }
}
