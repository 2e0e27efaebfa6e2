package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.Archive;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.StorageException;
import dev.lair.storage.memory.MemoryStorage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A database that failed over to a replica that was behind goes on with other leaves than those that were lost. A node that
 * lagged so much that the new leaves fit behind what it knows, but that showed a checkpoint over lost ones, ends.
 */
class FailoverTest {

    private static final CheckpointSigner KEYS = () -> Optional.of(OperatorKeyFile.KEY);
    private static final CheckpointSigner NO_KEYS = Optional::empty;

    private final TestClock clock = new TestClock();
    private final Storage replica = MemoryStorage.open(clock);
    private final Chains common = new Chains(21, 4);
    private final List<OpenLedger> open = new ArrayList<>();

    /** What the lagging node reads as newest publication, once it is set: the old primary's. */
    private final AtomicReference<@Nullable Publication> lost = new AtomicReference<>();

    private final WatchedLedgerStore lagging = new WatchedLedgerStore(replica.ledger()) {
        @Override
        public Optional<Publication> latestPublication() {
            Publication old = lost.get();
            return old == null ? super.latestPublication() : Optional.of(old);
        }
    };

    private OpenLedger node(LedgerStore store, CheckpointSigner keys) {
        Storage shared = new Storage(
                store,
                replica.evidence(),
                replica.submissions(),
                replica.snapshots(),
                replica.contents(),
                Optional.empty(),
                Sharing.SHARED,
                () -> {});
        OpenLedger node = OpenLedger.open(TestSettings.of(), shared, keys, clock);
        open.add(node);
        return node;
    }

    @AfterEach
    void closeNodesAndCheckWhatIsLeft() {
        open.forEach(OpenLedger::close);
        SoundStorage.require(replica);
    }

    /** A checkpoint of the old primary: the common records and two more, which no replica got. */
    private Publication lostPublication(List<NewRecord> before) {
        Storage primary = MemoryStorage.open(clock);
        try (OpenLedger ledger = OpenLedger.open(TestSettings.of(), primary, KEYS, clock)) {
            ledger.appendAll(before);
            ledger.append(Chains.record("lost", null, "one"));
            ledger.append(Chains.record("lost-too", null, "two"));
        }
        return primary.ledger().latestPublication().orElseThrow();
    }

    private void requireStoppedOver(OpenLedger node, String reason) {
        assertThat(node.ledger().failure()).containsInstanceOf(Stopped.class);
        assertThat(node.ledger().failure().orElseThrow())
                .cause()
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("would fork the log");
    }

    @Test
    void recordIsNotCalledCoveredByACheckpointOfTheLostHistoryAndTheNodeEnds() {
        List<NewRecord> before = common.next(3);
        OpenLedger other = node(replica.ledger(), KEYS);
        other.appendAll(before);
        OpenLedger late = node(lagging, NO_KEYS);
        Appended mine = late.ledger().append(Chains.record("mine", null, "behind the failover"));
        assertThat(await(mine.leafIndex())).isEqualTo(3);
        other.append(Chains.record("new", null, "one"));
        other.append(Chains.record("new-too", null, "two"));

        // Of 5 leaves, and the new primary has 6: sizes alone tell nothing.
        lost.set(lostPublication(before));
        late.ledger().checkpoint();
        assertThat(awaitFailure(mine.covered())).isInstanceOf(Stopped.class);
        requireStoppedOver(late, "of another history");
        assertThat(other.ledger().failure()).isEmpty();
    }

    @Test
    void nothingIsSignedBehindACheckpointOfTheLostHistory() {
        List<NewRecord> before = common.next(3);
        OpenLedger other = node(replica.ledger(), KEYS);
        other.appendAll(before);
        AtomicBoolean canSign = new AtomicBoolean();
        OpenLedger late = node(lagging, () -> canSign.get() ? KEYS.current() : Optional.empty());
        other.append(Chains.record("new", null, "one"));
        other.append(Chains.record("new-too", null, "two"));
        other.append(Chains.record("new-as-well", null, "three"));

        Appended mine = late.ledger().append(Chains.record("mine", null, "beyond the lost ones"));
        assertThat(await(mine.leafIndex())).isEqualTo(6);

        lost.set(lostPublication(before));
        late.ledger().checkpoint();
        canSign.set(true);
        assertThat(awaitFailure(mine.covered())).isInstanceOf(Stopped.class);
        requireStoppedOver(late, "of another history");
        assertThat(lagging.saved()).isEmpty();
    }

    /** A node that shares this archive with the old primary's. */
    private OpenLedger archiving(Archive archive, CheckpointSigner keys) {
        Storage shared = new Storage(
                replica.ledger(),
                replica.evidence(),
                replica.submissions(),
                replica.snapshots(),
                replica.contents(),
                Optional.of(archive),
                Sharing.SHARED,
                () -> {});
        OpenLedger node = OpenLedger.open(TestSettings.of(), shared, keys, clock);
        open.add(node);
        return node;
    }

    /** The copy that the old primary kept of a checkpoint which nobody read before the failover. */
    private static void keep(Archive archive, Publication publication) throws Exception {
        archive.putIfAbsent(
                "checkpoint/1/%019d"
                        .formatted(
                                publication.checkpoint().contents().checkpoint().logLength()),
                SignedNote.parse(publication.notes().log()).text().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothingIsSignedBeyondAKeptCheckpointOfTheLostHistoryThatNobodySawPublished() throws Exception {
        Archive archive = MemoryStorage.open(clock).archive().orElseThrow();
        AtomicBoolean canSign = new AtomicBoolean(true);
        OpenLedger node = archiving(archive, () -> canSign.get() ? KEYS.current() : Optional.empty());
        List<NewRecord> before = common.next(3);
        node.appendAll(before);
        keep(archive, lostPublication(before));
        canSign.set(false);
        node.ledger().append(Chains.record("new", null, "one"));
        node.ledger().append(Chains.record("new-too", null, "two"));
        Appended last = node.ledger().append(Chains.record("new-as-well", null, "three"));
        assertThat(await(last.leafIndex())).isEqualTo(5);

        long stated = replica.evidence().state().treeSize();
        canSign.set(true);
        assertThat(awaitFailure(last.covered())).isInstanceOf(Stopped.class);
        requireStoppedOver(node, "the archive holds a signed checkpoint of 5 leaves");
        // Not even in the evidence log.
        assertThat(replica.evidence().state().treeSize()).isEqualTo(stated);
        assertThat(archive.get("checkpoint/1/%019d".formatted(6))).isEmpty();
    }

    @Test
    void nothingIsSignedWhileLessIsStoredThanAKeptCheckpointHas() throws Exception {
        Archive archive = MemoryStorage.open(clock).archive().orElseThrow();
        OpenLedger node = archiving(archive, KEYS);
        List<NewRecord> before = common.next(3);
        node.appendAll(before);
        keep(archive, lostPublication(before));
        Appended mine = node.ledger().append(Chains.record("new", null, "one"));
        assertThat(awaitFailure(mine.covered())).isInstanceOf(Stopped.class);
        requireStoppedOver(node, "only 4 are stored");
    }

    @Test
    void checkpointThatAnotherNodeKeptAndDidNotPublishHoldsNothingUp() throws Exception {
        Archive archive = MemoryStorage.open(clock).archive().orElseThrow();
        AtomicBoolean canSign = new AtomicBoolean(true);
        OpenLedger node = archiving(archive, () -> canSign.get() ? KEYS.current() : Optional.empty());
        List<NewRecord> before = common.next(3);
        node.appendAll(before);
        keep(archive, lostPublication(before));
        canSign.set(false);
        // The same two records this time: it is no other history.
        node.ledger().append(Chains.record("lost", null, "one"));
        node.ledger().append(Chains.record("lost-too", null, "two"));
        Appended last = node.ledger().append(Chains.record("more", null, "three"));
        assertThat(await(last.leafIndex())).isEqualTo(5);
        canSign.set(true);
        await(last.covered());
        assertThat(node.ledger().failure()).isEmpty();
        assertThat(node.ledger().publishedSize()).isEqualTo(6);
    }

    @Test
    void storageWithFewerLeavesThanAShownCheckpointEndsTheNode() {
        List<NewRecord> before = common.next(3);
        node(replica.ledger(), KEYS).appendAll(before);
        OpenLedger late = node(lagging, NO_KEYS);
        Appended mine = late.ledger().append(Chains.record("mine", null, "behind the failover"));
        assertThat(await(mine.leafIndex())).isEqualTo(3);

        lost.set(lostPublication(before));
        late.ledger().checkpoint();
        assertThat(awaitFailure(mine.covered())).isInstanceOf(Stopped.class);
        requireStoppedOver(late, "only 4 are stored now");
    }

    @Test
    void recordIsCoveredByTheCheckpointOfAnotherNodeOfTheSameHistory() {
        OpenLedger other = node(replica.ledger(), KEYS);
        other.appendAll(common.next(3));
        OpenLedger late = node(lagging, NO_KEYS);
        Appended mine = late.ledger().append(Chains.record("mine", null, "signed by the other"));
        await(mine.leafIndex());
        other.append(Chains.record("new", null, "one"));

        assertThat(late.ledger()
                        .checkpoint()
                        .orElseThrow()
                        .contents()
                        .checkpoint()
                        .logLength())
                .isEqualTo(5);
        assertThat(await(mine.covered()).contents().checkpoint().logLength()).isEqualTo(5);
        assertThat(late.ledger().failure()).isEmpty();
    }

    @Test
    void nodeGoesOnWhenItCannotReadWhyItsCheckpointWasRefused() {
        OpenLedger other = node(replica.ledger(), KEYS);
        AtomicBoolean broken = new AtomicBoolean();
        WatchedLedgerStore store = new WatchedLedgerStore(replica.ledger()) {
            @Override
            public Optional<Publication> latestPublication() {
                if (broken.getAndSet(false)) {
                    throw new StorageException("the connection broke");
                }
                return super.latestPublication();
            }
        };
        AtomicBoolean overtaken = new AtomicBoolean();
        store.beforeCheckpoint(signed -> {
            if (!overtaken.getAndSet(true)) {
                other.append(Chains.record("q", null, "quicker"));
                broken.set(true);
            }
        });
        OpenLedger slow = node(store, KEYS);
        Appended mine = slow.ledger().append(Chains.record("p", null, "slow"));

        assertThat(await(mine.covered()).contents().checkpoint().logLength()).isEqualTo(2);
        assertThat(broken).isFalse();
        assertThat(slow.ledger().failure()).isEmpty();
    }
}
