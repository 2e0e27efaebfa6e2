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
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TimestampedCheckpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a start reads, what it may skip, and over what it refuses to sign. */
class LedgerRecoveryTest {

    private static final RootHash OTHER_ROOT = RootHash.ofBytes(new byte[32]);

    private final TestClock clock = new TestClock();
    private final Storage memory = withoutArchive(MemoryStorage.open(clock));
    private final CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);
    private final Chains chains = new Chains(31, 50);

    /** What is copied to an archive is read before, which these tests would count. */
    private static Storage withoutArchive(Storage storage) {
        return new Storage(
                storage.ledger(),
                storage.evidence(),
                storage.submissions(),
                storage.snapshots(),
                storage.contents(),
                Optional.empty(),
                storage.sharing(),
                storage::close);
    }

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
    void snapshotIsWrittenEveryNRecordsAndAStartReplaysOnlyBehindTheNewest() {
        fill(350, "100");
        assertThat(memory.snapshots().sizes()).contains(300L);

        // Checkpoints of 251 to 350 are served, but nobody asked for an old one yet.
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
        try (OpenLedger ledger = open(store, "ledger.retained-checkpoints", "100")) {
            assertThat(ledger.ledger().map(350)).isPresent();
            assertThat(ledger.ledger().map(300)).isPresent();
            assertThat(store.leafReads().stream().filter(from -> from < 256)).isEmpty();
        }
        // The snapshot of 200 is the newest that all of them follow.
        assertThat(Collections.min(restart("100").leafReads())).isEqualTo(200);
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
    void snapshotUnderTheNameOfASizeWithoutACheckpointIsPassedOverToo() throws Exception {
        fill(350, "100");
        byte[] younger = memory.snapshots().open(300).readAllBytes();
        memory.snapshots().save(205, out -> out.write(younger));
        // Nothing but its header can be asked whether it is the map of 205.
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger()) {
            @Override
            public Optional<SignedCheckpoint> checkpoint(long treeSize) {
                return treeSize == 205 ? Optional.empty() : super.checkpoint(treeSize);
            }
        };
        try (OpenLedger ledger = open(store, "ledger.retained-checkpoints", "100")) {
            assertThat(ledger.ledger().map(260).orElseThrow().root())
                    .isEqualTo(mapOf(260).root());
        }
    }

    @Test
    void damagedNewestSnapshotIsPassedOverForTheOneBefore() throws Exception {
        fill(350, "100");
        byte[] bytes = memory.snapshots().open(300).readAllBytes();
        bytes[bytes.length / 2] ^= 1;
        memory.snapshots().save(300, out -> out.write(bytes));
        assertThat(Collections.min(restart("100").leafReads())).isEqualTo(200);
    }

    @Test
    void wholeSnapshotOfAnotherMapIsPassedOver() {
        fill(350, "100");
        for (long size : new long[] {200, 300}) {
            MapSnapshot lie = new MapSnapshot(size, mapOf(size - 1));
            memory.snapshots().save(size, lie::writeTo);
        }
        assertThat(Collections.min(restart("100").leafReads())).isZero();
    }

    @Test
    void startFromASnapshotOfAnotherMapThatNoCheckpointContradictsIsRefused() {
        fill(350, "1");
        MapSnapshot lie = new MapSnapshot(300, mapOf(299));
        memory.snapshots().save(300, lie::writeTo);
        requireRefusal(
                new WatchedLedgerStore(memory.ledger()) {
                    @Override
                    public Optional<SignedCheckpoint> checkpoint(long treeSize) {
                        return treeSize == 300 ? Optional.empty() : super.checkpoint(treeSize);
                    }
                },
                "map root");
    }

    private SparseMap mapOf(long treeSize) {
        SparseMap map = SparseMap.empty();
        for (LogLeaf leaf : memory.ledger().leaves(0, treeSize)) {
            map = map.with(leaf.logId(), leaf.recordId());
        }
        return map;
    }

    @Test
    void mapThatIsNotTheOneThatWasSignedIsNotServed() {
        fill(350, "100");
        WatchedLedgerStore lying = new WatchedLedgerStore(memory.ledger()) {
            @Override
            public List<SignedCheckpoint> latestCheckpoints(int limit) {
                return super.latestCheckpoints(limit).stream()
                        .map(signed -> signed.contents().checkpoint().logLength() == 260
                                ? over(signed, honest -> new Checkpoint(honest.logRoot(), 260, OTHER_ROOT))
                                : signed)
                        .toList();
            }
        };
        try (OpenLedger ledger = open(lying, "ledger.retained-checkpoints", "100")) {
            assertThat(ledger.ledger().map(259)).isPresent();
            assertThatThrownBy(() -> ledger.ledger().map(260))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("260 leaves was signed over map root");
        }
    }

    @Test
    void mapOfACheckpointThatIsNotRetainedIsNotBuilt() {
        fill(350, "100");
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
        try (OpenLedger ledger = open(store, "ledger.retained-checkpoints", "100")) {
            assertThat(ledger.ledger().map(250)).isEmpty();
            assertThat(ledger.ledger().map(100)).isEmpty();
            assertThat(store.leafReads().stream().filter(from -> from < 256)).isEmpty();
            assertThat(ledger.ledger().map(251)).isPresent();
        }
    }

    @Test
    void mapThatIsTooFarFromAnyUsableSnapshotIsNotBuilt() {
        fill(350, "100");
        memory.snapshots().delete(200);
        memory.snapshots().delete(100);
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
        try (OpenLedger ledger = open(store, "ledger.retained-checkpoints", "100", "ledger.snapshot-records", "80")) {
            assertThat(ledger.ledger().map(299)).isEmpty();
            assertThat(ledger.ledger().map(349)).isPresent();
        }
    }

    @Test
    void whileAnOldMapIsBuiltYoungerOnesAreServedAndWhoAsksForTheSameWaits() throws Exception {
        // Far apart: what is near the start's snapshot is built at once.
        fill(350, "100");
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger()) {
            @Override
            public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
                if (fromIndex == 200) {
                    held.countDown();
                    until(released).accept(fromIndex);
                }
                return super.leaves(fromIndex, untilIndex);
            }
        };
        try (OpenLedger ledger = open(store, "ledger.retained-checkpoints", "100")) {
            List<CompletableFuture<Optional<SparseMap>>> asked = new ArrayList<>();
            for (long size : new long[] {260, 260, 255, 260}) {
                asked.add(CompletableFuture.supplyAsync(
                        () -> ledger.ledger().map(size),
                        task -> Thread.ofVirtual().start(task)));
            }
            assertThat(held.await(15, TimeUnit.SECONDS)).isTrue();
            assertThat(ledger.ledger().map(350)).isPresent();
            long next = ledger.append(chains.next()).contents().checkpoint().logLength();
            assertThat(ledger.ledger().map(next)).isPresent();
            assertThat(asked).noneMatch(CompletableFuture::isDone);
            released.countDown();
            for (CompletableFuture<Optional<SparseMap>> one : asked) {
                assertThat(OpenLedger.await(one)).isPresent();
            }
            assertThat(OpenLedger.await(asked.getFirst()).orElseThrow().root())
                    .isEqualTo(mapOf(260).root());
        }
        assertThat(store.leafReads().stream().filter(from -> from == 200).count())
                .isLessThanOrEqualTo(2);
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
        SignedCheckpoint false_ = over(memory.ledger().latestCheckpoint().orElseThrow(), lie);
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

    private static SignedCheckpoint over(SignedCheckpoint honest, Function<Checkpoint, Checkpoint> lie) {
        return SignedCheckpoint.sign(
                new TimestampedCheckpoint(
                        lie.apply(honest.contents().checkpoint()),
                        honest.contents().epochSeconds()),
                OperatorKeyFile.KEY);
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
