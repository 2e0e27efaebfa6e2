package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.publish.Publication.Processing;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.SubmissionStore;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits: through deadlines, restarts, a busy ledger and one that stopped. */
class IntakeTest {

    private static final String[] SMALL_QUEUE = {"ledger.queue-records", "4", "ledger.batch-records", "1"};

    private final TestClock clock = new TestClock();
    private final Author author = Author.of("test:waits", clock);
    private final byte[] content = Wasm.component("content");
    private final Digest digest = Digest.of(content);

    @TempDir
    Path folder;

    @Test
    void uploadDeadlineEndsTheRecordWithItsReason() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, "publish.upload-deadline", "10m")) {
            SignedPackageRecord record = author.release("1.0.0", content);
            SignedPackageRecord child = author.yank("1.0.0");
            registry.publish(author, record);
            registry.publish(author, child);
            clock.move(Duration.ofMinutes(10));
            registry.sweep();
            assertThat(registry.status(author, record)).containsInstanceOf(Sourcing.class);

            clock.move(Duration.ofMillis(1));
            registry.sweep();
            assertThat(registry.status(author, record))
                    .hasValueSatisfying(state -> assertThat(state)
                            .isInstanceOfSatisfying(
                                    Rejected.class,
                                    rejected -> assertThat(rejected.reason())
                                            .startsWith(
                                                    "the content was not uploaded before 2026-03-04T05:16:07.890123Z")
                                            .contains("publish again")));
            assertThat(registry.status(author, child))
                    .contains(new Rejected(child.id(), "the first record contained a previous hash value"));
            assertThat(registry.intake().referenced(List.of(digest))).isEmpty();
            assertThatThrownBy(() -> registry.upload(author, record, content))
                    .isInstanceOf(UploadRefused.NotSourcing.class);
            assertThat(registry.storage().contents().find(digest)).isEmpty();
        }
    }

    @Test
    void deadlineCountsThroughARestart() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            clock.move(Duration.ofMinutes(59));
            registry.restart().sweep();
            assertThat(registry.status(author, record)).containsInstanceOf(Sourcing.class);
            clock.move(Duration.ofMinutes(2));
            registry.sweep();
            assertThat(registry.status(author, record)).containsInstanceOf(Rejected.class);
        }
    }

    @Test
    void recordThatOnlyWaitsForItsTurnHasNoDeadlineOfItsOwn() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord first = author.release("1.0.0", content);
            SignedPackageRecord second = author.yank("1.0.0");
            registry.publish(author, first);
            clock.move(Duration.ofMinutes(1));
            registry.publish(author, second);
            clock.move(Duration.ofMinutes(58));
            registry.sweep();
            assertThat(registry.status(author, second)).contains(new Processing(second.id()));
            assertThat(registry.upload(author, first, content)).isInstanceOf(Published.class);
            registry.awaitCovered(author, second);
            assertThat(registry.status(author, second)).containsInstanceOf(Published.class);
        }
    }

    @Test
    void restartTakesUpWhatWaits() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            takeUpAfterRestart(registry);
        }
    }

    @Test
    void restartTakesUpWhatWaitsInADataFolder() throws Exception {
        try (Storage storage = EmbeddedStorage.open(folder.resolve("data"), clock);
                BareRegistry registry = BareRegistry.over(storage, clock)) {
            takeUpAfterRestart(registry);
        }
    }

    private void takeUpAfterRestart(BareRegistry registry) throws Exception {
        byte[] second = Wasm.component("second");
        byte[] third = Wasm.component("third");
        SignedPackageRecord first = author.release("1.0.0", content);
        SignedPackageRecord next = author.release("1.0.1", second);
        SignedPackageRecord last = author.release("1.0.2", third);
        for (SignedPackageRecord record : new SignedPackageRecord[] {first, next, last}) {
            registry.publish(author, record);
        }
        registry.upload(author, next, second);

        registry.restart();
        assertThat(registry.status(author, first)).contains(new Sourcing(first.id(), Set.of(digest)));
        assertThat(registry.status(author, next)).contains(new Processing(next.id()));
        assertThat(registry.status(author, last)).contains(new Sourcing(last.id(), Set.of(Digest.of(third))));
        assertThat(registry.references().referenced(List.of(digest))).isNotEmpty();
        assertThat(registry.references().referenced(List.of(Digest.of(second)))).isNotEmpty();
        assertThat(registry.ledger().publishedSize()).isEqualTo(1);

        assertThat(registry.upload(author, first, content)).isEqualTo(new Published(first.id(), 1));
        registry.awaitCovered(author, next);
        assertThat(registry.status(author, next)).contains(new Published(next.id(), 2));
        assertThat(registry.upload(author, last, third)).isEqualTo(new Published(last.id(), 3));
        registry.restart().sweep();
        assertThat(registry.storage().submissions().open(0, 100).submissions()).isEmpty();
        assertThat(registry.status(author, last)).contains(new Published(last.id(), 3));
    }

    @Test
    void crashBetweenCommitAndForgettingLeavesASubmissionThatTheStartForgets() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.upload(author, record, content);
            assertThat(registry.storage().submissions().find(record.id())).isPresent();

            registry.restart();
            assertThat(registry.storage().submissions().find(record.id())).isEmpty();
            assertThat(registry.status(author, record)).contains(new Published(record.id(), 1));
            assertThat(registry.references().referenced(List.of(digest))).isEmpty();
        }
    }

    @Test
    void crashBetweenUploadAndItsAnswerAsksForTheContentAgain() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.storage().contents().put(digest, new ByteArrayInputStream(content), 1000);
            registry.restart();
            assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(digest)));
            assertThat(registry.upload(author, record, content)).isEqualTo(new Published(record.id(), 1));
        }
    }

    @Test
    void contentThatIsGoneAfterARestartIsAskedForAgain() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            Digest late = Digest.of(Wasm.component("late"));
            SignedPackageRecord record = author.write(
                    new PackageEntry.Init(author.key().publicKey()),
                    new PackageEntry.Release(SemVer.parse("1.0.0"), digest),
                    new PackageEntry.Release(SemVer.parse("1.0.1"), late));
            registry.publish(author, record);
            registry.upload(author, record, content);
            assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(late)));
            clock.move(Duration.ofSeconds(1));
            assertThat(registry.storage().contents().deleteIfUntouchedSince(digest, clock.instant()))
                    .isTrue();

            registry.restart();
            assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(digest, late)));
            registry.restart();
            assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(digest, late)));
        }
    }

    /** A restart asks for content of which nothing is stored: who was told that all has come would never send it again. */
    @Test
    void arrivalThatCouldNotBeWrittenDownIsNoArrival() throws Exception {
        Storage memory = MemoryStorage.open(clock);
        AtomicBoolean diskFails = new AtomicBoolean();
        SubmissionStore failing = (SubmissionStore) Proxy.newProxyInstance(
                SubmissionStore.class.getClassLoader(),
                new Class<?>[] {SubmissionStore.class},
                (proxy, method, arguments) -> {
                    if (diskFails.get() && method.getName().equals("save")) {
                        throw new StorageException("no space left");
                    }
                    return method.invoke(memory.submissions(), arguments);
                });
        Storage storage = new Storage(
                memory.ledger(),
                memory.evidence(),
                failing,
                memory.snapshots(),
                memory.contents(),
                memory.archive(),
                memory.sharing(),
                () -> {});
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            Digest late = Wasm.digest(Wasm.component("late"));
            SignedPackageRecord record = author.write(
                    new PackageEntry.Init(author.key().publicKey()),
                    new PackageEntry.Release(SemVer.parse("1.0.0"), digest),
                    new PackageEntry.Release(SemVer.parse("1.0.1"), late));
            registry.publish(author, record);
            diskFails.set(true);
            assertThatThrownBy(() -> registry.upload(author, record, content)).isInstanceOf(StorageException.class);
            assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(digest, late)));

            diskFails.set(false);
            registry.upload(author, record, content);
            assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(late)));
        }
    }

    @Test
    void recordThatEndsWhileTheSweepLooksDoesNotComeBack() throws Exception {
        Storage memory = MemoryStorage.open(clock);
        List<Runnable> afterPage = new ArrayList<>();
        SubmissionStore paging = (SubmissionStore) Proxy.newProxyInstance(
                SubmissionStore.class.getClassLoader(),
                new Class<?>[] {SubmissionStore.class},
                (proxy, method, arguments) -> {
                    Object answer = method.invoke(memory.submissions(), arguments);
                    if (method.getName().equals("open")) {
                        List.copyOf(afterPage).forEach(Runnable::run);
                    }
                    return answer;
                });
        Storage storage = new Storage(
                memory.ledger(),
                memory.evidence(),
                paging,
                memory.snapshots(),
                memory.contents(),
                memory.archive(),
                memory.sharing(),
                () -> {});
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            afterPage.add(() -> registry.intake().rejectSourcing(author.log(), record.id(), "ended meanwhile"));
            registry.sweep();
            assertThat(registry.status(author, record)).contains(new Rejected(record.id(), "ended meanwhile"));
            assertThat(registry.intake().referenced(List.of(digest))).isEmpty();
        }
    }

    /** What a failed commit leaves: the record behind it is still queued, and is refused only when its turn comes. */
    @Test
    void recordSentAgainBehindAFailedCommitLeavesALogThatCanBeContinued() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, "ledger.batch-records", "1");
                ExecutorService authors = Executors.newVirtualThreadPerTaskExecutor()) {
            SignedPackageRecord base = author.release("1.0.0", content);
            registry.publish(author, base);
            registry.upload(author, base, content);
            SignedPackageRecord failed = author.release("1.0.1", content);
            SignedPackageRecord behind = author.release("1.0.2", content);

            CountDownLatch refuse = new CountDownLatch(1);
            registry.store().beforeCommit(batch -> {
                WatchedLedgerStore.until(refuse).accept(batch);
                throw new StorageException("no space left");
            });
            Future<Publication> first = authors.submit(() -> registry.publish(author, failed));
            CountDownLatch goOn = new CountDownLatch(1);
            CountDownLatch standing = new CountDownLatch(1);
            awaitInFlight(registry, failed).leafIndex().whenComplete((leaf, failure) -> {
                // The sequencer stands between the failed commit and the record behind it.
                standing.countDown();
                WatchedLedgerStore.until(goOn).accept(failed);
            });
            Future<Publication> second = authors.submit(() -> registry.publish(author, behind));
            awaitInFlight(registry, behind);
            refuse.countDown();
            standing.await();

            CountDownLatch commit = new CountDownLatch(1);
            CountDownLatch committing = new CountDownLatch(1);
            registry.store().beforeCommit(batch -> {
                committing.countDown();
                WatchedLedgerStore.until(commit).accept(batch);
            });
            AtomicReference<Thread> sender = new AtomicReference<>();
            Future<Publication> again = authors.submit(() -> {
                sender.set(Thread.currentThread());
                return registry.publish(author, failed);
            });
            awaitWaiting(sender);
            goOn.countDown();
            committing.await();
            registry.intake().stateBefore(author.log(), behind);
            commit.countDown();

            assertThat(again.get(20, TimeUnit.SECONDS)).isInstanceOf(Published.class);
            assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LedgerException.class);
            assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LedgerException.class);
            assertThat(registry.publish(author, behind)).isInstanceOf(Published.class);
        }
    }

    private Appended awaitInFlight(BareRegistry registry, SignedPackageRecord record) {
        for (int i = 0; i < 100_000_000; i++) {
            Optional<Appended> inFlight = registry.intake().inFlight(author.log(), record.id());
            if (inFlight.isPresent()) {
                return inFlight.get();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the record never got to the ledger");
    }

    private static void awaitWaiting(AtomicReference<Thread> thread) {
        for (int i = 0; i < 100_000_000; i++) {
            Thread sender = thread.get();
            if (sender != null && sender.getState() == Thread.State.WAITING) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the record sent again waits for nothing");
    }

    @Test
    void busyLedgerTakesNothingAndALaterTryIsPublished() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, SMALL_QUEUE)) {
            SignedPackageRecord release = author.release("1.0.0", content);
            registry.publish(author, release);
            registry.upload(author, release, content);
            SignedPackageRecord record = author.yank("1.0.0");
            BareRegistry.FullQueue full = registry.fillQueue();

            assertThatThrownBy(() -> registry.publish(author, record)).isInstanceOf(LedgerException.Busy.class);
            assertThat(registry.status(author, record)).isEmpty();
            assertThat(registry.storage().submissions().find(record.id())).isEmpty();
            assertThat(registry.intake().referenced(List.of(digest))).isEmpty();

            full.release();
            assertThat(registry.publish(author, record)).isInstanceOf(Published.class);
        }
    }

    @Test
    void busyLedgerKeepsARecordWhoseContentCameUntilTheNextSweep() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, SMALL_QUEUE)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            BareRegistry.FullQueue full = registry.fillQueue();
            assertThat(registry.upload(author, record, content)).isEqualTo(new Processing(record.id()));
            assertThat(registry.storage()
                            .submissions()
                            .find(record.id())
                            .orElseThrow()
                            .state())
                    .isEqualTo(new SubmissionState.Processing());

            full.release();
            registry.sweep();
            registry.awaitCovered(author, record);
            assertThat(registry.status(author, record)).containsInstanceOf(Published.class);
        }
    }

    @Test
    void completeRecordThatABusyLedgerKeptWaitingGoesOnAfterARestart() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, SMALL_QUEUE)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            BareRegistry.FullQueue full = registry.fillQueue();
            registry.upload(author, record, content);
            full.release();
            registry.restart();
            registry.awaitCovered(author, record);
            assertThat(registry.status(author, record)).containsInstanceOf(Published.class);
        }
    }

    @Test
    void recordThatAStoppedLedgerDidNotTakeIsNotSaidToBeProcessing() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord first = author.release("1.0.0", content);
            registry.publish(author, first);
            registry.upload(author, first, content);
            registry.store().beforeCommit(batch -> {
                throw new StorageStoppedException("the disk is gone", new IOException("sync failed"));
            });
            SignedPackageRecord second = author.release("1.0.1", content);
            assertThatThrownBy(() -> registry.publish(author, second)).isInstanceOf(LedgerException.Stopped.class);
            SignedPackageRecord other = author.continueBehind(first.id()).release("1.0.2", content);
            assertThatThrownBy(() -> registry.publish(author, other)).isInstanceOf(LedgerException.Stopped.class);
            assertThatThrownBy(() -> registry.publish(author, other)).isInstanceOf(LedgerException.Stopped.class);

            assertThat(registry.status(author, second)).isEmpty();
            assertThat(registry.status(author, other)).isEmpty();
            assertThat(registry.status(author, first)).contains(new Published(first.id(), 1));

            registry.store().beforeCommit(batch -> {});
            registry.restart();
            assertThat(registry.publish(author, other)).isEqualTo(new Published(other.id(), 2));
        }
    }

    @Test
    void waitingRecordSurvivesALedgerThatStopsUnderIt() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.store().beforeCommit(batch -> {
                throw new StorageStoppedException("the disk is gone", new IOException("sync failed"));
            });
            assertThatThrownBy(() -> registry.upload(author, record, content))
                    .isInstanceOf(LedgerException.Stopped.class);

            registry.store().beforeCommit(batch -> {});
            registry.restart();
            registry.awaitCovered(author, record);
            // Its content is stored, but the upload was not answered: the author sends it again or finds it published.
            if (registry.status(author, record).orElseThrow() instanceof Sourcing) {
                registry.upload(author, record, content);
            }
            assertThat(registry.status(author, record)).contains(new Published(record.id(), 1));
        }
    }
}
