package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.signing.EcdsaP256;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.memory.MemoryStorage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What waits in all logs together is bounded: anybody may begin packages and never send what they release. */
class BacklogTest {

    private static final String[] TWO = {"publish.waiting-records", "2"};

    private final TestClock clock = new TestClock();
    private final byte[] content = Wasm.component("content");
    private final Author first = Author.of("test:first", clock);
    private final Author second = Author.of("test:second", clock);
    private final Author third = Author.of("test:third", clock);
    private final SignedPackageRecord one = first.release("1.0.0", content);
    private final SignedPackageRecord two = second.release("1.0.0", Wasm.component("two"));
    private final SignedPackageRecord three = third.release("1.0.0", Wasm.component("three"));

    private void requireBusy(BareRegistry registry) {
        assertThatThrownBy(() -> registry.publish(third, three)).isInstanceOf(LedgerException.Busy.class);
        assertThat(registry.status(third, three)).isEmpty();
        assertThat(registry.storage().submissions().find(three.id())).isEmpty();
    }

    private void requireWaits(BareRegistry registry) throws Exception {
        assertThat(registry.publish(third, three)).isInstanceOf(Sourcing.class);
    }

    @Test
    void recordBeyondTheBoundOfAllLogsIsNotTakenUntilOneEnds() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, TWO)) {
            registry.publish(first, one);
            registry.publish(second, two);
            requireBusy(registry);
            registry.restart();
            requireBusy(registry);
            assertThat(registry.upload(first, one, content)).isInstanceOf(Published.class);
            // Whoever waits for nothing is not held up.
            SignedPackageRecord next = first.release("1.0.1", content);
            assertThat(registry.publish(first, next)).isInstanceOf(Published.class);
            requireWaits(registry);
        }
    }

    @Test
    void rejectedRecordsMakeRoom() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, TWO)) {
            registry.publish(first, one);
            registry.publish(second, two);
            requireBusy(registry);
            registry.intake().rejectSourcing(first.log(), one.id(), "no");
            requireWaits(registry);
        }
    }

    @Test
    void bytesAreBoundedToo() throws Exception {
        int size = one.envelope().contentSizeBytes();
        try (BareRegistry registry = BareRegistry.open(clock, "publish.waiting-bytes", 2 * size + size / 2 + "B")) {
            registry.publish(first, one);
            registry.publish(second, two);
            requireBusy(registry);
            assertThat(registry.upload(first, one, content)).isInstanceOf(Published.class);
            requireWaits(registry);
        }
    }

    @Test
    void startTakesUpNoMoreThanTheBoundAndTheRestAsRoomIsMade() throws Exception {
        Storage storage = MemoryStorage.open(clock);
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            registry.publish(first, one);
            registry.publish(second, two);
            registry.publish(third, three);
        }
        try (BareRegistry registry = BareRegistry.over(storage, clock, TWO)) {
            assertThat(registry.status(first, one)).containsInstanceOf(Sourcing.class);
            assertThat(registry.status(second, two)).containsInstanceOf(Sourcing.class);
            assertThat(registry.status(third, three)).isEmpty();
            assertThat(registry.upload(first, one, content)).isInstanceOf(Published.class);
            registry.sweep();
            assertThat(registry.status(third, three)).containsInstanceOf(Sourcing.class);
        }
    }

    @Test
    void recordsThatWereLeftOutEndWhenTheyAreDue() throws Exception {
        Storage storage = MemoryStorage.open(clock);
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            registry.publish(first, one);
            registry.publish(second, two);
            registry.publish(third, three);
        }
        try (BareRegistry registry = BareRegistry.over(storage, clock, TWO)) {
            clock.move(Duration.ofHours(2));
            registry.sweep();
            registry.sweep();
            assertThat(storage.submissions().open(0, 100).submissions()).isEmpty();
            assertThat(registry.status(third, three)).containsInstanceOf(Publication.Rejected.class);
        }
    }

    @Test
    void whatAnotherNodeEndedMakesRoomAtTheNextSweep() throws Exception {
        Storage memory = MemoryStorage.open(clock);
        Storage shared = new Storage(
                memory.ledger(),
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                memory.archive(),
                Sharing.SHARED,
                () -> {});
        try (BareRegistry registry = BareRegistry.over(shared, clock, TWO)) {
            registry.publish(first, one);
            registry.publish(second, two);
            requireBusy(registry);
            registry.sweep();
            requireBusy(registry);
            memory.submissions().delete(one.id());
            registry.sweep();
            requireWaits(registry);
        }
    }

    @Test
    void rememberedLogWeighsAsMuchAsItHasReleases() throws Exception {
        PackageLog.State state = PackageLog.State.EMPTY.append(one, EcdsaP256.INSTANCE);
        assertThat(PackageLogs.weight(PackageLog.State.EMPTY)).isEqualTo(1);
        assertThat(PackageLogs.weight(state)).isEqualTo(2);
        assertThat(PackageLogs.weight(state.append(first.release("1.0.1", content), EcdsaP256.INSTANCE)))
                .isEqualTo(3);
    }
}
