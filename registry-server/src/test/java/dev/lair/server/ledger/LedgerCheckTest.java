package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.LedgerCheck.Difference;
import dev.lair.server.ledger.LedgerCheck.Passed;
import dev.lair.server.publish.BareRegistry;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Archive;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry of real records passes, and each kind of damage is found and named. */
class LedgerCheckTest {

    private final TestClock clock = new TestClock();
    private final BareRegistry registry = BareRegistry.open(clock);

    @BeforeEach
    void publishSome() throws Exception {
        for (String name : List.of("test:one", "test:two")) {
            Author author = Author.of(name, clock);
            for (int i = 1; i <= 3; i++) {
                byte[] content = Wasm.coreModule(name + i);
                SignedPackageRecord record = author.release(i + ".0.0", content);
                registry.publish(author, record);
                registry.upload(author, record, content);
                registry.awaitCovered(author, record);
            }
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private Passed check(LedgerStore ledger) throws Difference {
        Storage storage = registry.storage();
        return LedgerCheck.run(
                new Storage(
                        ledger,
                        storage.evidence(),
                        storage.submissions(),
                        storage.snapshots(),
                        storage.contents(),
                        storage.archive(),
                        storage.sharing(),
                        () -> {}),
                OpenLedger.IDENTITY,
                EcdsaP256.INSTANCE);
    }

    private void assertFound(LedgerStore damaged, String place) {
        assertThatThrownBy(() -> check(damaged)).isInstanceOf(Difference.class).hasMessageContaining(place);
    }

    @Test
    void soundRegistryPasses() throws Difference {
        Passed passed = check(registry.storage().ledger());
        assertThat(passed.leaves()).isEqualTo(7);
        assertThat(passed.packages()).isEqualTo(2);
        assertThat(passed.checkpoints()).isPositive();
        assertThat(passed.contentBytes()).isPositive();
        assertThat(passed.evidenceEntries()).isEqualTo(passed.checkpoints());
    }

    @Test
    void copyOfACheckpointOfAnotherHistoryIsFound() throws Exception {
        Archive archive = MemoryStorage.open(clock).archive().orElseThrow();
        keepCopy(archive, 5, registry.storage().ledger().checkpointsFrom(5, 1).getFirst());
        // Sizes may be missing: not every size has a checkpoint.
        assertThat(checkWith(archive).leaves()).isEqualTo(7);

        Archive forked = MemoryStorage.open(clock).archive().orElseThrow();
        keepCopy(forked, 4, registry.storage().ledger().checkpointsFrom(5, 1).getFirst());
        assertThatThrownBy(() -> checkWith(forked))
                .isInstanceOf(Difference.class)
                .hasMessageContaining("the log root of the archived checkpoint of 4 leaves");
    }

    private static void keepCopy(Archive archive, long size, SignedCheckpoint checkpoint) throws Exception {
        archive.putIfAbsent(
                "checkpoint/1/%019d".formatted(size),
                new CheckpointText(
                                OpenLedger.IDENTITY.log().origin(),
                                size,
                                checkpoint.contents().checkpoint().logRoot())
                        .format()
                        .getBytes(StandardCharsets.UTF_8));
    }

    private Passed checkWith(Archive archive) throws Difference {
        Storage storage = registry.storage();
        return LedgerCheck.run(
                new Storage(
                        storage.ledger(),
                        storage.evidence(),
                        storage.submissions(),
                        storage.snapshots(),
                        storage.contents(),
                        Optional.of(archive),
                        storage.sharing(),
                        () -> {}),
                OpenLedger.IDENTITY,
                EcdsaP256.INSTANCE);
    }

    @Test
    void missingLeafIsFound() {
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
                        return super.entries(fromIndex, untilIndex).stream()
                                .filter(entry -> entry.leafIndex() != 3)
                                .toList();
                    }
                },
                "leaf 3 is missing");
    }

    @Test
    void recordUnderAnotherIdIsFound() {
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
                        return super.entries(fromIndex, untilIndex).stream()
                                .map(entry -> entry.leafIndex() == 2
                                        ? new LedgerEntry(
                                                2, entry.logId(), RecordId.ofBytes(new byte[32]), entry.record())
                                        : entry)
                                .toList();
                    }
                },
                "the record id at leaf 2");
    }

    @Test
    void recordInAnotherLogIsFound() {
        LogId other = registry.storage().ledger().entryAt(6).orElseThrow().logId();
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
                        return super.entries(fromIndex, untilIndex).stream()
                                .map(entry -> entry.leafIndex() == 2
                                        ? new LedgerEntry(2, other, entry.recordId(), entry.record())
                                        : entry)
                                .toList();
                    }
                },
                "the record at leaf 2 is not valid");
    }

    @Test
    void indexThatDoesNotLeadFromALogToItsEntryIsFound() {
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit) {
                        return super.logEntries(log, fromIndex, treeSize, limit).stream()
                                .filter(entry -> entry.leafIndex() != 4)
                                .toList();
                    }
                },
                "to its leaf 4");
    }

    @Test
    void rootThatTheRecordsDoNotLeadToIsFound() {
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public LedgerState state() {
                        return new LedgerState(super.state().frontier(), RootHash.ofBytes(new byte[32]));
                    }
                },
                "the map root of 7 leaves");
    }

    @Test
    void wrongNameIsFound() {
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public Optional<String> logName(LogId log) {
                        return Optional.of("test:other");
                    }
                },
                "is named `test:other`");
    }

    @Test
    void releaseThatTheIndexDoesNotKnowIsFound() {
        assertFound(
                new WatchedLedgerStore(registry.storage().ledger()) {
                    @Override
                    public OptionalLong releasedAt(Digest content) {
                        return OptionalLong.empty();
                    }
                },
                "the index of released contents");
    }

    @Test
    void lostContentIsFound() {
        Digest digest = Digest.of(Wasm.coreModule("test:one2"));
        Instant later = clock.instant().plusSeconds(3600);
        assertThat(registry.storage().contents().deleteIfUntouchedSince(digest, later))
                .isTrue();
        assertFound(registry.storage().ledger(), "content " + digest);
    }
}
