package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code fsck} of a data folder: it finds nothing in a sound one, and names the place in a damaged copy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FsckIT {

    private static final byte[] FIRST = Wasm.module("the first release");
    private static final byte[] SECOND = Wasm.module("the second release, which is a little longer");

    private final Processes processes = new Processes();
    private final PackageAuthor author = new PackageAuthor(Keys.BOB, "test:checked");
    private long secondLeaf;

    /** A registry of two packages, at rest. */
    private Path sound = Path.of("");

    private Path work = Path.of("");

    @BeforeAll
    void publish(@TempDir Path folder) throws Exception {
        work = folder;
        sound = work.resolve("sound");
        ServerProcess server =
                ServerProcess.in(work).data(sound).namespace("test").start(processes);
        server.registry().publish(author.name(), author.release("1.0.0", FIRST), FIRST);
        secondLeaf = server.registry().publish(author.name(), author.release("1.1.0", SECOND), SECOND);
        PackageAuthor other = new PackageAuthor(Keys.ALICE, "test:other");
        server.registry().publish(other.name(), other.release("1.0.0", FIRST));
        server.stop();
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    private Path copy(String name) throws IOException {
        return FolderCopy.copy(sound, work.resolve(name));
    }

    private String difference(Path data) throws Exception {
        Command.Result result = Fsck.run(work, data, Map.of());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Fsck.DIFFERENCE);
        return result.err()
                .lines()
                .filter(line -> line.startsWith("difference: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.toString()));
    }

    @Test
    void soundRegistryIsCountedAndLeftAsItWas() throws Exception {
        Path data = copy("clean");

        Fsck.Counts first = Fsck.requireClean(work, data, Map.of());
        Fsck.Counts again = Fsck.requireClean(work, data, Map.of());

        // The operator's record before the author's first, and another package's release behind the second.
        assertThat(first.leaves()).isEqualTo(secondLeaf + 2);
        assertThat(first.packages()).isEqualTo(2);
        assertThat(first.contentBytes()).isEqualTo(FIRST.length + SECOND.length);
        assertThat(first.checkpoints()).isBetween(1L, first.leaves());
        assertThat(first.evidenceEntries()).isGreaterThanOrEqualTo(first.checkpoints());
        assertThat(again).isEqualTo(first);
    }

    @Test
    void flippedByteInAContentIsFound() throws Exception {
        Path data = copy("content");
        String digest = Digest.of(SECOND).toString();
        Path file = contentFile(data, digest);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThat(difference(data)).contains(digest);
    }

    @Test
    void lostContentIsFound() throws Exception {
        Path data = copy("lost-content");
        String digest = Digest.of(SECOND).toString();
        Files.delete(contentFile(data, digest));

        assertThat(difference(data))
                .contains(digest)
                .contains("leaf " + secondLeaf)
                .contains("not stored");
    }

    private static Path contentFile(Path data, String digest) throws IOException {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return FolderCopy.everythingIn(data.resolve("contents")).stream()
                .filter(file -> file.getFileName().toString().contains(hex))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void flippedByteAnywhereInARecordIsFound() throws Exception {
        byte[] record = bytes(sound, "SELECT record FROM log_entry WHERE idx = " + secondLeaf);
        for (int at : new int[] {0, 1, record.length / 2, record.length - 1}) {
            Path data = copy("record-" + at);
            flip(data, "log_entry", "record", "idx = " + secondLeaf, at);

            assertThat(difference(data)).as("flipped byte " + at).contains("leaf " + secondLeaf);
        }
    }

    @Test
    void changedRecordIdIsFound() throws Exception {
        Path data = copy("record-id");
        flip(data, "log_entry", "record_id", "idx = " + secondLeaf, 5);

        assertThat(difference(data)).contains("leaf " + secondLeaf);
    }

    @Test
    void changedCheckpointIsFound() throws Exception {
        Path data = copy("checkpoint");
        flip(data, "checkpoint", "map_root", "size = (SELECT max(size) FROM checkpoint)", 31);

        assertThat(difference(data)).contains("map root").contains("checkpoint of " + (secondLeaf + 2) + " leaves");
    }

    @Test
    void changedEvidenceIsFound() throws Exception {
        Path data = copy("evidence");
        byte[] entry = bytes(sound, "SELECT entry FROM evidence_entry WHERE idx = 0");
        flip(data, "evidence_entry", "entry", "idx = 0", entry.length - 3);

        assertThat(difference(data)).contains("evidence");
    }

    @Test
    void folderThatIsInUseIsLeftAlone() throws Exception {
        Path data = copy("in-use");
        ServerProcess server = ServerProcess.in(work).data(data).start(processes);

        Command.Result result = Fsck.run(work, data, Map.of());

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("error: ").contains(data.toString()).containsPattern("in use|already");
        assertThat(server.registry().get("health").status()).isEqualTo(200);
        server.stop();
    }

    @Test
    void folderWithoutARegistryIsSaidToBeNoneAndStaysEmpty() throws Exception {
        Path absent = work.resolve("absent");

        Command.Result result = Fsck.run(work, absent, Map.of());

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("error: ").contains("no registry");
        assertThat(absent).doesNotExist();
    }

    // --- damage, in files that nobody has open -----------------------------------------------------------------------

    private static Connection open(Path data) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
    }

    private static byte[] bytes(Path data, String query) throws SQLException {
        try (Connection database = open(data);
                PreparedStatement statement = database.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            assertThat(row.next()).as(query).isTrue();
            return row.getBytes(1);
        }
    }

    private static void flip(Path data, String table, String column, String where, int at) throws SQLException {
        byte[] bytes = bytes(data, "SELECT " + column + " FROM " + table + " WHERE " + where);
        String before = HexFormat.of().formatHex(bytes);
        bytes[at] ^= 1;
        try (Connection database = open(data);
                PreparedStatement update =
                        database.prepareStatement("UPDATE " + table + " SET " + column + " = ? WHERE " + where)) {
            update.setBytes(1, bytes);
            assertThat(update.executeUpdate())
                    .as(table + "." + column + " was " + before)
                    .isEqualTo(1);
        }
    }
}
