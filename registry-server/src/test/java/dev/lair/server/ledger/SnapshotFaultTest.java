package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.HeadMoved;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.storage.SnapshotNotFoundException;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.SnapshotWriter;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.SparseMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Snapshots that somebody changed who cannot write the ledger, or that another node deletes. */
class SnapshotFaultTest {

    private static final String[] SETTINGS = {
        "ledger.batch-records", "1", "ledger.snapshot-records", "100", "ledger.retained-checkpoints", "1"
    };

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final Chains chains = new Chains(41, 50);

    private OpenLedger open(Storage storage) {
        return OpenLedger.open(TestSettings.of(SETTINGS), storage, () -> Optional.of(OperatorKeyFile.KEY), clock);
    }

    private void fill(int records) {
        try (OpenLedger ledger = open(memory)) {
            ledger.appendAll(chains.next(records));
        }
    }

    /** Gives this log another head in the snapshot of this size, whose digest and root stay right. */
    private void forgeHead(long size, LogId log) throws IOException {
        byte[] bytes;
        try (InputStream in = memory.snapshots().open(size)) {
            bytes = in.readAllBytes();
        }
        byte[] path = Digest.of(log.bytes()).bytes();
        int at = IntStream.range(0, bytes.length - path.length)
                .filter(from -> Arrays.equals(bytes, from, from + path.length, path, 0, path.length))
                .findFirst()
                .orElseThrow();
        bytes[at + path.length] ^= 1;
        byte[] digest = Digest.of(Arrays.copyOf(bytes, bytes.length - 32)).bytes();
        System.arraycopy(digest, 0, bytes, bytes.length - 32, 32);
        memory.snapshots().save(size, out -> out.write(bytes));
    }

    @Test
    void falseHeadThatAStartReplacesLeavesNoTraceInTheMapButStopsTheLedger() throws Exception {
        fill(350);
        LogId log = chains.leaves().get(320).logId();
        forgeHead(300, log);

        OpenLedger ledger = open(memory);
        try (ledger) {
            assertThat(ledger.ledger().map(350).orElseThrow().root())
                    .isEqualTo(memory.ledger()
                            .latestCheckpoint()
                            .orElseThrow()
                            .contents()
                            .checkpoint()
                            .mapRoot());
            // Taken only until the entry was looked at.
            for (int i = 0; i < 5000 && ledger.ledger().failure().isEmpty(); i++) {
                try {
                    await(ledger.ledger().append(chains.next()).leafIndex());
                } catch (AssertionError | Stopped e) {
                    assertThat(ledger.ledger().failure()).isPresent();
                }
            }
        }
        assertThat(ledger.ledger().failure().orElseThrow())
                .isInstanceOf(Stopped.class)
                .cause()
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("does not lead to its hash")
                .hasMessageContaining("lair rebuild");
        SoundStorage.require(memory);
    }

    @Test
    void startThatMovesAFalseHeadIsRefused() throws Exception {
        fill(300);
        SparseMap before;
        SparseMap after;
        try (OpenLedger ledger = open(memory)) {
            before = ledger.ledger().map(300).orElseThrow();
            ledger.appendAtOnce(IntStream.range(0, 90)
                    .mapToObj(i -> Chains.record("n" + i, null, "first"))
                    .toList());
            after = ledger.ledger().map(390).orElseThrow();
        }
        LogId moved = chains.leaves().stream()
                .map(LogLeaf::logId)
                .filter(log -> before.prove(log).siblings().size()
                        < after.prove(log).siblings().size())
                .findFirst()
                .orElseThrow();
        forgeHead(300, moved);

        assertThatThrownBy(() -> open(memory))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("does not lead to its hash")
                .hasMessageContaining("lair rebuild");
    }

    @Test
    void honestRecordBehindAFalseHeadIsNotRefusedButStopsTheLedgerUntilItsSnapshotsAreMadeAgain() throws Exception {
        fill(300);
        NewRecord honest = chains.next();
        forgeHead(300, honest.logId());

        try (OpenLedger ledger = open(memory)) {
            // What follows nothing of another log is refused as ever.
            assertThat(awaitFailure(ledger.ledger()
                            .append(Chains.record("stray", honest.recordId(), "follows nothing"))
                            .leafIndex()))
                    .isInstanceOf(HeadMoved.class);
            assertThat(awaitFailure(ledger.ledger().append(honest).leafIndex())).isInstanceOf(Stopped.class);
            assertThat(ledger.ledger().failure().orElseThrow())
                    .cause()
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("does not lead to its hash")
                    .hasMessageContaining("lair rebuild");
        }
        SoundStorage.require(memory);

        SnapshotRebuild.rebuild(memory, TestSettings.of(SETTINGS).ledger());
        try (OpenLedger ledger = open(memory)) {
            assertThat(ledger.append(honest).contents().checkpoint().logLength())
                    .isEqualTo(301);
        }
    }

    @Test
    void newNeighbourOfAFalseHeadStopsTheLedgerBeforeItIsSigned() throws Exception {
        fill(300);
        forgeHead(300, chains.leaves().getFirst().logId());

        try (OpenLedger ledger = open(memory)) {
            for (int i = 0; i < 5000 && ledger.ledger().failure().isEmpty(); i++) {
                try {
                    await(ledger.ledger()
                            .append(Chains.record("n" + i, null, "first"))
                            .leafIndex());
                } catch (AssertionError | Stopped e) {
                    assertThat(ledger.ledger().failure()).isPresent();
                }
            }
            assertThat(ledger.ledger().failure()).containsInstanceOf(Stopped.class);
            assertThat(ledger.ledger().failure().orElseThrow())
                    .cause()
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("does not lead to its hash");
        }
        // What was signed up to there is true.
        SoundStorage.require(memory);
    }

    @Test
    void snapshotThatAnotherNodeDeletesWhileAStartLooksIsPassedOver() {
        fill(350);
        assertThat(memory.snapshots().sizes()).contains(300L);
        SnapshotStore deleting = new SnapshotStore() {
            @Override
            public void save(long treeSize, SnapshotWriter writer) {
                memory.snapshots().save(treeSize, writer);
            }

            @Override
            public NavigableSet<Long> sizes() {
                return memory.snapshots().sizes();
            }

            @Override
            public InputStream open(long treeSize) {
                throw new SnapshotNotFoundException(treeSize);
            }

            @Override
            public void delete(long treeSize) {
                memory.snapshots().delete(treeSize);
            }
        };
        Storage storage = new Storage(
                memory.ledger(),
                memory.evidence(),
                memory.submissions(),
                deleting,
                memory.contents(),
                memory.archive(),
                memory.sharing(),
                () -> {});
        try (OpenLedger ledger = open(storage)) {
            assertThat(ledger.append(chains.next()).contents().checkpoint().logLength())
                    .isEqualTo(351);
        }
    }
}
