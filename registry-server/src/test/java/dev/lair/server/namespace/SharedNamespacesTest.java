package dev.lair.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.Namespace;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestKeys;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.namespace.OperatorDesk.LogAccess;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.StorageException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.LogId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one node writes to the operator log is what another one goes by, at once. */
class SharedNamespacesTest {

    private static final Namespace FRESH = new Namespace("fresh");

    private final Clock clock = Clock.systemUTC();
    private final Storage memory = MemoryStorage.open(clock);
    private final LairSettings settings =
            TestSettings.of("namespaces", "test", "operator-key-file", OperatorKeyFile.PATH.toString());
    private final List<OpenNamespaces> open = new ArrayList<>();
    private OperatorDesk desk;

    private OpenNamespaces node(LedgerStore store) throws Exception {
        Storage shared = new Storage(
                store,
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                memory.archive(),
                Sharing.SHARED,
                () -> {});
        OpenNamespaces node = OpenNamespaces.open(settings, shared, clock);
        open.add(node);
        return node;
    }

    private record Local(Namespaces namespaces) implements LogAccess {
        @Override
        public OperatorLog.State state() {
            return namespaces.operatorLog();
        }

        @Override
        public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
            return namespaces.append(record);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void firstNode() throws Exception {
        KeyStore keys = TestKeys.store();
        keys.add(new KeyLabel("operator"), OperatorKeyFile.KEY);
        desk = OperatorDesk.open(new Local(node(memory.ledger()).namespaces()), keys, new SecureRandom(), clock);
    }

    @AfterEach
    void close() {
        open.forEach(OpenNamespaces::close);
    }

    private void define() throws Exception {
        desk.append(List.of(new OperatorEntry.DefineNamespace(FRESH.value())));
    }

    /** Reads of the operator log that a test can hold up, or have fail. */
    private static final class Held extends WatchedLedgerStore {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final AtomicBoolean holds = new AtomicBoolean();
        private final AtomicReference<@Nullable Thread> failsFor = new AtomicReference<>();

        Held(LedgerStore store) {
            super(store);
        }

        @Override
        public List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit) {
            if (log.equals(OperatorLog.LOG_ID) && holds.get()) {
                reached.countDown();
                until(released).accept(log);
            }
            if (log.equals(OperatorLog.LOG_ID) && failsFor.compareAndSet(Thread.currentThread(), null)) {
                throw new StorageException("the connection broke");
            }
            return super.logEntries(log, fromIndex, treeSize, limit);
        }
    }

    @Test
    void whoeverAsksWhileTheNodeStillReadsWhatAnotherWroteWaitsForIt() throws Exception {
        Held store = new Held(memory.ledger());
        Namespaces behind = node(store).namespaces();
        define();
        store.holds.set(true);
        CompletableFuture<Boolean> first = ask(() -> behind.find(FRESH).isPresent(), new ArrayList<>());
        assertThat(store.reached.await(20, TimeUnit.SECONDS)).isTrue();

        List<Thread> asking = new ArrayList<>();
        CompletableFuture<Boolean> second = ask(() -> behind.find(FRESH).isPresent(), asking);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!second.isDone()
                && asking.getFirst().getState() != Thread.State.WAITING
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        store.released.countDown();

        assertThat(first.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void readingThatFailedIsDoneAgainByTheNextWhoAsks() throws Exception {
        Held store = new Held(memory.ledger());
        Namespaces behind = node(store).namespaces();
        define();
        // For this thread alone: the node's publisher reads the log too, when it likes.
        store.failsFor.set(Thread.currentThread());
        try {
            behind.find(FRESH);
        } catch (StorageException failed) {
            assertThat(failed).hasMessage("the connection broke");
        }
        assertThat(behind.find(FRESH)).isPresent();
    }

    private static CompletableFuture<Boolean> ask(Supplier<Boolean> question, List<Thread> threads) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        threads.add(Thread.ofPlatform().daemon().start(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }));
        return answer;
    }
}
