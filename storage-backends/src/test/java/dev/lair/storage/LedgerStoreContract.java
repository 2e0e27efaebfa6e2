package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RootHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link LedgerStore} promises of batches and reads; checkpoints are in {@link CheckpointContract}. */
public abstract class LedgerStoreContract extends StorageContract {

    private static final int CONCURRENT_BATCHES = 40;

    private final LedgerScript script = new LedgerScript();
    private LedgerStore ledger;

    @BeforeEach
    void openLedger() {
        ledger = storage.ledger();
    }

    @Test
    void newLedgerIsEmpty() {
        assertThat(ledger.state()).isEqualTo(LedgerState.EMPTY);
        assertThat(ledger.entryAt(0)).isEmpty();
        assertThat(ledger.entries(0, 10)).isEmpty();
        assertThat(ledger.leaves(0, 10)).isEmpty();
        assertThat(ledger.logEntries(LedgerScript.log(0), 0, 10, 10)).isEmpty();
        assertThat(ledger.logName(LedgerScript.log(0))).isEmpty();
        assertThat(ledger.tile(0, 0)).isEmpty();
        assertThat(ledger.releasedAt(LedgerScript.content("none"))).isEmpty();
    }

    @Test
    void committedBatchIsReadBackWhole() throws Exception {
        LedgerBatch batch = script.next(300);
        ledger.commit(LedgerState.EMPTY, batch);

        assertThat(ledger.state()).isEqualTo(batch.next());
        assertThat(ledger.entries(0, 300)).isEqualTo(script.told());
        assertThat(ledger.leaves(0, 300))
                .isEqualTo(script.told().stream().map(LedgerEntry::leaf).toList());
        for (LedgerEntry entry : script.told()) {
            assertThat(ledger.entryAt(entry.leafIndex())).contains(entry);
            assertThat(ledger.entry(entry.recordId())).contains(entry);
            assertThat(ledger.releasedAt(LedgerScript.content("content of record " + entry.leafIndex())))
                    .hasValue(entry.leafIndex());
        }
        for (int log = 0; log < LedgerScript.LOGS; log++) {
            assertThat(ledger.logName(LedgerScript.log(log))).contains(LedgerScript.name(log));
        }
        assertThat(ledger.tile(0, 0))
                .hasValueSatisfying(tile ->
                        assertThat(tile).isEqualTo(batch.tiles().getFirst().bytes()));
        assertThat(ledger.tile(0, 1)).isEmpty();
        assertThat(ledger.tile(1, 0)).isEmpty();
    }

    @Test
    void indexesAreContiguousAcrossBatches() throws Exception {
        for (int count : new int[] {1, 2, 255, 1, 256, 7}) {
            script.commit(ledger, count);
        }
        List<LedgerEntry> entries = ledger.entries(0, Long.MAX_VALUE);
        assertThat(entries).isEqualTo(script.told()).hasSize(522);
        assertThat(ledger.entries(255, 260)).isEqualTo(script.told().subList(255, 260));
        assertThat(ledger.entries(520, 600)).isEqualTo(script.told().subList(520, 522));
        assertThat(ledger.entries(600, 700)).isEmpty();
        assertThat(ledger.entries(5, 5)).isEmpty();
        assertThat(ledger.entryAt(522)).isEmpty();
        assertThat(ledger.tile(0, 1)).isPresent();
    }

    @Test
    void staleCommitIsRefusedAndNothingChanges() throws Exception {
        script.commit(ledger, 3);
        LedgerState stored = script.state();
        LedgerBatch late = script.next(4);
        LedgerBatch other = new LedgerScript().next(3);

        assertThatThrownBy(() -> ledger.commit(LedgerState.EMPTY, other))
                .isInstanceOfSatisfying(
                        StaleLedgerException.class, e -> assertThat(e.stored()).isEqualTo(stored));
        LedgerState sameSizeOtherMap = new LedgerState(stored.frontier(), LedgerState.EMPTY.mapRoot());
        assertThatThrownBy(() -> ledger.commit(sameSizeOtherMap, late)).isInstanceOf(StaleLedgerException.class);

        assertThat(ledger.state()).isEqualTo(stored);
        assertThat(ledger.entries(0, 100)).isEqualTo(script.told().subList(0, 3));
        ledger.commit(stored, late);
        assertThat(ledger.state()).isEqualTo(late.next());
    }

    @Test
    void duplicateRecordRefusesItsWholeBatch() throws Exception {
        script.commit(ledger, 3);
        LedgerState stored = script.state();
        NewEntry fresh = LedgerScript.entry(9, "fresh");
        NewEntry again = LedgerScript.entry(9, "record 1");
        NewEntry named = new NewEntry(
                fresh.logId(),
                fresh.recordId(),
                fresh.record(),
                "test:fresh",
                List.of(LedgerScript.content("fresh content")));
        LedgerBatch batch = script.next(List.of(named, again));

        assertThatThrownBy(() -> ledger.commit(stored, batch))
                .isInstanceOfSatisfying(
                        DuplicateRecordException.class,
                        e -> assertThat(e.recordId()).isEqualTo(again.recordId()));

        assertThat(ledger.state()).isEqualTo(stored);
        assertThat(ledger.entries(0, 100)).hasSize(3);
        assertThat(ledger.entry(fresh.recordId())).isEmpty();
        assertThat(ledger.logName(fresh.logId())).isEmpty();
        assertThat(ledger.releasedAt(LedgerScript.content("fresh content"))).isEmpty();
        LedgerScript retold = new LedgerScript();
        retold.next(3);
        ledger.commit(stored, retold.next(2));
        assertThat(ledger.state()).isEqualTo(retold.state());
    }

    @Test
    void secondNameOfALogRefusesItsBatch() throws Exception {
        script.commit(ledger, 3);
        LedgerState stored = script.state();
        NewEntry plain = LedgerScript.entry(1, "renaming");
        NewEntry renaming = new NewEntry(plain.logId(), plain.recordId(), plain.record(), "test:other", List.of());
        LedgerBatch batch = script.next(List.of(renaming));

        assertThatThrownBy(() -> ledger.commit(stored, batch)).isInstanceOf(IllegalArgumentException.class);

        assertThat(ledger.state()).isEqualTo(stored);
        assertThat(ledger.logName(LedgerScript.log(1))).contains(LedgerScript.name(1));
        assertThat(ledger.entry(renaming.recordId())).isEmpty();
    }

    @Test
    void batchThatSkipsALeafOrATileIsRefused() {
        LedgerBatch batch = script.next(256);
        LedgerBatch short1 = new LedgerBatch(batch.entries().subList(1, 256), batch.tiles(), batch.next());
        LedgerBatch noTile = new LedgerBatch(batch.entries(), List.of(), batch.next());

        assertThatThrownBy(() -> ledger.commit(LedgerState.EMPTY, short1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gives 255, not 256");
        assertThatThrownBy(() -> ledger.commit(LedgerState.EMPTY, noTile))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0/0");
        assertThat(ledger.state()).isEqualTo(LedgerState.EMPTY);
        assertThat(ledger.entries(0, 1)).isEmpty();
    }

    @Test
    void entriesOfOneLogRespectBoundsAndLimit() throws Exception {
        script.commit(ledger, 23);
        List<LedgerEntry> ofLog = script.told().stream()
                .filter(entry -> entry.logId().equals(LedgerScript.log(2)))
                .toList();
        assertThat(ofLog).extracting(LedgerEntry::leafIndex).containsExactly(2L, 7L, 12L, 17L, 22L);

        assertThat(ledger.logEntries(LedgerScript.log(2), 0, 23, 100)).isEqualTo(ofLog);
        assertThat(ledger.logEntries(LedgerScript.log(2), 0, 23, 2)).isEqualTo(ofLog.subList(0, 2));
        assertThat(ledger.logEntries(LedgerScript.log(2), 7, 22, 100)).isEqualTo(ofLog.subList(1, 4));
        assertThat(ledger.logEntries(LedgerScript.log(2), 8, 22, 1)).isEqualTo(ofLog.subList(2, 3));
        assertThat(ledger.logEntries(LedgerScript.log(2), 23, 99, 100)).isEmpty();
        assertThat(ledger.logEntries(LedgerScript.log(99), 0, 23, 100)).isEmpty();
    }

    @Test
    void firstReleaseOfAContentStays() throws Exception {
        NewEntry first = LedgerScript.entry(1, "first");
        NewEntry second = LedgerScript.entry(2, "second");
        List<Digest> twice = List.of(LedgerScript.content("shared"), LedgerScript.content("shared"));
        LedgerBatch batch = script.next(List.of(
                LedgerScript.entry(0, "none"),
                new NewEntry(first.logId(), first.recordId(), first.record(), null, twice),
                new NewEntry(second.logId(), second.recordId(), second.record(), null, twice)));
        ledger.commit(LedgerState.EMPTY, batch);
        LedgerState before = script.state();
        NewEntry third = LedgerScript.entry(3, "third");
        ledger.commit(
                before,
                script.next(List.of(new NewEntry(third.logId(), third.recordId(), third.record(), null, twice))));

        assertThat(ledger.releasedAt(LedgerScript.content("shared"))).hasValue(1);
    }

    @Test
    void tileOfLevelOneIsKeptWhenItIsFull() throws Exception {
        LedgerBatch first = script.next(65_535);
        ledger.commit(LedgerState.EMPTY, first);
        assertThat(ledger.tile(1, 0)).isEmpty();
        assertThat(ledger.tile(0, 254)).isPresent();
        LedgerState before = script.state();
        LedgerBatch last = script.next(2);
        ledger.commit(before, last);

        assertThat(last.tiles()).extracting(FullTile::level).containsExactlyInAnyOrder(0, 1);
        for (FullTile tile : last.tiles()) {
            assertThat(ledger.tile(tile.level(), tile.index()))
                    .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(tile.bytes()));
        }
        assertThat(ledger.tile(0, 256)).isEmpty();
        assertThat(ledger.tile(63, 0)).isEmpty();
        assertThat(ledger.tile(0, Long.MAX_VALUE)).isEmpty();
        assertThat(ledger.state()).isEqualTo(script.state());
    }

    @Test
    void arraysHandedOutBelongToTheCaller() throws Exception {
        script.commit(ledger, 256);
        ledger.tile(0, 0).ifPresent(tile -> Arrays.fill(tile, (byte) 0));
        assertThat(ledger.tile(0, 0))
                .hasValueSatisfying(tile -> assertThat(tile).isNotEqualTo(new byte[FullTile.LENGTH]));
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> ledger.entryAt(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.entries(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.entries(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.leaves(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.logEntries(LedgerScript.log(0), 0, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.tile(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.tile(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void concurrentReadersSeeWholeBatchesAndAllThatWasCommittedBefore() throws Exception {
        List<LedgerBatch> batches = new ArrayList<>();
        Set<Long> boundaries = new TreeSet<>(List.of(0L));
        List<LedgerState> states = new ArrayList<>(List.of(LedgerState.EMPTY));
        for (int i = 0; i < CONCURRENT_BATCHES; i++) {
            batches.add(script.next(1 + i % 17));
            boundaries.add(script.state().treeSize());
            states.add(script.state());
        }
        AtomicLong committed = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        Callable<Long> reader = () -> {
            long rounds = 0;
            do {
                long atLeast = committed.get();
                LedgerState state = ledger.state();
                assertThat(states).contains(state);
                assertThat(state.treeSize()).isGreaterThanOrEqualTo(atLeast);
                List<LogLeaf> leaves = ledger.leaves(0, Long.MAX_VALUE);
                assertThat(boundaries).contains((long) leaves.size());
                assertThat((long) leaves.size()).isGreaterThanOrEqualTo(state.treeSize());
                assertThat(rootOf(leaves.subList(0, (int) state.treeSize()))).isEqualTo(state.logRoot());
                if (!leaves.isEmpty()) {
                    assertThat(ledger.entry(leaves.getLast().recordId())).isPresent();
                }
                rounds++;
            } while (!done.get());
            return rounds;
        };
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> reading =
                    List.of(readers.submit(reader), readers.submit(reader), readers.submit(reader));
            for (int i = 0; i < CONCURRENT_BATCHES; i++) {
                ledger.commit(states.get(i), batches.get(i));
                committed.set(states.get(i + 1).treeSize());
            }
            done.set(true);
            for (Future<Long> each : reading) {
                assertThat(each.get()).isPositive();
            }
        } finally {
            done.set(true);
            readers.shutdownNow();
        }
    }

    @Test
    void ofTwoCommitsUponOneStateExactlyOneWins() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20; round++) {
                LedgerState before = script.state();
                LedgerBatch batch = script.next(3);
                Callable<Boolean> commit = () -> {
                    try {
                        ledger.commit(before, batch);
                        return true;
                    } catch (StaleLedgerException e) {
                        return false;
                    }
                };
                List<Future<Boolean>> results = writers.invokeAll(List.of(commit, commit));
                assertThat(results.get(0).get()).isNotEqualTo(results.get(1).get());
                assertThat(ledger.state()).isEqualTo(batch.next());
            }
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void afterReindexAllIsFoundAndWhereTheStoreKeepsAnIndexAllOfItWasCounted() throws Exception {
        script.commit(ledger, 20);

        OptionalLong indexed = ledger.reindex();

        assertThat(indexed.orElse(20)).isEqualTo(20);
        for (LedgerEntry entry : script.told()) {
            assertThat(ledger.entry(entry.recordId())).contains(entry);
            assertThat(ledger.releasedAt(LedgerScript.content("content of record " + entry.leafIndex())))
                    .hasValue(entry.leafIndex());
        }
        script.commit(ledger, 1);
        assertThat(ledger.entry(script.told().getLast().recordId()))
                .contains(script.told().getLast());
    }

    private static RootHash rootOf(List<LogLeaf> leaves) {
        Frontier frontier = Frontier.empty();
        for (LogLeaf leaf : leaves) {
            frontier = frontier.append(leaf.hash());
        }
        return frontier.root();
    }
}
