package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.StorageException;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of derived facts may be lost or damaged without harm, and is not made before somebody writes. */
class SqliteFactsTest {

    private static final Digest CONTENT = Digest.of("content".getBytes(UTF_8));
    private static final byte[] BODY = {1, 2, 3};

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("facts.db");
    }

    @Test
    void fileIsMadeByTheFirstWriteAndReadAfterARestart() {
        try (SqliteFacts facts = new SqliteFacts(file())) {
            assertThat(facts.ofContent(CONTENT)).isEmpty();
            facts.forgetContent(CONTENT);
            facts.clear();
            assertThat(file()).doesNotExist();
            facts.saveContent(CONTENT, BODY);
        }
        try (SqliteFacts facts = new SqliteFacts(file())) {
            assertThat(facts.ofContent(CONTENT).orElseThrow()).isEqualTo(BODY);
        }
    }

    @Test
    void threadsAreNamedAfterTheFactsAndNotAfterTheLedger() {
        try (SqliteFacts facts = new SqliteFacts(file())) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            facts.saveContent(CONTENT, BODY);
            facts.ofContent(CONTENT);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .contains("lair-facts-writer", "lair-facts-reader-0")
                    .noneMatch(name -> name.startsWith("lair-ledger"));
        }
    }

    @Test
    void fileThatCannotBeOpenedIsBegunAnew() throws IOException {
        Files.writeString(
                file(), "this is no database, and as long as a header of one has to be: 100 bytes or more. ".repeat(2));
        try (SqliteFacts facts = new SqliteFacts(file())) {
            assertThat(facts.ofContent(CONTENT)).isEmpty();
            facts.saveContent(CONTENT, BODY);
            assertThat(facts.ofContent(CONTENT).orElseThrow()).isEqualTo(BODY);
        }
    }

    @Test
    void fileOfANewerVersionIsLeftAsItIs() throws Exception {
        try (SqliteFacts facts = new SqliteFacts(file())) {
            facts.saveContent(CONTENT, BODY);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE facts_schema_history SET checksum = checksum + 1 WHERE version IS NOT NULL");
        }
        try (SqliteFacts facts = new SqliteFacts(file())) {
            assertThatThrownBy(() -> facts.ofContent(CONTENT)).isInstanceOf(StorageException.class);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM content_fact")) {
            assertThat(rows.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void damagedFileIsBegunAnewWhenItIsCleared() throws IOException {
        try (SqliteFacts facts = new SqliteFacts(file())) {
            facts.saveContent(CONTENT, BODY);
        }
        try (RandomAccessFile damaged = new RandomAccessFile(file().toFile(), "rw")) {
            // Behind the first page, where tables lie.
            damaged.seek(4096);
            damaged.write(new byte[(int) (damaged.length() - 4096)]);
        }
        try (SqliteFacts facts = new SqliteFacts(file())) {
            facts.clear();
            assertThat(facts.ofContent(CONTENT)).isEmpty();
            facts.saveContent(CONTENT, BODY);
            assertThat(facts.ofContent(CONTENT).orElseThrow()).isEqualTo(BODY);
        }
    }
}
