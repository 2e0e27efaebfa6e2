package dev.lair.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.Namespace;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.PrivateKey;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.memory.MemoryStorage;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Operator records that no checkpoint covers for a while, as when too few witnesses answer, and who waits for them. */
class UncoveredRecordTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
    private final LairSettings settings =
            TestSettings.of("operator-key-file", OperatorKeyFile.PATH.toString(), "namespaces", "test");

    private OpenNamespaces open() throws Exception {
        return OpenNamespaces.open(settings, store.in(memory), clock);
    }

    private SignedOperatorRecord record(OpenNamespaces opened, PrivateKey key, String namespace) {
        return SignedOperatorRecord.sign(
                new OperatorRecord(
                        opened.namespaces().operatorLog().head().orElseThrow().recordId(),
                        0,
                        clock.instant(),
                        List.of(new OperatorEntry.DefineNamespace(namespace))),
                key);
    }

    private void publishNothing() {
        store.beforeCheckpoint(checkpoint -> {
            throw new StorageException("nothing is published now");
        });
    }

    @Test
    void firstStartDoesNotWaitForItsCheckpoint() throws Exception {
        publishNothing();
        CountDownLatch published = new CountDownLatch(1);
        store.afterCheckpoint(checkpoint -> published.countDown());
        try (OpenNamespaces opened = open()) {
            assertThat(opened.namespaces().find(new Namespace("test"))).isPresent();
            assertThat(opened.opened().ledger().checkpoint()).isEmpty();
            store.beforeCheckpoint(checkpoint -> {});
            assertThat(published.await(20, TimeUnit.SECONDS))
                    .as("published as soon as it can be")
                    .isTrue();
        }
    }

    @Test
    void recordThatNoCheckpointCoversIsAnsweredAndShownLater() throws Exception {
        try (OpenNamespaces opened = open()) {
            publishNothing();
            assertThat(opened.namespaces().append(record(opened, OperatorKeyFile.KEY, "later")))
                    .isEqualTo(1);
            assertThat(opened.namespaces().find(new Namespace("later"))).isPresent();
            assertThat(opened.opened().ledger().publishedSize()).isEqualTo(1);
            assertThat(opened.namespaces().append(record(opened, OperatorKeyFile.KEY, "more")))
                    .isEqualTo(2);
        }
    }

    @Test
    void strangersRecordIsRefusedWhileTheOperatorsIsBeingWritten() throws Exception {
        try (OpenNamespaces opened = open();
                ExecutorService operator = Executors.newVirtualThreadPerTaskExecutor()) {
            SignedOperatorRecord ours = record(opened, OperatorKeyFile.KEY, "ours");
            SignedOperatorRecord theirs = record(opened, PrivateKey.generate(new SecureRandom()), "theirs");
            SignedOperatorRecord second = record(opened, OperatorKeyFile.KEY, "second");
            CountDownLatch writing = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            store.beforeCommit(batch -> {
                writing.countDown();
                WatchedLedgerStore.until(released).accept(batch);
            });
            Future<Long> appended = operator.submit(() -> opened.namespaces().append(ours));
            writing.await();
            assertThatThrownBy(() -> opened.namespaces().append(theirs)).isInstanceOf(OperatorRecordRefused.class);
            assertThatThrownBy(() -> opened.namespaces().append(second)).isInstanceOf(LedgerException.Busy.class);
            assertThat(appended).isNotDone();
            released.countDown();
            assertThat(appended.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }
}
