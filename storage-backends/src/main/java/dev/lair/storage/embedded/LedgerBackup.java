package dev.lair.storage.embedded;

import dev.lair.storage.LedgerState;
import dev.lair.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Copies of the databases in a data folder. That of {@code ledger.db} is the ledger as it is at one moment between two transactions: ledger, evidence log, checkpoints with
 * their notes, and submissions. The registry may run meanwhile, in this process or another, and goes on writing: the copy
 * is read in one read transaction of SQLite. While it lasts the WAL of the registry grows by what is written, because
 * nothing of it can be reused.
 *
 * <p>What this does not copy: contents, which are files of their own. Copied AFTER the ledger they hold all that the copy
 * refers to, because a content is there before the record that releases it and is never collected behind it. And a copy is
 * always an older state: a registry that signs on from one forks its log unless nothing was published since
 * ({@link HighWaterFile}).
 */
public final class LedgerBackup {

    private LedgerBackup() {}

    /**
     * Copies the ledger of a data folder into the new file {@code target}, which is there whole and durable when this
     * returns, or not at all. Run it as the user of the registry: SQLite may make files beside {@code ledger.db}.
     *
     * @return the ledger's state in the copy
     * @throws StorageException when the folder holds no ledger, {@code target} exists or has no folder, or a file could
     *     not be read or written
     */
    public static LedgerState copy(Path dataDir, Path target) {
        return copy(dataDir, target, DurableFolder.Probe.NONE);
    }

    static LedgerState copy(Path dataDir, Path target, DurableFolder.Probe probe) {
        Path ledger = dataDir.resolve(EmbeddedStorage.LEDGER);
        if (!Files.exists(ledger)) {
            throw new StorageException("data folder " + dataDir + " holds no ledger.db to copy");
        }
        return copy(ledger, target, probe, LedgerBackup::stateOf);
    }

    /**
     * The same for {@code registry.db}: accounts, rights and tokens at one moment. A folder that an older version left may
     * have none, and then there is nothing to copy.
     *
     * @throws StorageException when {@code target} exists or has no folder, or a file could not be read or written
     */
    public static void copyRegistry(Path dataDir, Path target) {
        Path registry = dataDir.resolve(EmbeddedStorage.REGISTRY);
        if (Files.exists(registry)) {
            copy(registry, target, DurableFolder.Probe.NONE, LedgerBackup::soundness);
        }
    }

    /** What a finished copy shows, or why it is none. */
    private interface Check<T> {
        T of(Path copy) throws SQLException;
    }

    private static <T> T copy(Path database, Path target, DurableFolder.Probe probe, Check<T> check) {
        Path copy = target.toAbsolutePath();
        Path into = copy.getParent();
        if (into == null || !Files.isDirectory(into)) {
            throw new StorageException("the folder of " + copy + " is not there: create it first");
        }
        if (Files.exists(copy)) {
            throw taken(copy);
        }
        String name = String.valueOf(copy.getFileName());
        DurableFolder folder = DurableFolder.openAmongOthers(into, "." + name + ".draft-", probe);
        try (DurableFolder.Draft draft = folder.create()) {
            forOwnerOnly(draft.path());
            vacuumInto(database, draft.path());
            T shown = check.of(draft.path());
            // SQLite syncs nothing of a copy that it makes so.
            draft.sync();
            draft.linkTo(into, name);
            return shown;
        } catch (FileAlreadyExistsException e) {
            throw taken(copy);
        } catch (IOException | SQLException e) {
            throw new StorageException("database " + database + " could not be copied to " + copy, e);
        }
    }

    private static StorageException taken(Path copy) {
        return new StorageException(copy + " is there already: give the copy another name, or remove it");
    }

    /** Submissions are not public yet. */
    private static void forOwnerOnly(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** Not the page-by-page copy of SQLite's backup functions, which begins anew when another process writes. */
    private static void vacuumInto(Path database, Path emptyFile) throws SQLException {
        try (Connection connection = open(database, LedgerDatabase.readerConfig());
                PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, emptyFile.toString());
            statement.execute();
        }
    }

    private static LedgerState stateOf(Path copy) throws SQLException {
        try (Connection connection = open(copy, LedgerDatabase.readerConfig())) {
            LedgerState state = SqliteLedger.readState(connection);
            List<Long> entries =
                    Rows.all(connection, "SELECT count(*) FROM log_entry", Rows.Binder.NOTHING, row -> row.getLong(1));
            if (entries.getFirst() != state.treeSize()) {
                throw new StorageException("the copied ledger has " + state + " and " + entries.getFirst()
                        + " entries: the original is damaged, keep your older copies");
            }
            return state;
        }
    }

    private static String soundness(Path copy) throws SQLException {
        try (Connection connection = open(copy, LedgerDatabase.readerConfig())) {
            String found = Rows.all(connection, "PRAGMA quick_check(1)", Rows.Binder.NOTHING, row -> row.getString(1))
                    .getFirst();
            if (!found.equals("ok")) {
                throw new StorageException(
                        "the copied database of accounts is damaged, keep your older copies: " + found);
            }
            return found;
        }
    }

    private static Connection open(Path file, SQLiteConfig config) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source.getConnection();
    }
}
