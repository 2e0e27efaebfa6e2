package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.ProofRejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sequencer's durable writes (see its comment), each stopped, and what the next start makes of it. */
class LedgerCrashTest {

    private static final Consumer<Object> FAIL = write -> {
        throw new StorageStoppedException("the disk is gone", new IOException("sync failed"));
    };

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
    private final CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);
    private final Chains chains = new Chains(41, 4);
    private final List<SignedCheckpoint> seen = new ArrayList<>();

    @BeforeEach
    void fiveRecordsAreThere() {
        try (OpenLedger ledger = open(store)) {
            chains.next(5).forEach(record -> seen.add(ledger.append(record)));
        }
    }

    private OpenLedger open(WatchedLedgerStore over) {
        // Small enough that a test's records take several batches.
        return OpenLedger.open(TestSettings.of("ledger.batch-records", "256"), over.in(memory), keys, clock);
    }

    /** The next start: whatever was seen before must be a prefix of what it shows. */
    private void restartShows(long size) throws ProofRejected {
        SoundStorage.require(memory);
        WatchedLedgerStore sound = new WatchedLedgerStore(memory.ledger());
        try (OpenLedger ledger = open(sound)) {
            ledger.settle();
            assertThat(ledger.ledger().publishedSize()).isEqualTo(size);
            assertThat(ledger.ledger().failure()).isEmpty();
            SignedCheckpoint after = ledger.append(Chains.record("later", null, "goes on"));
            assertThat(after.contents().checkpoint().logLength()).isEqualTo(size + 1);
            for (SignedCheckpoint before : seen) {
                long from = before.contents().checkpoint().logLength();
                LogProofBundle.consistency(ledger.ledger().nodes(size + 1), from, size + 1)
                        .verifyConsistency(
                                from,
                                before.contents().checkpoint().logRoot(),
                                size + 1,
                                after.contents().checkpoint().logRoot());
            }
        }
        SoundStorage.require(memory);
    }

    private void requireStopped(OpenLedger ledger) {
        ledger.close();
        assertThat(ledger.ledger().failure()).isPresent();
        assertThatThrownBy(() -> ledger.ledger().append(Chains.record("other", null, "after the end")))
                .isInstanceOf(Stopped.class)
                .hasMessageContaining("restart");
        // Readers go on with what was published.
        assertThat(ledger.ledger().checkpoint()).contains(seen.getLast());
        assertThat(ledger.ledger().leaves(0, 5)).hasSize(5);
    }

    @Test
    void crashBeforeTheCommitLeavesNothingOfTheRecord() throws ProofRejected {
        NewRecord record = chains.next();
        OpenLedger ledger = open(store);
        store.beforeCommit(FAIL);
        Appended promise = ledger.ledger().append(record);

        assertThat(awaitFailure(promise.leafIndex())).isInstanceOf(Stopped.class);
        assertThat(awaitFailure(promise.covered())).isInstanceOf(Stopped.class);
        requireStopped(ledger);
        assertThat(memory.ledger().entry(record.recordId())).isEmpty();
        restartShows(5);
    }

    @Test
    void crashAfterTheCommitLeavesADurableRecordThatTheNextStartSigns() throws ProofRejected {
        NewRecord record = chains.next();
        OpenLedger ledger = open(store);
        store.afterCommit(FAIL);
        Appended promise = ledger.ledger().append(record);

        // The answer is neither yes nor no: the record is there, and its author was not told so.
        assertThat(awaitFailure(promise.leafIndex()))
                .isInstanceOf(Stopped.class)
                .hasMessageContaining("either there or not");
        requireStopped(ledger);
        assertThat(memory.ledger().entry(record.recordId())).isPresent();
        restartShows(6);
    }

    @Test
    void crashBeforeTheCheckpointIsSavedLeavesRecordsThatTheNextStartCovers() throws ProofRejected {
        NewRecord record = chains.next();
        OpenLedger ledger = open(store);
        store.beforeCheckpoint(FAIL);
        Appended promise = ledger.ledger().append(record);

        assertThat(await(promise.leafIndex())).isEqualTo(5);
        assertThat(awaitFailure(promise.covered())).isInstanceOf(Stopped.class);
        requireStopped(ledger);
        assertThat(memory.ledger().latestCheckpoint()).contains(seen.getLast());
        restartShows(6);
    }

    @Test
    void crashAfterTheCheckpointIsSavedLeavesACheckpointThatTheNextStartPublishesAsItIs() throws ProofRejected {
        NewRecord record = chains.next();
        OpenLedger ledger = open(store);
        store.afterCheckpoint(FAIL);
        Appended promise = ledger.ledger().append(record);

        assertThat(await(promise.leafIndex())).isEqualTo(5);
        assertThat(awaitFailure(promise.covered())).isInstanceOf(Stopped.class);
        requireStopped(ledger);
        SignedCheckpoint saved = memory.ledger().latestCheckpoint().orElseThrow();
        assertThat(saved.contents().checkpoint().logLength()).isEqualTo(6);
        try (OpenLedger restarted = open(new WatchedLedgerStore(memory.ledger()))) {
            assertThat(restarted.ledger().checkpoint()).contains(saved);
        }
        seen.add(saved);
        restartShows(6);
    }

    @Test
    void crashWhileASnapshotIsWrittenLeavesTheOlderOneAndALongerReplay() throws ProofRejected {
        try (OpenLedger ledger = OpenLedger.open(
                TestSettings.of("ledger.snapshot-records", "3", "ledger.retained-checkpoints", "1"),
                store.in(memory),
                keys,
                clock)) {
            ledger.appendAll(chains.next(1));
        }
        assertThat(memory.snapshots().sizes()).containsExactly(6L);
        Storage noDisk = RefusingSnapshots.in(memory, store);
        try (OpenLedger ledger = OpenLedger.open(
                TestSettings.of("ledger.snapshot-records", "3", "ledger.retained-checkpoints", "1"),
                noDisk,
                keys,
                clock)) {
            ledger.appendAll(chains.next(6));
        }
        assertThat(memory.snapshots().sizes()).containsExactly(6L);
        restartShows(12);
    }

    @Test
    void everyRecordThatWasAcknowledgedIsThereAfterTheRestart() throws ProofRejected {
        OpenLedger ledger = open(store);
        int[] commits = new int[1];
        CountDownLatch filled = new CountDownLatch(1);
        store.beforeCommit(batch -> {
            WatchedLedgerStore.until(filled).accept(batch);
            if (++commits[0] == 3) {
                throw new StorageStoppedException("the disk is gone", new IOException("sync failed"));
            }
        });
        List<NewRecord> records = chains.next(900);
        List<Appended> promises = records.stream().map(ledger.ledger()::append).toList();
        filled.countDown();
        ledger.close();

        long acknowledged = 0;
        for (int i = 0; i < promises.size(); i++) {
            assertThat(promises.get(i).leafIndex()).isDone();
            assertThat(promises.get(i).covered()).isDone();
            if (!promises.get(i).leafIndex().isCompletedExceptionally()) {
                acknowledged++;
                assertThat(memory.ledger().entry(records.get(i).recordId())).isPresent();
            }
        }
        assertThat(acknowledged).isPositive().isLessThan(900);
        restartShows(5 + acknowledged);
    }

    @Test
    void afterAnInternalFaultNobodyWaitsForEver() {
        OpenLedger ledger = open(store);
        store.beforeCommit(batch -> {
            throw new IllegalArgumentException("the batch does not continue the state");
        });
        Appended promise = ledger.ledger().append(chains.next());

        assertThat(awaitFailure(promise.leafIndex())).isInstanceOf(Stopped.class);
        assertThat(awaitFailure(promise.covered())).isInstanceOf(Stopped.class);
        ledger.close();
        assertThat(ledger.ledger().failure()).isPresent();
    }

    @Test
    void signerThatFailsStopsTheLedgerAndLosesNothing() throws ProofRejected {
        NewRecord record = chains.next();
        OpenLedger ledger = OpenLedger.open(
                TestSettings.of(),
                store.in(memory),
                () -> {
                    if (memory.ledger().state().treeSize() > 5) {
                        throw new IllegalStateException("the key store cannot be read");
                    }
                    return Optional.of(OperatorKeyFile.KEY);
                },
                clock);
        Appended promise = ledger.ledger().append(record);
        assertThat(await(promise.leafIndex())).isEqualTo(5);
        assertThat(awaitFailure(promise.covered())).isInstanceOf(Stopped.class);
        ledger.close();
        restartShows(6);
    }
}
