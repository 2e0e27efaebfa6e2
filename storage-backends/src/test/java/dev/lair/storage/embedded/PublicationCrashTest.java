package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceScript;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Stops the embedded backend at each durable write of a publication, and looks at what is left. */
class PublicationCrashTest {

    private static final long TIME = 1_800_000_000;

    @TempDir
    private Path temporary;

    private final TestClock clock = new TestClock();
    private final LedgerScript script = new LedgerScript();
    private final EvidenceScript evidence = new EvidenceScript();
    private volatile LedgerDatabase.CommitProbe commits = LedgerDatabase.CommitProbe.NONE;

    private Path data() {
        return temporary.resolve("data");
    }

    private Storage open(Path folder) {
        return EmbeddedStorage.open(
                folder, clock, DurableFolder.Probe.NONE, connection -> commits.beforeCommit(connection));
    }

    /** What a reader may find, all three together. */
    private record Seen(long ledger, long evidence, Optional<Publication> published) {
        static Seen in(Storage storage) {
            return new Seen(
                    storage.ledger().state().treeSize(),
                    storage.evidence().state().treeSize(),
                    storage.ledger().latestPublication());
        }
    }

    private Publication publication() {
        return LedgerScript.publication(
                script.state(),
                TIME + evidence.state().treeSize(),
                evidence.state().treeSize());
    }

    /** Evidence tells one story, and what is published is covered by it and by the ledger. */
    static void assertSound(Storage storage) {
        Frontier state = storage.evidence().state();
        List<byte[]> entries = storage.evidence().entries(0, Long.MAX_VALUE);
        Frontier frontier = Frontier.empty();
        for (byte[] entry : entries) {
            frontier = frontier.append(MerkleHash.leaf(entry));
        }
        assertThat(frontier).isEqualTo(state);
        for (int tile = 0; tile < entries.size() / 256; tile++) {
            assertThat(storage.evidence().tile(0, tile)).isPresent();
        }
        assertThat(storage.evidence().tile(0, entries.size() / 256)).isEmpty();
        Optional<Publication> published = storage.ledger().latestPublication();
        assertThat(storage.ledger().latestCheckpoint()).isEqualTo(published.map(Publication::checkpoint));
        published.ifPresent(notes -> {
            assertThat(notes.treeSize())
                    .isLessThanOrEqualTo(storage.ledger().state().treeSize());
            assertThat(notes.notes().evidenceSize()).isLessThanOrEqualTo(state.treeSize());
        });
    }

    @Test
    void eachStepOfAPublicationIsOneTransaction() throws Exception {
        try (Storage storage = open(data())) {
            int before = DataFolder.transactionEnds(data()).size();
            script.commit(storage.ledger(), 10);
            assertThat(DataFolder.transactionEnds(data())).hasSize(before + 1);
            evidence.append(storage.evidence(), 300);
            assertThat(DataFolder.transactionEnds(data())).hasSize(before + 2);
            storage.ledger().publish(publication());
            assertThat(DataFolder.transactionEnds(data())).hasSize(before + 3);
        }
    }

    @Test
    void logFileCutAnywhereShowsWholeStepsOnlyAndTheRestIsDoneAgain() throws Exception {
        List<Seen> seen = new ArrayList<>();
        Path image = temporary.resolve("image");
        try (Storage storage = open(data())) {
            seen.add(Seen.in(storage));
            for (int round = 0; round < 2; round++) {
                script.commit(storage.ledger(), 5);
                seen.add(Seen.in(storage));
                evidence.append(storage.evidence(), 256);
                seen.add(Seen.in(storage));
                storage.ledger().publish(publication());
                seen.add(Seen.in(storage));
            }
            DataFolder.copy(data(), image);
        }
        assertThat(seen).doesNotHaveDuplicates();
        List<Integer> ends = DataFolder.transactionEnds(image);
        for (int back = 0; back < 6; back++) {
            int end = ends.get(ends.size() - 1 - back);
            int last = seen.size() - 1 - back;
            assertCutShows(image, end, seen.get(last));
            assertCutShows(image, end - 1, seen.get(last - 1));
            assertCutShows(image, end - 4096 - 10, seen.get(last - 1));
        }
    }

    private void assertCutShows(Path image, int length, Seen expected) throws Exception {
        Path cut = DataFolder.copy(image, temporary.resolve("cut-at-" + length));
        try (FileChannel wal = FileChannel.open(DataFolder.wal(cut), StandardOpenOption.WRITE)) {
            wal.truncate(length);
        }
        try (Storage storage = open(cut)) {
            assertThat(Seen.in(storage)).as("cut at %s", length).isEqualTo(expected);
            assertSound(storage);
            EmbeddedCrashTest.assertSound(storage.ledger());
            // It goes on from there: what the ledger has is stated and published.
            EvidenceScript retold = new EvidenceScript();
            if (expected.evidence() > 0) {
                retold.next((int) expected.evidence());
            }
            retold.append(storage.evidence(), 1);
            Publication next = LedgerScript.publication(
                    storage.ledger().state(), TIME + 1_000_000, retold.state().treeSize());
            storage.ledger().publish(next);
            assertThat(storage.ledger().latestPublication()).contains(next);
            assertSound(storage);
        }
    }

    @Test
    void diskErrorWhileEvidenceIsAppendedStopsThePublicationToo() throws Exception {
        try (Storage storage = open(data())) {
            script.commit(storage.ledger(), 5);
            evidence.append(storage.evidence(), 1);
            Publication published = publication();
            storage.ledger().publish(published);
            Frontier stored = evidence.state();
            EvidenceBatch batch = evidence.next(2);
            commits = connection -> {
                throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            };
            assertThatThrownBy(() -> storage.evidence().append(stored, batch))
                    .isInstanceOf(StorageStoppedException.class)
                    .hasMessageContaining("outcome is unknown");
            commits = LedgerDatabase.CommitProbe.NONE;
            assertThatThrownBy(() -> storage.evidence().append(stored, batch))
                    .isInstanceOf(StorageStoppedException.class);
            assertThatThrownBy(() -> storage.ledger().publish(published)).isInstanceOf(StorageStoppedException.class);
            assertThat(Seen.in(storage)).isEqualTo(new Seen(5, 1, Optional.of(published)));
        }
        try (Storage storage = open(data())) {
            assertSound(storage);
            assertThat(storage.evidence().state().treeSize()).isEqualTo(1);
        }
    }

    @Test
    void diskErrorAtAPublicationLeavesTheOldOneServed() throws Exception {
        Publication old;
        try (Storage storage = open(data())) {
            script.commit(storage.ledger(), 5);
            evidence.append(storage.evidence(), 1);
            old = publication();
            storage.ledger().publish(old);
            script.commit(storage.ledger(), 5);
            evidence.append(storage.evidence(), 1);
            commits = connection -> {
                throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            };
            assertThatThrownBy(() -> storage.ledger().publish(publication()))
                    .isInstanceOf(StorageStoppedException.class);
            commits = LedgerDatabase.CommitProbe.NONE;
            assertThat(Seen.in(storage)).isEqualTo(new Seen(10, 2, Optional.of(old)));
        }
        try (Storage storage = open(data())) {
            assertThat(Seen.in(storage)).isEqualTo(new Seen(10, 2, Optional.of(old)));
            storage.ledger().publish(publication());
            assertThat(storage.ledger().latestPublication()).contains(publication());
        }
    }

    @Test
    void fullDiskLeavesEvidenceAndPublicationAsTheyWereAndTheNextTryMaySucceed() throws Exception {
        LedgerDatabase.CommitProbe full = connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
            throw new SQLiteException("database or disk is full", SQLiteErrorCode.SQLITE_FULL);
        };
        try (Storage storage = open(data())) {
            script.commit(storage.ledger(), 5);
            EvidenceBatch batch = evidence.next(1);
            commits = full;
            assertThatThrownBy(() -> storage.evidence().append(Frontier.empty(), batch))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("nothing was written");
            commits = LedgerDatabase.CommitProbe.NONE;
            storage.evidence().append(Frontier.empty(), batch);
            commits = full;
            assertThatThrownBy(() -> storage.ledger().publish(publication()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("nothing was written");
            assertThat(Seen.in(storage)).isEqualTo(new Seen(5, 1, Optional.empty()));
            commits = LedgerDatabase.CommitProbe.NONE;
            storage.ledger().publish(publication());
            assertThat(Seen.in(storage)).isEqualTo(new Seen(5, 1, Optional.of(publication())));
        }
    }
}
