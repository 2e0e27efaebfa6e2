package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.LedgerCheck.Difference;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.Publication;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attestations in the evidence log: each once, behind a checkpoint that covers its record, whatever happens. */
class AttestTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final List<OpenLedger> open = new ArrayList<>();
    private final Chains chains = new Chains(61, 5);
    private final AtomicInteger appends = new AtomicInteger();
    private volatile boolean canSign = true;

    /** What the next append to the evidence log does besides. */
    private interface Fault {
        void append(Runnable stored);
    }

    private final AtomicReference<Fault> fault = new AtomicReference<>(Runnable::run);

    private final EvidenceStore evidence = new EvidenceStore() {
        @Override
        public Frontier state() {
            return memory.evidence().state();
        }

        @Override
        public void append(Frontier expected, EvidenceBatch batch) throws StaleEvidenceException {
            appends.incrementAndGet();
            AtomicReference<StaleEvidenceException> stale = new AtomicReference<>();
            fault.getAndSet(Runnable::run).append(() -> {
                try {
                    memory.evidence().append(expected, batch);
                } catch (StaleEvidenceException e) {
                    stale.set(e);
                }
            });
            if (stale.get() != null) {
                throw stale.get();
            }
        }

        @Override
        public List<byte[]> entries(long fromIndex, long untilIndex) {
            return memory.evidence().entries(fromIndex, untilIndex);
        }

        @Override
        public Optional<byte[]> tile(int level, long index) {
            return memory.evidence().tile(level, index);
        }
    };

    private OpenLedger node(Sharing sharing, Witnesses witnesses, String... settings) {
        Storage storage = new Storage(
                memory.ledger(),
                evidence,
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                memory.archive(),
                sharing,
                () -> {});
        OpenLedger node = OpenLedger.open(
                TestSettings.of(settings),
                storage,
                () -> canSign ? Optional.of(OperatorKeyFile.KEY) : Optional.empty(),
                witnesses,
                clock);
        open.add(node);
        return node;
    }

    private OpenLedger alone() {
        return node(Sharing.EXCLUSIVE, Witnesses.NONE);
    }

    private OpenLedger shared() {
        return node(Sharing.SHARED, Witnesses.NONE);
    }

    private void close(OpenLedger node) {
        node.close();
        open.remove(node);
    }

    @AfterEach
    void closeAndCheckWhatIsLeft() {
        open.forEach(OpenLedger::close);
        SoundStorage.require(memory);
        requireOrderAndNoneTwice();
    }

    private List<byte[]> entries() {
        return memory.evidence().entries(0, Long.MAX_VALUE);
    }

    /** Checkpoints ascend, an attestation stands behind one that covers its record, and none stands there twice. */
    private void requireOrderAndNoneTwice() {
        long stated = -1;
        HashSet<AttestationEvidence> attested = new HashSet<>();
        for (byte[] entry : entries()) {
            if (CheckpointEvidence.isMarked(entry)) {
                long size = CheckpointEvidence.parse(entry).treeSize();
                assertThat(size).isGreaterThan(stated);
                stated = size;
            } else {
                AttestationEvidence one = AttestationEvidence.parse(entry);
                assertThat(attested.add(one)).as(one.format()).isTrue();
                assertThat(memory.ledger().entry(one.recordId()).orElseThrow().leafIndex())
                        .isLessThan(stated);
            }
        }
    }

    private static Digest digest(Object of) {
        return Digest.of(String.valueOf(of).getBytes(StandardCharsets.UTF_8));
    }

    private RecordId published(OpenLedger node) {
        NewRecord record = chains.next();
        node.append(record);
        return record.recordId();
    }

    private void requireStated(long index, RecordId record, Digest attestation) {
        assertThat(entries().get(Math.toIntExact(index)))
                .isEqualTo(new AttestationEvidence(OpenLedger.IDENTITY.origin(), record, attestation).entry());
    }

    @Test
    void attestationIsStatedAndCoveredByAPublishedNoteThoughNoRecordFollows() {
        OpenLedger node = alone();
        RecordId record = published(node);
        assertThat(node.ledger().statedAt(record, digest("a"))).isEmpty();
        long index = await(node.ledger().attest(record, digest("a")));

        requireStated(index, record, digest("a"));
        assertThat(node.ledger().publishedEvidenceSize()).isEqualTo(index + 1);
        assertThat(node.ledger().publishedSize()).isEqualTo(1);
        assertThat(node.ledger().statedAt(record, digest("a"))).isEqualTo(OptionalLong.of(index));
    }

    @Test
    void askingAgainStatesNothingTwiceAlsoAfterARestartAndManyEntries() {
        OpenLedger node = alone();
        RecordId record = published(node);
        long index = await(node.ledger().attest(record, digest("a")));
        assertThat(await(node.ledger().attest(record, digest("a")))).isEqualTo(index);
        for (int i = 0; i < 300; i++) {
            published(node);
        }
        assertThat(await(node.ledger().attest(record, digest("a")))).isEqualTo(index);
        close(node);
        OpenLedger again = alone();
        assertThat(await(again.ledger().attest(record, digest("a")))).isEqualTo(index);
        assertThat(await(again.ledger().attest(record, digest("another")))).isEqualTo(302);
    }

    @Test
    void recordThatIsNotInTheLedgerIsNotAttested() {
        OpenLedger node = alone();
        published(node);
        RecordId stray = RecordId.ofBytes(new byte[32]);
        assertThatThrownBy(() -> node.ledger().attest(stray, digest("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(stray.toString());
    }

    @Test
    void attestationsOfManyRecordsShareRounds() {
        OpenLedger node = alone();
        List<NewRecord> records = chains.next(2000);
        node.appendAtOnce(records);
        long before = memory.evidence().state().treeSize();
        canSign = false;
        appends.set(0);
        List<CompletableFuture<Long>> promises = records.stream()
                .map(record -> node.ledger().attest(record.recordId(), digest(record.recordId())))
                .toList();
        canSign = true;
        node.ledger().checkpointSoon();
        for (int i = 0; i < promises.size(); i++) {
            assertThat(await(promises.get(i))).isEqualTo(before + i);
        }
        requireStated(
                before + 1999,
                records.getLast().recordId(),
                digest(records.getLast().recordId()));
        assertThat(appends).hasValue(2);
        assertThat(memory.evidence().state().treeSize()).isEqualTo(before + 2000);
    }

    @Test
    void recordThatNoCheckpointCoversYetIsAttestedBehindTheNext() {
        canSign = false;
        OpenLedger node = alone();
        NewRecord record = chains.next();
        await(node.ledger().append(record).leafIndex());
        CompletableFuture<Long> promise = node.ledger().attest(record.recordId(), digest("a"));
        assertThat(entries()).isEmpty();
        assertThat(promise).isNotDone();
        canSign = true;
        node.ledger().checkpointSoon();
        assertThat(await(promise)).isEqualTo(1);
    }

    @Test
    void oneCallersCancellationDoesNotEndTheOthers() {
        canSign = false;
        OpenLedger node = alone();
        NewRecord record = chains.next();
        await(node.ledger().append(record).leafIndex());
        node.ledger().attest(record.recordId(), digest("a")).cancel(true);
        CompletableFuture<Long> other = node.ledger().attest(record.recordId(), digest("a"));
        canSign = true;
        node.ledger().checkpointSoon();
        assertThat(await(other)).isEqualTo(1);
    }

    @Test
    void entryIsPromisedOnlyOnceANoteThatCoversItIsPublished() throws Exception {
        AtomicBoolean enough = new AtomicBoolean(true);
        OpenLedger node = node(Sharing.EXCLUSIVE, new HookedWitnesses() {
            @Override
            boolean mayPublish() {
                return enough.get();
            }
        });
        RecordId record = published(node);
        enough.set(false);
        CompletableFuture<Long> promise = node.ledger().attest(record, digest("a"));
        await(node.ledger().settled());
        assertThat(entries()).hasSize(2);
        assertThat(promise).isNotDone();
        assertThat(node.ledger().attest(record, digest("a"))).isNotDone();
        assertThat(node.ledger().publishedEvidenceSize()).isEqualTo(1);
        enough.set(true);
        assertThat(await(promise)).isEqualTo(1);
    }

    @Test
    void whatWaitsAtTheEndIsStatedBeforeIt() {
        OpenLedger node = node(Sharing.EXCLUSIVE, Witnesses.NONE, "ledger.checkpoint-interval", "1h");
        RecordId record = published(node);
        CompletableFuture<Long> promise = node.ledger().attest(record, digest("a"));
        close(node);
        assertThat(await(promise)).isEqualTo(1);
        assertThat(awaitFailure(node.ledger().attest(record, digest("b")))).isInstanceOf(Stopped.class);
    }

    // --- failures ----------------------------------------------------------------------------------------------------

    @Test
    void entryWhoseAnswerWasLostIsFoundAndNotStatedAgain() {
        OpenLedger node = alone();
        RecordId record = published(node);
        fault.set(stored -> {
            stored.run();
            throw new StorageException("the connection broke");
        });
        assertThat(await(node.ledger().attest(record, digest("a")))).isEqualTo(1);
        assertThat(entries()).hasSize(2);
    }

    @Test
    void entryThatWasNotWrittenIsWrittenByTheNextRound() {
        OpenLedger node = alone();
        RecordId record = published(node);
        fault.set(stored -> {
            throw new StorageException("the connection broke");
        });
        assertThat(await(node.ledger().attest(record, digest("a")))).isEqualTo(1);
    }

    @Test
    void crashBehindTheEntryBreaksThePromiseAndTheNextStartFindsTheEntry() {
        OpenLedger node = alone();
        RecordId record = published(node);
        fault.set(stored -> {
            stored.run();
            throw new StorageStoppedException("the process ends", new IOException("gone"));
        });
        assertThat(awaitFailure(node.ledger().attest(record, digest("a")))).isInstanceOf(Stopped.class);
        close(node);
        assertThat(await(alone().ledger().attest(record, digest("a")))).isEqualTo(1);
        assertThat(entries()).hasSize(2);
    }

    @Test
    void crashBeforeTheEntryLeavesNothingAndAskingAgainStatesIt() {
        OpenLedger node = alone();
        RecordId record = published(node);
        fault.set(stored -> {
            throw new StorageStoppedException("the process ends", new IOException("gone"));
        });
        assertThat(awaitFailure(node.ledger().attest(record, digest("a")))).isInstanceOf(Stopped.class);
        close(node);
        assertThat(entries()).hasSize(1);
        OpenLedger again = alone();
        assertThat(again.ledger().statedAt(record, digest("a"))).isEmpty();
        assertThat(await(again.ledger().attest(record, digest("a")))).isEqualTo(1);
    }

    // --- several nodes -----------------------------------------------------------------------------------------------

    @Test
    void theSameAttestationThroughTwoNodesIsStatedOnceAndBothAreToldWhere() throws Exception {
        OpenLedger a = shared();
        OpenLedger b = shared();
        for (int round = 0; round < 50; round++) {
            RecordId record = published(round % 2 == 0 ? a : b);
            List<CompletableFuture<Long>> promises = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (OpenLedger node : List.of(a, b)) {
                CompletableFuture<Long> promise = new CompletableFuture<>();
                promises.add(promise);
                threads.add(Thread.ofVirtual()
                        .start(() -> promise.complete(await(node.ledger().attest(record, digest("same"))))));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(await(promises.get(0))).isEqualTo(await(promises.get(1)));
        }
    }

    @Test
    void attestationsFromTwoNodesAmongRecordsAllGetIn() throws Exception {
        OpenLedger a = shared();
        OpenLedger b = shared();
        List<Thread> threads = new ArrayList<>();
        List<Long> places = Collections.synchronizedList(new ArrayList<>());
        int from = 70;
        for (OpenLedger node : List.of(a, b)) {
            Chains own = new Chains(from++, 3);
            String name = "n" + from;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 100; i++) {
                    NewRecord record = own.next(name);
                    await(node.ledger().append(record).leafIndex());
                    places.add(await(node.ledger().attest(record.recordId(), digest(record.recordId()))));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(places).hasSize(200).doesNotHaveDuplicates();
        assertThat(a.ledger().failure()).isEmpty();
        assertThat(b.ledger().failure()).isEmpty();
    }

    @Test
    void recordOfAnotherNodeIsAttestedOnceThisNodeHasReadIt() {
        OpenLedger a = shared();
        OpenLedger b = shared();
        RecordId record = published(a);
        assertThat(await(b.ledger().attest(record, digest("a")))).isEqualTo(1);
        assertThat(a.ledger().publishedEvidenceSize()).isEqualTo(2);
    }

    /** Both publish the same checkpoint in the same second; the one with fewer entries is refused, and goes on. */
    @Test
    void nodeThatIsOvertakenByMoreEvidenceUnderTheSameCheckpointGoesOn() {
        OpenLedger a = shared();
        RecordId record = published(a);
        AtomicReference<Runnable> once = new AtomicReference<>(() -> {});
        OpenLedger b = node(Sharing.SHARED, new HookedWitnesses() {
            @Override
            boolean mayPublish() {
                once.getAndSet(() -> {}).run();
                return true;
            }
        });
        once.set(() -> await(a.ledger().attest(record, digest("from a"))));
        assertThat(await(b.ledger().attest(record, digest("from b")))).isEqualTo(1);
        assertThat(b.ledger().failure()).isEmpty();
        assertThat(b.ledger().publishedEvidenceSize()).isEqualTo(3);
        published(b);
        assertThat(b.ledger().publishedEvidenceSize()).isEqualTo(4);
    }

    /** Without a new leaf it would sign what it knew when it last stated something. */
    @Test
    void refreshByANodeThatStatedNothingCoversWhatAnotherStated() {
        OpenLedger a = shared();
        OpenLedger b = shared();
        RecordId record = published(b);
        await(a.ledger().attest(record, digest("a")));
        close(a);
        clock.move(Duration.ofMinutes(5));
        b.ledger().checkpointSoon();
        await(b.ledger().settled());
        Publication refreshed = memory.ledger().latestPublication().orElseThrow();
        assertThat(refreshed.checkpoint().contents().epochSeconds())
                .isEqualTo(clock.instant().getEpochSecond());
        assertThat(refreshed.notes().evidenceSize()).isEqualTo(2);
    }

    /** Nobody is asked; a test decides whether it is enough, and what happens meanwhile. */
    private abstract static class HookedWitnesses implements Witnesses {

        abstract boolean mayPublish();

        @Override
        public Round cosign(Head log, Head evidence) {
            return new Round(log.note(), evidence.note(), mayPublish());
        }

        @Override
        public void requireNotBehind(Head log, LongSupplier storedNow) {}
    }

    // --- fsck --------------------------------------------------------------------------------------------------------

    private void requireRefused(byte[] entry, String words) throws Exception {
        Storage damaged = MemoryStorage.open(clock);
        try (OpenLedger node =
                OpenLedger.open(TestSettings.of(), damaged, () -> Optional.of(OperatorKeyFile.KEY), clock)) {
            node.append(Chains.record("p", null, "only"));
        }
        Frontier before = damaged.evidence().state();
        damaged.evidence()
                .append(before, new EvidenceBatch(List.of(entry), List.of(), before.append(MerkleHash.leaf(entry))));
        assertThatThrownBy(() -> EvidenceCheck.run(damaged, OpenLedger.IDENTITY))
                .isInstanceOf(Difference.class)
                .hasMessageContaining(words);
    }

    @Test
    void attestationOfARecordThatIsNotThereIsFoundByTheCheck() throws Exception {
        AttestationEvidence stray =
                new AttestationEvidence(OpenLedger.IDENTITY.origin(), RecordId.ofBytes(new byte[32]), digest("a"));
        requireRefused(stray.entry(), "evidence entry 1 attests record " + stray.recordId());
    }

    @Test
    void malformedAttestationEntryIsFoundByTheCheck() throws Exception {
        requireRefused(
                "lair.dev/attestation-evidence@v1\nx\n".getBytes(StandardCharsets.UTF_8),
                "evidence entry 1 is malformed");
    }
}
