package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.Busy;
import dev.lair.server.ledger.LedgerException.HeadMoved;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One writer: batches, order, and which checkpoint is signed when. */
class SequencerTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
    private final Storage storage = store.in(memory);
    private final CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);
    private final List<OpenLedger> opened = new ArrayList<>();

    private OpenLedger open(String... settings) {
        return open(keys, settings);
    }

    private OpenLedger open(CheckpointSigner signer, String... settings) {
        LairSettings lair = TestSettings.of(settings);
        OpenLedger ledger = OpenLedger.open(lair, storage, signer, clock);
        opened.add(ledger);
        return ledger;
    }

    @AfterEach
    void close() {
        opened.forEach(OpenLedger::close);
    }

    @Test
    void batchesLeadToTheRootsOfOneByOne() {
        Chains chains = new Chains(1, 40);
        List<NewRecord> records = chains.next(700);
        CountDownLatch filled = holdFirstCommit();
        OpenLedger ledger = open("ledger.batch-records", "256");

        List<Appended> promises = records.stream().map(ledger.ledger()::append).toList();
        filled.countDown();

        for (int i = 0; i < promises.size(); i++) {
            assertThat(await(promises.get(i).leafIndex())).isEqualTo(i);
        }
        SignedCheckpoint last = await(promises.getLast().covered());
        assertThat(store.batches()).hasSizeLessThan(10).allMatch(size -> size <= 256);
        assertThat(last.contents().checkpoint()).isEqualTo(oneByOne(chains.leaves()));
        assertThat(store.state().logRoot())
                .isEqualTo(last.contents().checkpoint().logRoot());
        assertThat(store.leaves(0, 700)).isEqualTo(chains.leaves());
        assertThat(store.tile(0, 1)).isPresent();
        assertThat(store.tile(0, 2)).isEmpty();
    }

    private static Checkpoint oneByOne(List<LogLeaf> leaves) {
        Frontier frontier = Frontier.empty();
        SparseMap map = SparseMap.empty();
        for (LogLeaf leaf : leaves) {
            frontier = frontier.append(leaf.hash());
            map = map.with(leaf.logId(), leaf.recordId());
        }
        return new Checkpoint(frontier.root(), leaves.size(), map.root());
    }

    /** The first commit waits until the latch is released, so that a queue gathers behind it. */
    private CountDownLatch holdFirstCommit() {
        CountDownLatch released = new CountDownLatch(1);
        store.beforeCommit(WatchedLedgerStore.until(released));
        return released;
    }

    @Test
    void aBatchIsNeverLargerThanConfigured() {
        CountDownLatch filled = holdFirstCommit();
        OpenLedger ledger = open("ledger.batch-records", "7");
        List<Appended> promises =
                new Chains(2, 3).next(50).stream().map(ledger.ledger()::append).toList();
        filled.countDown();
        promises.forEach(promise -> await(promise.covered()));

        assertThat(store.batches()).allMatch(size -> size <= 7);
        assertThat(store.state().treeSize()).isEqualTo(50);
    }

    @Test
    void recordThatDoesNotFollowTheHeadIsRefusedAndLeavesNoTrace() {
        OpenLedger ledger = open();
        Chains chains = new Chains(3, 1);
        ledger.append(chains.next("p"));
        RecordId head = ledger.append(chains.next("p")).contents().checkpoint().logLength() == 2
                ? chains.leaves().get(1).recordId()
                : null;

        NewRecord behindNothing = Chains.record("p", null, "begins again");
        NewRecord behindTheFirst = Chains.record("p", chains.leaves().get(0).recordId(), "forks");
        NewRecord inANewLog = Chains.record("q", head, "has a prev");
        for (NewRecord refused : List.of(behindNothing, behindTheFirst, inANewLog)) {
            Appended promise = ledger.ledger().append(refused);
            assertThat(awaitFailure(promise.leafIndex())).isInstanceOf(HeadMoved.class);
            assertThat(awaitFailure(promise.covered())).isInstanceOf(HeadMoved.class);
            assertThat(ledger.ledger().entry(refused.recordId())).isEmpty();
        }
        assertThat(ledger.append(chains.next("p")).contents().checkpoint().logLength())
                .isEqualTo(3);
        assertThat(ledger.ledger().failure()).isEmpty();
    }

    @Test
    void twoRecordsThatFollowOneHeadInOneBatchAreNeverBothAppended() {
        CountDownLatch filled = holdFirstCommit();
        OpenLedger ledger = open();
        Chains chains = new Chains(4, 1);
        NewRecord first = chains.next("p");
        Appended one = ledger.ledger().append(first);
        Appended two = ledger.ledger().append(Chains.record("p", first.recordId(), "left"));
        Appended three = ledger.ledger().append(Chains.record("p", first.recordId(), "right"));
        Appended again = ledger.ledger().append(first);
        filled.countDown();

        assertThat(await(one.leafIndex())).isZero();
        assertThat(await(two.leafIndex())).isEqualTo(1);
        assertThat(awaitFailure(three.leafIndex())).isInstanceOf(HeadMoved.class);
        assertThat(awaitFailure(again.leafIndex())).isInstanceOf(HeadMoved.class);
        await(two.covered());
        assertThat(store.state().treeSize()).isEqualTo(2);
    }

    @Test
    void fullQueueIsBusyAndTakesNothing() {
        CountDownLatch filled = holdFirstCommit();
        OpenLedger ledger = open("ledger.queue-records", "3", "ledger.batch-records", "1");
        Chains chains = new Chains(5, 1);
        List<Appended> taken = new ArrayList<>();
        NewRecord[] left = new NewRecord[1];
        assertThatThrownBy(() -> {
                    while (true) {
                        left[0] = chains.next("p");
                        taken.add(ledger.ledger().append(left[0]));
                    }
                })
                .isInstanceOf(Busy.class)
                .hasMessageContaining("try again");
        filled.countDown();
        taken.forEach(promise -> await(promise.covered()));

        assertThat(store.state().treeSize()).isEqualTo(taken.size());
        assertThat(ledger.ledger().entry(left[0].recordId())).isEmpty();
        assertThat(ledger.append(left[0]).contents().checkpoint().logLength()).isEqualTo(taken.size() + 1);
    }

    @Test
    void onlyCommittedStateIsSigned() {
        List<Long> committedWhenSigned = new ArrayList<>();
        store.beforeCheckpoint(signed -> committedWhenSigned.add(store.state().treeSize()));
        OpenLedger ledger = open("ledger.batch-records", "3");
        ledger.appendAtOnce(new Chains(6, 5).next(100));

        List<SignedCheckpoint> saved = store.saved();
        assertThat(saved).isNotEmpty();
        for (int i = 0; i < saved.size(); i++) {
            assertThat(saved.get(i).contents().checkpoint().logLength())
                    .isLessThanOrEqualTo(committedWhenSigned.get(i));
        }
    }

    @Test
    void checkpointIsShownOnlyOnceItIsSaved() {
        OpenLedger[] ledger = new OpenLedger[1];
        List<Long> shownWhileSaving = new ArrayList<>();
        Chains chains = new Chains(7, 1);
        ledger[0] = open();
        ledger[0].append(chains.next());
        store.afterCheckpoint(signed -> shownWhileSaving.add(ledger[0].ledger().publishedSize()));
        ledger[0].append(chains.next());

        assertThat(shownWhileSaving).containsExactly(1L);
        assertThat(ledger[0].ledger().publishedSize()).isEqualTo(2);
    }

    @Test
    void withoutASignerRecordsAreDurableAndNothingIsSigned() {
        boolean[] known = new boolean[1];
        OpenLedger ledger = open(() -> known[0] ? Optional.of(OperatorKeyFile.KEY) : Optional.empty());
        Appended promise = ledger.ledger().append(new Chains(8, 1).next());
        assertThat(await(promise.leafIndex())).isZero();
        ledger.settle();
        assertThat(ledger.ledger().checkpoint()).isEmpty();
        assertThat(promise.covered()).isNotDone();

        known[0] = true;
        ledger.ledger().checkpointSoon();
        assertThat(await(promise.covered()).contents().checkpoint().logLength()).isEqualTo(1);
    }

    @Test
    void checkpointIntervalWithholdsTheCheckpointUntilItIsOver() {
        OpenLedger ledger = open("ledger.checkpoint-interval", "10s");
        Chains chains = new Chains(9, 1);
        ledger.append(chains.next());
        Appended promise = ledger.ledger().append(chains.next());
        assertThat(await(promise.leafIndex())).isEqualTo(1);
        clock.move(Duration.ofSeconds(10).minusNanos(1));
        ledger.settle();
        assertThat(promise.covered()).isNotDone();
        assertThat(ledger.ledger().publishedSize()).isEqualTo(1);

        clock.move(Duration.ofNanos(1));
        ledger.ledger().checkpointSoon();
        assertThat(await(promise.covered()).contents().checkpoint().logLength()).isEqualTo(2);
        assertThat(ledger.ledger().publishedSize()).isEqualTo(2);
    }

    @Test
    void shutdownSignsWhatTheIntervalWithheldForThoseWhoWait() {
        OpenLedger ledger = open("ledger.checkpoint-interval", "10s");
        Chains chains = new Chains(10, 1);
        ledger.append(chains.next());
        Appended waiting = ledger.ledger().append(chains.next());
        await(waiting.leafIndex());
        ledger.close();
        assertThat(await(waiting.covered()).contents().checkpoint().logLength()).isEqualTo(2);
        assertThat(store.latestCheckpoint()).contains(await(waiting.covered()));
    }

    @Test
    void restartSignsWhatTheIntervalWithheldOnceItIsOver() {
        OpenLedger first = open("ledger.checkpoint-interval", "10s");
        Chains chains = new Chains(10, 1);
        first.append(chains.next());
        await(first.ledger().append(chains.next()).leafIndex());
        store.beforeCheckpoint(crash -> {
            throw new StorageStoppedException("power is gone", new IOException("sync failed"));
        });
        first.close();
        assertThat(store.latestCheckpoint()
                        .orElseThrow()
                        .contents()
                        .checkpoint()
                        .logLength())
                .isEqualTo(1);

        store.beforeCheckpoint(powerIsBack -> {});
        clock.move(Duration.ofSeconds(10));
        OpenLedger second = open("ledger.checkpoint-interval", "10s");
        second.settle();
        assertThat(second.ledger().publishedSize()).isEqualTo(2);
        assertThat(second.ledger().checkpoint().orElseThrow().contents().checkpoint())
                .isEqualTo(oneByOne(chains.leaves()));
    }

    @Test
    void whoSignsIsAskedAgainWhileTheStorageThatKnowsDoesNotAnswer() {
        AtomicInteger unanswered = new AtomicInteger();
        OpenLedger ledger = open(() -> {
            if (unanswered.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new StorageException("the database does not answer", new IOException("timeout"));
            }
            return Optional.of(OperatorKeyFile.KEY);
        });
        Chains chains = new Chains(13, 1);
        ledger.append(chains.next());
        unanswered.set(2);

        assertThat(ledger.append(chains.next()).contents().checkpoint().logLength())
                .isEqualTo(2);
        assertThat(unanswered).hasValue(0);
        assertThat(ledger.ledger().failure()).isEmpty();
    }

    @Test
    void anIntervalIsNoLongerBecauseTheClockRanBackwards() {
        OpenLedger ledger = open("ledger.checkpoint-interval", "10s");
        Chains chains = new Chains(11, 1);
        SignedCheckpoint before = ledger.append(chains.next());
        Appended promise = ledger.ledger().append(chains.next());
        await(promise.leafIndex());
        // Behind the append: a refresh that finds the clock set back first would begin an interval of its own.
        clock.move(Duration.ofHours(-1));

        SignedCheckpoint after = await(promise.covered());
        assertThat(after.contents().epochSeconds()).isEqualTo(before.contents().epochSeconds());
        Appended next = ledger.ledger().append(chains.next());
        await(next.leafIndex());
        ledger.settle();
        assertThat(next.covered()).isNotDone();
    }

    @Test
    void refreshStatesTheSameSizeAgainWithTheNewTime() {
        OpenLedger ledger = open("ledger.checkpoint-refresh", "60s");
        SignedCheckpoint first = ledger.append(new Chains(12, 1).next());
        clock.move(Duration.ofSeconds(60).minusNanos(1));
        ledger.settle();
        assertThat(ledger.ledger().checkpoint()).contains(first);

        clock.move(Duration.ofNanos(1));
        ledger.settle();
        SignedCheckpoint refreshed = ledger.ledger().checkpoint().orElseThrow();
        assertThat(refreshed.contents().checkpoint()).isEqualTo(first.contents().checkpoint());
        assertThat(refreshed.contents().epochSeconds())
                .isEqualTo(first.contents().epochSeconds() + 60);
        assertThat(refreshed.verify(OperatorKeyFile.KEY.publicKey(), EcdsaP256.INSTANCE))
                .isTrue();
        assertThat(store.latestCheckpoint()).contains(refreshed);
        assertThat(ledger.ledger().checkpoint(1)).contains(refreshed);
        assertThat(ledger.ledger().map(1)).isPresent();
    }

    @Test
    void checkpointIsNeverOlderThanTheOneBefore() {
        OpenLedger ledger = open();
        Chains chains = new Chains(13, 1);
        SignedCheckpoint first = ledger.append(chains.next());
        clock.move(Duration.ofDays(-2));
        SignedCheckpoint second = ledger.append(chains.next());
        assertThat(second.contents().epochSeconds()).isEqualTo(first.contents().epochSeconds());

        ledger.close();
        OpenLedger restarted = open();
        SignedCheckpoint third = restarted.append(chains.next());
        assertThat(third.contents().epochSeconds()).isEqualTo(first.contents().epochSeconds());
        assertThat(restarted.ledger().failure()).isEmpty();
    }

    @Test
    void closingFinishesWhatIsQueuedAndThenTakesNothing() {
        CountDownLatch filled = holdFirstCommit();
        OpenLedger ledger = open();
        List<Appended> promises =
                new Chains(14, 2).next(20).stream().map(ledger.ledger()::append).toList();
        filled.countDown();
        ledger.close();

        assertThat(promises).allSatisfy(promise -> assertThat(promise.covered()).isCompleted());
        assertThat(store.state().treeSize()).isEqualTo(20);
        assertThatThrownBy(() -> ledger.ledger().append(Chains.record("late", null, "comes late")))
                .isInstanceOf(LedgerException.Stopped.class);
        ledger.close();
    }
}
