package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.SparseMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that was read before the storage was opened is as good as one that is read later, and no better. */
class SnapshotAheadTest {

    private static final String[] SETTINGS = {
        "ledger.batch-records", "1", "ledger.snapshot-records", "100", "ledger.retained-checkpoints", "1"
    };

    private final TestClock clock = new TestClock();
    private final Chains chains = new Chains(5, 20);

    @TempDir
    private Path data;

    private Ledger open(Storage storage, SnapshotAhead ahead) {
        return new Ledger(
                TestSettings.of(SETTINGS),
                storage,
                () -> Optional.of(OperatorKeyFile.KEY),
                OpenLedger.IDENTITY,
                new HighWater(Optional.empty(), Optional.empty(), 1),
                Witnesses.NONE,
                clock,
                OpenLedger.noMeters(),
                Optional.of(ahead));
    }

    private void fill() {
        try (Storage storage = EmbeddedStorage.open(data, clock);
                OpenLedger ledger = new OpenLedger(open(storage, SnapshotAhead.NONE))) {
            ledger.appendAll(chains.next(250));
        }
    }

    /** Starts with what was read ahead, and looks whether the map is the one that was signed. */
    private void start(SnapshotAhead ahead) {
        try (Storage storage = EmbeddedStorage.open(data, clock);
                OpenLedger ledger = new OpenLedger(open(storage, ahead))) {
            assertThat(ledger.ledger().map(250).orElseThrow().root())
                    .isEqualTo(storage.ledger()
                            .latestCheckpoint()
                            .orElseThrow()
                            .contents()
                            .checkpoint()
                            .mapRoot());
            assertThat(ledger.append(chains.next()).contents().checkpoint().logLength())
                    .isEqualTo(251);
        }
    }

    private Path newest() {
        return EmbeddedStorage.newestSnapshot(data).orElseThrow();
    }

    @Test
    void startTakesTheSnapshotThatWasReadAheadAndLetsItGo() throws Exception {
        fill();
        SnapshotAhead ahead = SnapshotAhead.of(data);
        assertThat(ahead.take(199)).isEmpty();
        // Nothing is left of it to be read later.
        SnapshotAhead again = SnapshotAhead.of(data);
        assertThat(again.take(200)).isPresent();
        assertThat(again.take(200)).isEmpty();
        Files.write(newest(), new byte[] {1, 2, 3});
        start(ahead);
        assertThat(ahead.take(200)).isEmpty();
    }

    @Test
    void snapshotOfAnotherMapThanWasSignedIsPassedOver() throws Exception {
        fill();
        MapSnapshot lie = new MapSnapshot(200, SparseMap.empty());
        try (var out = Files.newOutputStream(newest())) {
            lie.writeTo(out);
        }
        SnapshotAhead ahead = SnapshotAhead.of(data);
        start(ahead);
    }

    @Test
    void damagedSnapshotOrNoneLeavesTheStartToItself() throws Exception {
        assertThat(SnapshotAhead.of(data.resolve("nowhere")).take(0)).isEmpty();
        fill();
        Files.write(newest(), new byte[] {1, 2, 3});
        start(SnapshotAhead.of(data));
    }

    @Test
    void snapshotThatNobodyTookIsLetGoByTheStart() {
        fill();
        SnapshotAhead ahead = SnapshotAhead.of(data);
        try (Storage storage = EmbeddedStorage.open(data.resolve("other"), clock);
                OpenLedger ledger = new OpenLedger(open(storage, ahead))) {
            assertThat(ledger.ledger().committedSize()).isZero();
        }
        assertThat(ahead.take(200)).isEmpty();
    }
}
