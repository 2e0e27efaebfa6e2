package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.publish.BareRegistry;
import dev.lair.signing.EcdsaP256;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copied registry is the same, root for root, and passes every check. */
class LedgerCopyTest {

    private final TestClock clock = new TestClock();
    private final BareRegistry registry = BareRegistry.open(clock);
    private final Author author = Author.of("test:one", clock);

    @BeforeEach
    void publishSome() throws Exception {
        for (int i = 1; i <= 4; i++) {
            publish(i + ".0.0");
        }
        // One more waits for its content.
        registry.publish(author, author.release("9.0.0", Wasm.coreModule("later")));
    }

    private void publish(String version) throws Exception {
        byte[] content = Wasm.coreModule(version);
        SignedPackageRecord record = author.release(version, content);
        registry.publish(author, record);
        registry.upload(author, record, content);
        registry.awaitCovered(author, record);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void copyHasTheSameRootsCheckpointsContentsAndWaitingRecords() throws Exception {
        Storage copy = MemoryStorage.open(clock);
        LedgerCopy.run(registry.storage(), copy, line -> {});

        assertThat(copy.ledger().state()).isEqualTo(registry.storage().ledger().state());
        assertThat(copy.ledger().latestCheckpoints(99))
                .isEqualTo(registry.storage().ledger().latestCheckpoints(99));
        assertThat(copy.submissions().open(0, 100).submissions())
                .isEqualTo(registry.storage().submissions().open(0, 100).submissions());
        assertThat(LedgerCheck.run(copy, OpenLedger.IDENTITY, EcdsaP256.INSTANCE))
                .isEqualTo(LedgerCheck.run(registry.storage(), OpenLedger.IDENTITY, EcdsaP256.INSTANCE));
        try (BareRegistry moved = BareRegistry.over(copy, clock)) {
            assertThat(moved.ledger().publishedSize()).isEqualTo(5);
        }
    }

    @Test
    void contentThatCameForAWaitingRecordGoesWithIt() throws Exception {
        byte[] came = Wasm.coreModule("came before the move");
        byte[] late = Wasm.coreModule("comes behind it");
        Author mover = Author.of("test:moves", clock);
        SignedPackageRecord record = mover.write(
                new PackageEntry.Init(mover.key().publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), Digest.of(came)),
                new PackageEntry.Release(SemVer.parse("1.0.1"), Digest.of(late)));
        registry.publish(mover, record);
        registry.upload(mover, record, came);
        Storage copy = MemoryStorage.open(clock);
        LedgerCopy.run(registry.storage(), copy, line -> {});

        try (BareRegistry moved = BareRegistry.over(copy, clock)) {
            moved.upload(mover, record, late);
            moved.awaitCovered(mover, record);
            assertThat(moved.ledger().entry(record.id())).isPresent();
        }
        assertThat(copy.contents().find(Digest.of(came))).isPresent();
        LedgerCheck.run(copy, OpenLedger.IDENTITY, EcdsaP256.INSTANCE);
    }

    @Test
    void copyThatBrokeOffGoesOn() throws Exception {
        Storage copy = MemoryStorage.open(clock);
        AtomicInteger published = new AtomicInteger();
        WatchedLedgerStore failing = new WatchedLedgerStore(copy.ledger());
        failing.beforeCheckpoint(checkpoint -> {
            if (published.incrementAndGet() == 3) {
                throw new StorageException("the connection broke");
            }
        });
        assertThatThrownBy(() -> LedgerCopy.run(registry.storage(), failing.in(copy), line -> {}))
                .isInstanceOf(StorageException.class);
        LedgerCopy.run(registry.storage(), copy, line -> {});

        assertThat(LedgerCheck.run(copy, OpenLedger.IDENTITY, EcdsaP256.INSTANCE))
                .isEqualTo(LedgerCheck.run(registry.storage(), OpenLedger.IDENTITY, EcdsaP256.INSTANCE));
    }

    @Test
    void targetThatHoldsAnotherRegistryIsRefused() throws Exception {
        try (BareRegistry other = BareRegistry.open(clock)) {
            Author stranger = Author.of("test:stranger", clock);
            byte[] content = Wasm.coreModule("of a stranger");
            SignedPackageRecord record = stranger.release("1.0.0", content);
            other.publish(stranger, record);
            other.upload(stranger, record, content);
            assertThatThrownBy(() -> LedgerCopy.run(registry.storage(), other.storage(), line -> {}))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("the part that was copied before");
        }
    }
}
