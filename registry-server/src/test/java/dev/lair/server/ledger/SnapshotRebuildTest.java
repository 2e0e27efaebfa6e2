package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.SparseMap;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots are made again out of the records, and out of nothing else. */
class SnapshotRebuildTest {

    private static final int LEAVES = 11;

    private final TestClock clock = new TestClock();
    private final Storage storage = MemoryStorage.open(clock);
    private final SnapshotStore snapshots = storage.snapshots();

    /** The ledger itself writes none while it is filled. */
    private final LairSettings settings = TestSettings.of("ledger.snapshot-records", "4");

    @BeforeEach
    void fill() {
        CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);
        try (OpenLedger ledger = OpenLedger.open(TestSettings.of(), storage, keys, clock)) {
            ledger.appendAll(OpenLedger.chain("one", 6));
            ledger.appendAll(OpenLedger.chain("two", LEAVES - 6));
        }
        assertThat(snapshots.sizes()).isEmpty();
    }

    private SnapshotRebuild.Rebuilt rebuild() {
        return SnapshotRebuild.rebuild(storage, settings.ledger());
    }

    /** Every snapshot is the map of exactly the leaves that its size says. */
    private void requireTrue() throws Exception {
        for (long size : snapshots.sizes()) {
            SparseMap map = SparseMap.empty();
            for (LogLeaf leaf : storage.ledger().leaves(0, size)) {
                map = map.with(leaf.logId(), leaf.recordId());
            }
            try (InputStream in = snapshots.open(size)) {
                MapSnapshot read = MapSnapshot.readFrom(in);
                assertThat(read.logSize()).isEqualTo(size);
                assertThat(read.map().root()).isEqualTo(map.root());
            }
        }
    }

    @Test
    void lostOnesAreMadeAtTheSizesWhereAStartLooks() throws Exception {
        SnapshotRebuild.Rebuilt rebuilt = rebuild();

        assertThat(snapshots.sizes()).containsExactly(4L, 8L);
        requireTrue();
        assertThat(rebuilt.written()).containsExactly(4L, 8L);
        assertThat(rebuilt.leaves()).isEqualTo(LEAVES);
        assertThat(rebuilt.packages()).isEqualTo(2);
        assertThat(rebuilt.sizeBytes()).isPositive();
        assertThat(rebuilt.removed()).isZero();
        assertThat(rebuild()).isEqualTo(rebuilt);
    }

    @Test
    void damagedOnesAreReplacedAndThoseOfSizesThatTheLogNeverHadAreRemoved() throws Exception {
        byte[] garbage = "not a snapshot".getBytes(StandardCharsets.US_ASCII);
        snapshots.save(3, out -> out.write(garbage));
        snapshots.save(8, out -> out.write(garbage));
        snapshots.save(LEAVES, out -> out.write(garbage));
        snapshots.save(LEAVES + 1, out -> out.write(garbage));

        SnapshotRebuild.Rebuilt rebuilt = rebuild();

        assertThat(snapshots.sizes()).containsExactly(3L, 4L, 8L, (long) LEAVES);
        requireTrue();
        assertThat(rebuilt.removed()).isEqualTo(1);
    }

    @Test
    void damagedRecordThatALaterOneSupersededReplacesNothing() throws Exception {
        byte[] kept = "the only witness of what was there".getBytes(StandardCharsets.US_ASCII);
        snapshots.save(4, out -> out.write(kept));
        WatchedLedgerStore altered = new WatchedLedgerStore(storage.ledger()) {
            @Override
            public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
                List<LogLeaf> leaves = new ArrayList<>(super.leaves(fromIndex, untilIndex));
                // The map of 4 leaves would have another head, that of all has not.
                leaves.set(3, leaves.get(2));
                return leaves;
            }
        };
        assertThatThrownBy(() -> SnapshotRebuild.rebuild(altered.in(storage), settings.ledger()))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("log root");

        assertThat(snapshots.sizes()).containsExactly(4L);
        try (InputStream in = snapshots.open(4)) {
            assertThat(in.readAllBytes()).isEqualTo(kept);
        }
    }

    @Test
    void recordsThatDoNotLeadToTheCommittedRootReplaceNothing() throws Exception {
        byte[] kept = "the only witness of what was there".getBytes(StandardCharsets.US_ASCII);
        snapshots.save(4, out -> out.write(kept));
        snapshots.save(LEAVES + 1, out -> out.write(kept));
        WatchedLedgerStore altered = new WatchedLedgerStore(storage.ledger()) {
            @Override
            public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
                List<LogLeaf> leaves = new ArrayList<>(super.leaves(fromIndex, untilIndex));
                leaves.set(leaves.size() - 1, leaves.getFirst());
                return leaves;
            }
        };
        assertThatThrownBy(() -> SnapshotRebuild.rebuild(altered.in(storage), settings.ledger()))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("log root");
        WatchedLedgerStore shortened = new WatchedLedgerStore(storage.ledger()) {
            @Override
            public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
                List<LogLeaf> leaves = super.leaves(fromIndex, untilIndex);
                return leaves.subList(0, leaves.size() - 1);
            }
        };
        assertThatThrownBy(() -> SnapshotRebuild.rebuild(shortened.in(storage), settings.ledger()))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("only");

        assertThat(snapshots.sizes()).containsExactly(4L, LEAVES + 1L);
        try (InputStream in = snapshots.open(4)) {
            assertThat(in.readAllBytes()).isEqualTo(kept);
        }
    }
}
