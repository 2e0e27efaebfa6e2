package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.signing.Signer;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.TileId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is durable but not yet covered by a published note is shown to nobody. */
class UnpublishedTest {

    private static final Digest CONTENT = Digest.of(new byte[] {1});

    private final TestClock clock = new TestClock();
    private volatile Optional<Signer> signer = Optional.of(OperatorKeyFile.KEY);
    private final Author author = Author.of("test:unpublished", clock);

    private long append(OpenLedger open, String version, boolean published) {
        RecordId prev = author.head();
        SignedPackageRecord record = author.release(version, CONTENT);
        var appended = open.ledger()
                .append(new NewRecord(
                        author.log(), record.id(), prev, record.envelope(), author.name(), List.of(CONTENT)));
        if (published) {
            OpenLedger.await(appended.covered());
        }
        return OpenLedger.await(appended.leafIndex());
    }

    @Test
    void durableLeavesWithoutACheckpointAreNotShown() {
        try (Storage storage = MemoryStorage.open(clock);
                OpenLedger open = OpenLedger.open(
                        TestSettings.of("ledger.checkpoint-interval", "0ms"), storage, () -> signer, clock)) {
            append(open, "1.0.0", true);
            signer = Optional.empty();
            append(open, "1.0.1", false);
            append(open, "1.0.2", false);
            assertThat(open.ledger().committedSize()).isEqualTo(3);
            ServedLog log = ServedLog.main(open.ledger());
            assertThat(log.tile(new TileId(0, 0), 1)).isPresent();
            assertThat(log.tile(new TileId(0, 0), 2)).isEmpty();
            assertThat(log.bundle(0, 1)).isPresent();
            assertThat(log.bundle(0, 2)).isEmpty();
            ReleasePlaces places = new ReleasePlaces(open.ledger());
            long size = open.ledger().publication().orElseThrow().treeSize();
            assertThat(places.find(author.log(), SemVer.parse("1.0.0"), size)).hasValue(0);
            assertThat(places.find(author.log(), SemVer.parse("1.0.1"), size)).isEmpty();
            // Somebody who saw a later checkpoint made it known; for this one it is still not there.
            assertThat(places.find(author.log(), SemVer.parse("1.0.1"), 2)).hasValue(1);
            assertThat(places.find(author.log(), SemVer.parse("1.0.1"), size)).isEmpty();
        }
    }

    @Test
    void evidenceEntryWithoutANoteIsNotShown() {
        try (Storage storage = MemoryStorage.open(clock);
                OpenLedger open = OpenLedger.open(
                        TestSettings.of("ledger.checkpoint-interval", "0ms"), storage, () -> signer, clock)) {
            append(open, "1.0.0", true);
            ServedLog evidence = ServedLog.evidence(open.ledger());
            long size = open.ledger().publishedEvidenceSize();
            assertThat(size).isEqualTo(1);
            assertThat(evidence.bundle(0, 1)).isPresent();
            assertThat(evidence.bundle(0, 2)).isEmpty();
            assertThat(evidence.tile(new TileId(0, 0), 2)).isEmpty();
        }
    }
}
