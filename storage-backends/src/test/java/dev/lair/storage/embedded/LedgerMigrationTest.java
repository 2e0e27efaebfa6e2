package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.EvidenceScript;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a data folder that an older Lair made or went back to. */
class LedgerMigrationTest {

    private static final long TIME = 1_800_000_000;

    /** Released at leaf 5 together with another content. */
    private static final Digest SECOND = LedgerScript.content("one more");

    private static final List<String> TABLES_AS_IN_VERSION_1 =
            List.of("log_name", "log_tile", "log_state", "checkpoint", "submission");

    @TempDir
    private Path temporary;

    private final TestClock clock = new TestClock();
    private final LedgerScript script = new LedgerScript();
    private final EvidenceScript evidence = new EvidenceScript();
    private Submission submission;
    private SignedCheckpoint checkpoint;

    private Path old() {
        return temporary.resolve("old");
    }

    private Path today() {
        return temporary.resolve("today");
    }

    @BeforeEach
    void makeFolders() throws Exception {
        NewEntry entry = LedgerScript.entry(1, "submitted");
        submission = new Submission(
                entry.recordId(),
                entry.logId(),
                LedgerScript.name(1),
                entry.record(),
                clock.instant(),
                new SubmissionState.Processing());
        try (Storage storage = EmbeddedStorage.open(today(), clock)) {
            script.commit(storage.ledger(), 300);
            Publication publication = LedgerScript.publication(script.state(), TIME, 0);
            checkpoint = publication.checkpoint();
            storage.ledger().publish(publication);
            storage.submissions().save(submission);
        }
        makeFolderOfVersion("1", old());
    }

    /** The tables are those of the scripts up to this version; the rows are copied from a ledger of today. */
    private void makeFolderOfVersion(String version, Path folder) throws Exception {
        String url = "jdbc:sqlite:" + Files.createDirectory(folder).resolve("ledger.db");
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/ledger/sqlite")
                .table("ledger_schema_history")
                .loggers("slf4j")
                .target(version)
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("ATTACH '" + today().resolve("ledger.db") + "' AS today");
            for (String table : TABLES_AS_IN_VERSION_1) {
                statement.execute("INSERT INTO main." + table + " SELECT * FROM today." + table);
            }
            statement.execute("INSERT INTO main.log_entry (idx, log_id, record_id, record)"
                    + " SELECT idx, log_id, record_id, record FROM today.log_entry");
            // Each record of the script releases one content.
            statement.execute("INSERT INTO main.released_content (digest, idx)"
                    + " SELECT releases, idx FROM today.log_entry WHERE idx <> 7");
            statement.execute("INSERT INTO main.released_content (digest, idx) VALUES (x'" + SECOND.hex() + "', 5)");
        }
    }

    @Test
    void folderOfVersion1IsOpenedWithAllThatItHolds() throws Exception {
        try (Storage storage = EmbeddedStorage.open(old(), clock)) {
            assertThat(storage.ledger().state()).isEqualTo(script.state());
            assertThat(storage.ledger().entries(0, 999)).isEqualTo(script.told());
            assertThat(storage.ledger().tile(0, 0)).isPresent();
            assertThat(storage.ledger().latestCheckpoint()).contains(checkpoint);
            assertThat(storage.submissions().openOf(submission.logId())).containsExactly(submission);
            assertThat(storage.ledger().latestPublication()).isEmpty();
            assertThat(storage.evidence().state().treeSize()).isZero();
            assertThat(storage.evidence().entries(0, 9)).isEmpty();
            assertIndexed(storage.ledger());
        }
    }

    private void assertIndexed(LedgerStore ledger) {
        for (LedgerEntry entry : script.told()) {
            assertThat(ledger.entry(entry.recordId())).contains(entry);
            var released = ledger.releasedAt(LedgerScript.content("content of record " + entry.leafIndex()));
            assertThat(released.orElse(7)).isEqualTo(entry.leafIndex());
        }
        assertThat(ledger.releasedAt(SECOND)).hasValue(5);
        for (int log = 0; log < LedgerScript.LOGS; log++) {
            LogId id = LedgerScript.log(log);
            assertThat(ledger.logEntries(id, 0, Long.MAX_VALUE, 999))
                    .isEqualTo(script.told().stream()
                            .filter(entry -> entry.logId().equals(id))
                            .toList());
        }
    }

    @Test
    void folderOfVersion2FindsWhatItHoldsByRecordLogAndContent() throws Exception {
        Path folder = temporary.resolve("version-2");
        makeFolderOfVersion("2", folder);
        for (int opened = 0; opened < 2; opened++) {
            try (Storage storage = EmbeddedStorage.open(folder, clock)) {
                assertIndexed(storage.ledger());
            }
        }
        try (Storage storage = EmbeddedStorage.open(folder, clock)) {
            assertThat(storage.ledger().reindex())
                    .hasValue(storage.ledger().state().treeSize());
            assertIndexed(storage.ledger());
            script.commit(storage.ledger(), 3);
            assertIndexed(storage.ledger());
        }
    }

    @Test
    void firstNotesOfAnOldFolderAreForTheCheckpointThatItHas() throws Exception {
        Publication first = LedgerScript.publication(script.state(), TIME + 1, 1);
        try (Storage storage = EmbeddedStorage.open(old(), clock)) {
            evidence.append(storage.evidence(), 1);
            storage.ledger().publish(first);
            assertThat(storage.ledger().latestPublication()).contains(first);
        }
        try (Storage storage = EmbeddedStorage.open(old(), clock)) {
            assertThat(storage.ledger().latestPublication()).contains(first);
            script.commit(storage.ledger(), 1);
            Publication second = LedgerScript.publication(script.state(), TIME + 2, 1);
            storage.ledger().publish(second);
            assertThat(storage.ledger().latestPublication()).contains(second);
        }
    }

    @Test
    void notesThatAnOlderLairWentPastAreNotServed() throws Exception {
        LedgerState noted = script.state();
        try (Storage storage = EmbeddedStorage.open(old(), clock)) {
            evidence.append(storage.evidence(), 1);
            storage.ledger().publish(LedgerScript.publication(noted, TIME + 1, 1));
            script.commit(storage.ledger(), 5);
        }
        // What version 1 writes when it signs: the row of the checkpoint, and no notes.
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + old().resolve("ledger.db"))) {
            SqliteCheckpoints.save(connection, LedgerScript.checkpoint(script.state(), TIME + 2));
        }
        try (Storage storage = EmbeddedStorage.open(old(), clock)) {
            assertThat(storage.ledger().latestCheckpoint()).contains(LedgerScript.checkpoint(script.state(), TIME + 2));
            assertThat(storage.ledger().latestPublication()).isEmpty();
            Publication again = LedgerScript.publication(script.state(), TIME + 3, 1);
            storage.ledger().publish(again);
            assertThat(storage.ledger().latestPublication()).contains(again);
        }
    }
}
