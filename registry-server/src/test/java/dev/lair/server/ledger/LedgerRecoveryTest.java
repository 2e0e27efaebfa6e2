package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerState;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a start reads, what it may skip, and over what it refuses to sign. */
class LedgerRecoveryTest {

    private static final RootHash OTHER_ROOT = RootHash.ofBytes(new byte[32]);

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);
    private final Chains chains = new Chains(31, 50);

    private OpenLedger open(WatchedLedgerStore store, String... settings) {
        return OpenLedger.open(TestSettings.of(settings), store.in(memory), keys, clock);
    }

    /** {@code count} records, a checkpoint after each, a snapshot after each hundred. */
    private void fill(int count, String retained) {
        try (OpenLedger ledger = open(
                new WatchedLedgerStore(memory.ledger()),
                "ledger.batch-records",
                "1",
                "ledger.snapshot-records",
                "100",
                "ledger.retained-checkpoints",
                retained)) {
            ledger.appendAll(chains.next(count));
        }
    }

    private WatchedLedgerStore restart(String retained) {
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
        long last = chains.leaves().size();
        try (OpenLedger ledger = open(store, "ledger.retained-checkpoints", retained)) {
            for (long size = Math.max(1, last - Long.parseLong(retained) + 1); size <= last; size++) {
                assertThat(ledger.ledger().map(size).orElseThrow().root())
                        .isEqualTo(memory.ledger()
                                .checkpoint(size)
                                .orElseThrow()
                                .contents()
                                .checkpoint()
                                .mapRoot());
            }
            assertThat(ledger.ledger().publishedSize()).isEqualTo(last);
            assertThat(ledger.append(chains.next()).contents().checkpoint().logLength())
                    .isEqualTo(last + 1);
        }
        return store;
    }

    @Test
    void snapshotIsWrittenEveryNRecordsAndRestartReplaysOnlyTheRest() {
        fill(350, "100");
        assertThat(memory.snapshots().sizes()).contains(300L);

        // Checkpoints of 251 to 350 are served: the snapshot of 200 is the newest that all of them follow.
        WatchedLedgerStore store = restart("100");
        assertThat(Collections.min(store.leafReads())).isEqualTo(200);
    }

    @Test
    void restartWithFewCheckpointsToServeUsesTheNewestSnapshot() {
        fill(350, "1");
        assertThat(memory.snapshots().sizes()).containsExactly(300L);
        WatchedLedgerStore store = restart("1");
        assertThat(store.leafReads().stream().filter(from -> from < 256)).isEmpty();
        assertThat(store.leafReads()).contains(300L);
    }

    @Test
    void supersededSnapshotsAreDeletedButNeverOneStillNeeded() {
        fill(450, "150");
        // At 400 the oldest checkpoint to serve was that of 251: the snapshot of 200 still leads to it.
        assertThat(memory.snapshots().sizes()).containsExactly(200L, 300L, 400L);
        restart("150");
    }

    @Test
    void nothingIsSupersededBeforeTheFirstSnapshotIsOldEnough() {
        fill(350, "1024");
        assertThat(memory.snapshots().sizes()).containsExactly(100L, 200L, 300L);
        restart("1024");
    }

    @Test
    void damagedSnapshotIsPassedOver() throws Exception {
        fill(350, "1");
        byte[] bytes = memory.snapshots().open(300).readAllBytes();
        bytes[bytes.length / 2] ^= 1;
        memory.snapshots().save(300, out -> out.write(bytes));
        assertThat(Collections.min(restart("1").leafReads())).isZero();
    }

    @Test
    void cutSnapshotIsPassedOver() throws Exception {
        fill(350, "1");
        byte[] bytes = memory.snapshots().open(300).readAllBytes();
        memory.snapshots().save(300, out -> out.write(bytes, 0, bytes.length - 1));
        restart("1");
    }

    @Test
    void snapshotUnderTheNameOfAnotherSizeIsPassedOver() throws Exception {
        fill(350, "100");
        byte[] younger = memory.snapshots().open(300).readAllBytes();
        memory.snapshots().save(200, out -> out.write(younger));
        // From the snapshot of 300 the maps of 251 to 299 could not be made again.
        restart("100");
    }

    @Test
    void snapshotThatCannotBeWrittenCostsNothingButALongerReplay() {
        Storage noDisk = RefusingSnapshots.in(memory, memory.ledger());
        try (OpenLedger ledger =
                OpenLedger.open(TestSettings.of("ledger.snapshot-records", "10"), noDisk, keys, clock)) {
            ledger.appendAll(chains.next(50));
            assertThat(ledger.ledger().failure()).isEmpty();
        }
        assertThat(memory.snapshots().sizes()).isEmpty();
        assertThat(memory.ledger().state().treeSize()).isEqualTo(50);
    }

    @Test
    void emptyStoreIsRecoveredAsAnEmptyLedger() {
        try (OpenLedger ledger = open(new WatchedLedgerStore(memory.ledger()))) {
            assertThat(ledger.ledger().checkpoint()).isEmpty();
            assertThat(ledger.ledger().publishedSize()).isZero();
            ledger.settle();
            assertThat(ledger.ledger().checkpoint()).isEmpty();
        }
    }

    private void requireRefusal(WatchedLedgerStore lying, String words) {
        assertThatThrownBy(() -> open(lying)).isInstanceOf(Corrupt.class).hasMessageContaining(words);
        assertThat(lying.saved()).isEmpty();
        assertThat(lying.batches()).isEmpty();
    }

    private WatchedLedgerStore withState(UnaryOperator<LedgerState> lie) {
        return new WatchedLedgerStore(memory.ledger()) {
            @Override
            public LedgerState state() {
                return lie.apply(super.state());
            }
        };
    }

    private WatchedLedgerStore withCheckpoint(Function<Checkpoint, Checkpoint> lie) {
        SignedCheckpoint honest = memory.ledger().latestCheckpoint().orElseThrow();
        SignedCheckpoint false_ = SignedCheckpoint.sign(
                new TimestampedCheckpoint(
                        lie.apply(honest.contents().checkpoint()),
                        honest.contents().epochSeconds()),
                OperatorKeyFile.KEY);
        return new WatchedLedgerStore(memory.ledger()) {
            @Override
            public Optional<SignedCheckpoint> latestCheckpoint() {
                return Optional.of(false_);
            }

            @Override
            public List<SignedCheckpoint> latestCheckpoints(int limit) {
                return List.of(false_);
            }
        };
    }

    private WatchedLedgerStore withTile(Function<byte[], Optional<byte[]>> lie) {
        return new WatchedLedgerStore(memory.ledger()) {
            @Override
            public Optional<byte[]> tile(int level, long index) {
                return super.tile(level, index).flatMap(lie);
            }
        };
    }

    private WatchedLedgerStore withLeaves(UnaryOperator<List<LogLeaf>> lie) {
        return new WatchedLedgerStore(memory.ledger()) {
            @Override
            public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
                return lie.apply(super.leaves(fromIndex, untilIndex));
            }
        };
    }

    @Test
    void refusesWhenTheMapRootIsNotThatOfTheRecords() {
        fill(20, "1");
        requireRefusal(withState(state -> new LedgerState(state.frontier(), OTHER_ROOT)), "map root");
    }

    @Test
    void refusesWhenTheCheckpointWasSignedOverAnotherMap() {
        fill(20, "1");
        requireRefusal(
                withCheckpoint(honest -> new Checkpoint(honest.logRoot(), honest.logLength(), OTHER_ROOT)),
                "signed over map root");
    }

    @Test
    void refusesWhenATileIsNotThatOfTheRoot() {
        fill(300, "1");
        requireRefusal(
                withTile(tile -> {
                    tile[4000] ^= 1;
                    return Optional.of(tile);
                }),
                "was committed");
    }

    @Test
    void refusesWhenATileIsMissing() {
        fill(300, "1");
        requireRefusal(withTile(tile -> Optional.empty()), "not complete");
    }

    @Test
    void refusesWhenARecordIsNotThatOfTheRoot() {
        fill(300, "1");
        requireRefusal(
                withLeaves(leaves -> leaves.stream()
                        .map(leaf -> new LogLeaf(chains.leaves().getFirst().logId(), leaf.recordId()))
                        .toList()),
                "was committed");
    }

    @Test
    void refusesWhenRecordsAreMissing() {
        fill(300, "1");
        requireRefusal(withLeaves(leaves -> leaves.subList(0, leaves.size() - 1)), "not complete");
    }

    @Test
    void refusesWhenMoreWasSignedThanIsStored() {
        fill(20, "1");
        requireRefusal(
                withCheckpoint(honest -> new Checkpoint(honest.logRoot(), 21, honest.mapRoot())),
                "a checkpoint of 21 leaves was signed, but only 20 are stored");
    }

    @Test
    void refusesWhenTheStoredLogIsNotTheOneThatWasSigned() {
        fill(20, "1");
        requireRefusal(
                withCheckpoint(honest -> new Checkpoint(OTHER_ROOT, honest.logLength(), honest.mapRoot())),
                "the stored log has");
    }
}
