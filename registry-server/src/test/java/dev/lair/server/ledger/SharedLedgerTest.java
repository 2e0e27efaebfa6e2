package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.HeadMoved;
import dev.lair.server.ledger.LedgerException.NotWritten;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.StorageException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several ledgers over one storage, as nodes of one registry have it, and a storage that fails and comes back. */
class SharedLedgerTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);
    private final List<OpenLedger> open = new ArrayList<>();

    private OpenLedger node(LedgerStore store) {
        return node(store, TestSettings.of());
    }

    private OpenLedger node(LedgerStore store, LairSettings settings) {
        Storage shared = new Storage(
                store,
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                memory.archive(),
                Sharing.SHARED,
                () -> {});
        OpenLedger node = OpenLedger.open(settings, shared, keys, clock);
        open.add(node);
        return node;
    }

    private OpenLedger node() {
        return node(memory.ledger());
    }

    @AfterEach
    void closeNodesAndCheckWhatIsLeft() {
        open.forEach(OpenLedger::close);
        SoundStorage.require(memory);
    }

    /** What the stored records lead to, computed anew. */
    private Checkpoint truth() {
        LedgerState state = memory.ledger().state();
        SparseMap map = SparseMap.empty();
        for (LogLeaf leaf : memory.ledger().leaves(0, state.treeSize())) {
            map = map.with(leaf.logId(), leaf.recordId());
        }
        assertThat(map.root()).isEqualTo(state.mapRoot());
        return new Checkpoint(state.logRoot(), state.treeSize(), state.mapRoot());
    }

    @Test
    void recordsFromTwoNodesAtOnceAllGetInAndNoneIsLost() throws Exception {
        OpenLedger a = node();
        OpenLedger b = node();
        List<Appended> promises = new CopyOnWriteArrayList<>();
        Thread one = Thread.ofVirtual().start(() -> promises.addAll(appendSlowly(a, new Chains(1, 20), "a")));
        Thread two = Thread.ofVirtual().start(() -> promises.addAll(appendSlowly(b, new Chains(2, 20), "b")));
        one.join();
        two.join();

        assertThat(promises).hasSize(400);
        List<SignedCheckpoint> covered = new ArrayList<>();
        for (Appended promise : promises) {
            await(promise.leafIndex());
            covered.add(await(promise.covered()));
        }
        assertThat(truth().logLength()).isEqualTo(400);
        requireConsistent(b, covered);
    }

    private static List<Appended> appendSlowly(OpenLedger node, Chains chains, String prefix) {
        List<Appended> promises = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Appended promise = node.ledger().append(chains.next(prefix + i % 7));
            promises.add(promise);
            // One at a time: batches of one meet the other node's most often.
            await(promise.leafIndex());
        }
        return promises;
    }

    private void requireConsistent(OpenLedger node, List<SignedCheckpoint> seen) throws ProofRejected {
        Checkpoint last = node.ledger().checkpoint().orElseThrow().contents().checkpoint();
        for (SignedCheckpoint one : seen) {
            Checkpoint before = one.contents().checkpoint();
            LogProofBundle.consistency(node.ledger().nodes(last.logLength()), before.logLength(), last.logLength())
                    .verifyConsistency(before.logLength(), before.logRoot(), last.logLength(), last.logRoot());
        }
    }

    @Test
    void ofTwoRivalRecordsOnTwoNodesOneIsAppendedAndOneRefused() {
        OpenLedger a = node();
        OpenLedger b = node();
        NewRecord first = Chains.record("p", null, "first");
        a.append(first);
        Appended mine = a.ledger().append(Chains.record("p", first.recordId(), "mine"));
        await(mine.leafIndex());
        Appended yours = b.ledger().append(Chains.record("p", first.recordId(), "yours"));

        assertThat(awaitFailure(yours.leafIndex())).isInstanceOf(HeadMoved.class);
        assertThat(truth().logLength()).isEqualTo(2);
    }

    @Test
    void recordThatFollowsWhatAnotherNodeAppendedIsTakenAtOnce() {
        OpenLedger a = node();
        OpenLedger b = node();
        RecordId head = null;
        for (int i = 0; i < 40; i++) {
            NewRecord record = Chains.record("p", head, "record " + i);
            Appended promise = (i % 2 == 0 ? a : b).ledger().append(record);
            assertThat(await(promise.leafIndex())).isEqualTo(i);
            head = record.recordId();
        }
        assertThat(truth().logLength()).isEqualTo(40);
    }

    @Test
    void nodeThatShowsMoreThanItHasReadSignsNothingLess() {
        OpenLedger a = node();
        OpenLedger b = node();
        a.append(Chains.record("p", null, "first"));
        b.ledger().catchUp();
        a.append(Chains.record("q", null, "second"));
        SignedCheckpoint shown = b.ledger().checkpoint().orElseThrow();
        assertThat(shown.contents().checkpoint().logLength()).isEqualTo(2);

        clock.move(Duration.ofMinutes(2));
        b.ledger().checkpointSoon();
        await(b.ledger().settled());
        assertThat(b.ledger().failure()).isEmpty();
        assertThat(b.ledger().checkpoint().orElseThrow().contents().checkpoint().logLength())
                .isEqualTo(2);
    }

    @Test
    void theSameRecordThroughTwoNodesIsAppendedOnceAndBothAreToldWhere() {
        OpenLedger a = node();
        OpenLedger b = node();
        NewRecord record = Chains.record("p", null, "once");
        a.append(record);
        Appended again = b.ledger().append(record);

        assertThat(await(again.leafIndex())).isZero();
        assertThat(await(again.covered()).contents().checkpoint().logLength()).isEqualTo(1);
        assertThat(truth().logLength()).isEqualTo(1);
    }

    @Test
    void whatOneNodePublishedTheOtherShowsAtOnceWithItsMap() {
        OpenLedger a = node();
        OpenLedger b = node();
        for (NewRecord record : new Chains(3, 5).next(30)) {
            SignedCheckpoint published = a.append(record);
            assertThat(b.ledger().checkpoint()).contains(published);
            long size = published.contents().checkpoint().logLength();
            assertThat(b.ledger().map(size).orElseThrow().root())
                    .isEqualTo(published.contents().checkpoint().mapRoot());
        }
    }

    @Test
    void mapOfEveryRetainedCheckpointIsServedByEveryNodeAlsoAfterARestart() {
        LairSettings settings = TestSettings.of("ledger.snapshot-records", "40", "ledger.retained-checkpoints", "1000");
        OpenLedger idle = node(memory.ledger(), settings);
        OpenLedger a = node(memory.ledger(), settings);
        OpenLedger b = node(memory.ledger(), settings);
        int turn = 0;
        for (NewRecord record : new Chains(8, 30).next(200)) {
            (turn++ / 10 % 2 == 0 ? a : b).append(record);
        }
        OpenLedger restarted = node(memory.ledger(), settings);
        List<SignedCheckpoint> retained = memory.ledger().latestCheckpoints(1000).stream()
                .filter(signed -> signed.contents().checkpoint().logLength() >= 200 - 2 * 40)
                .toList();
        assertThat(retained).hasSize(81);
        for (OpenLedger node : List.of(restarted, idle, a, b)) {
            for (SignedCheckpoint signed : retained) {
                Checkpoint checkpoint = signed.contents().checkpoint();
                assertThat(node.ledger()
                                .map(checkpoint.logLength())
                                .orElseThrow()
                                .root())
                        .isEqualTo(checkpoint.mapRoot());
            }
            assertThat(node.ledger().map(50)).isEmpty();
        }
    }

    @Test
    void nodeThatCaughtUpKnowsEveryRecordCommittedBefore() {
        OpenLedger a = node();
        OpenLedger b = node();
        List<LogLeaf> told = new CopyOnWriteArrayList<>();
        b.ledger().onForeign(told::addAll);
        Chains chains = new Chains(4, 5);
        chains.next(20).forEach(a::append);
        b.ledger().catchUp();

        assertThat(b.ledger().committedSize()).isEqualTo(20);
        assertThat(told).isEqualTo(chains.leaves());
    }

    @Test
    void recordWhoseCommitSucceededButWhoseAnswerWasLostIsAcknowledged() {
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
        OpenLedger node = node(store);
        failOnce(store, false);
        Appended promise = node.ledger().append(Chains.record("p", null, "the answer is lost"));

        assertThat(await(promise.leafIndex())).isZero();
        assertThat(await(promise.covered()).contents().checkpoint().logLength()).isEqualTo(1);
        node.append(Chains.record("q", null, "goes on"));
        assertThat(truth().logLength()).isEqualTo(2);
    }

    @Test
    void recordWhoseCommitFailedIsRefusedAndTheLedgerGoesOn() {
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
        OpenLedger node = node(store);
        failOnce(store, true);
        NewRecord record = Chains.record("p", null, "not written");

        assertThat(awaitFailure(node.ledger().append(record).leafIndex())).isInstanceOf(NotWritten.class);
        assertThat(memory.ledger().state().treeSize()).isZero();
        node.append(record);
        assertThat(truth().logLength()).isEqualTo(1);
        assertThat(node.ledger().failure()).isEmpty();
    }

    private static void failOnce(WatchedLedgerStore store, boolean before) {
        AtomicBoolean failed = new AtomicBoolean();
        Consumer<Object> fail = write -> {
            if (!failed.getAndSet(true)) {
                throw new StorageException("the connection broke");
            }
        };
        if (before) {
            store.beforeCommit(fail);
        } else {
            store.afterCommit(fail);
        }
    }

    @Test
    void storageThatLostWhatThisNodeSawEndsTheNode() {
        AtomicBoolean restored = new AtomicBoolean();
        WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger()) {
            @Override
            public LedgerState state() {
                return restored.get() ? LedgerState.EMPTY : super.state();
            }
        };
        OpenLedger node = node(store);
        node.append(Chains.record("p", null, "seen"));
        restored.set(true);
        node.ledger().catchUp();

        assertThat(node.ledger().failure()).containsInstanceOf(Stopped.class);
        Throwable why = node.ledger().failure().orElseThrow();
        assertThat(why).rootCause().hasMessageContaining("went back from 1 to 0 leaves");
    }

    @Test
    void recordOfAnUnknownHeadIsRefusedOnEveryNode() {
        OpenLedger a = node();
        NewRecord stray = Chains.record("p", RecordId.ofBytes(new byte[32]), "follows nothing");
        assertThat(awaitFailure(a.ledger().append(stray).leafIndex())).isInstanceOf(HeadMoved.class);
    }
}
