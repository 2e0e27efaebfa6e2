package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.WitnessStore.Head;
import dev.lair.storage.WitnessStoreContract;
import dev.lair.transparency.Frontier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class EmbeddedWitnessStoreTest extends WitnessStoreContract {

    private static final String LOG = "example.org/log";
    private static final Head FIRST = new Head(0, Frontier.empty().root(), "first");
    private static final Head SECOND = new Head(0, Frontier.empty().root(), "second");

    @TempDir
    private static Path folder;

    private volatile LedgerDatabase.CommitProbe commits = LedgerDatabase.CommitProbe.NONE;

    @Override
    protected WitnessStore openWitnesses() throws Exception {
        return SqliteWitnesses.open(Files.createTempDirectory(folder, "witness"));
    }

    @Test
    void headsAreFoundAgain() {
        Path data = folder.resolve("again");
        assertThat(SqliteWitnesses.holdsWitness(data)).isFalse();
        try (WitnessStore witnesses = SqliteWitnesses.open(data)) {
            witnesses.replace(LOG, Optional.empty(), FIRST);
        }
        assertThat(SqliteWitnesses.holdsWitness(data)).isTrue();
        try (WitnessStore witnesses = SqliteWitnesses.open(data)) {
            assertThat(witnesses.head(LOG)).contains(FIRST);
        }
    }

    @Test
    void folderIsOpenOnce() {
        Path data = folder.resolve("once");
        try (WitnessStore witnesses = SqliteWitnesses.open(data)) {
            assertThat(witnesses.head(LOG)).isEmpty();
            assertThatThrownBy(() -> SqliteWitnesses.open(data)).isInstanceOf(DataFolderInUseException.class);
        }
        SqliteWitnesses.open(data).close();
    }

    @Test
    void damagedDatabaseIsRefusedAndTheFolderIsGivenUp() throws Exception {
        Path data = Files.createTempDirectory(folder, "damaged");
        Files.writeString(data.resolve("witness.db"), "this is no database, whatever its name says".repeat(100));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> SqliteWitnesses.open(data))
                    .isInstanceOf(StorageException.class)
                    .isNotInstanceOf(DataFolderInUseException.class)
                    .hasMessageContaining("witness database");
        }
    }

    @Test
    void headOfWhichNobodyKnowsThatItIsDurableIsNotAnsweredAndNoneFollows() {
        Path data = folder.resolve("stopped");
        try (WitnessStore witnesses = SqliteWitnesses.open(data, connection -> commits.beforeCommit(connection))) {
            witnesses.replace(LOG, Optional.empty(), FIRST);
            commits = connection -> {
                throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            };
            assertThatThrownBy(() -> witnesses.replace(LOG, Optional.of(FIRST), SECOND))
                    .isInstanceOf(StorageStoppedException.class)
                    .hasMessageContaining("outcome is unknown");
            commits = LedgerDatabase.CommitProbe.NONE;
            assertThatThrownBy(() -> witnesses.replace(LOG, Optional.of(FIRST), SECOND))
                    .isInstanceOf(StorageStoppedException.class)
                    .hasMessageContaining("takes no writes");
            assertThat(witnesses.head(LOG)).contains(FIRST);
        }
        try (WitnessStore witnesses = SqliteWitnesses.open(data)) {
            assertThat(witnesses.replace(LOG, Optional.of(FIRST), SECOND)).isTrue();
        }
    }
}
