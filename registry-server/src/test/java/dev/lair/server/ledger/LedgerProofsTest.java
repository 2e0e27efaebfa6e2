package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every proof that the ledger gives is one that a client's verifier takes, at every size. */
class LedgerProofsTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
    private final CheckpointSigner keys = () -> Optional.of(OperatorKeyFile.KEY);

    private OpenLedger open(String... settings) {
        return OpenLedger.open(TestSettings.of(settings), store.in(memory), keys, clock);
    }

    @Test
    void proofsVerifyAtEverySizeAcrossTileBoundaries() throws Exception {
        Chains chains = new Chains(21, 60);
        try (OpenLedger ledger = open("ledger.batch-records", "1")) {
            ledger.appendAll(chains.next(700));
            assertThat(store.saved()).hasSize(700);
            Random random = new Random(22);
            for (int size = 1; size <= 700; size++) {
                requireProofs(ledger, chains.leaves(), checkpoint(size), 1 + random.nextInt(size), random);
            }
            for (int size : new int[] {255, 256, 257, 511, 512, 513, 700}) {
                for (int from : new int[] {1, 2, 128, 254, 255}) {
                    requireProofs(ledger, chains.leaves(), checkpoint(size), from, random);
                }
            }
        }
    }

    @Test
    void proofsVerifyAcrossTheSecondTileLevel() throws Exception {
        Chains chains = new Chains(23, 3000);
        List<NewRecord> records = chains.next(66_100);
        try (OpenLedger ledger = open("ledger.queue-records", "70000", "ledger.retained-checkpoints", "70000")) {
            ledger.appendAtOnce(records);
            assertThat(store.tile(1, 0)).isPresent();
            assertThat(store.tile(0, 257)).isPresent();
            List<SignedCheckpoint> saved = store.saved();
            Random random = new Random(24);
            for (int i = 0; i < 60; i++) {
                SignedCheckpoint to = saved.get(random.nextInt(saved.size()));
                SignedCheckpoint from = saved.get(random.nextInt(saved.size()));
                long smaller = Math.min(size(from), size(to));
                requireProofs(ledger, chains.leaves(), size(from) > size(to) ? from : to, smaller, random);
            }
            SignedCheckpoint last = saved.stream()
                    .max(Comparator.comparingLong(LedgerProofsTest::size))
                    .orElseThrow();
            assertThat(size(last)).isEqualTo(66_100);
            for (SignedCheckpoint from : saved) {
                requireConsistency(ledger, from, last);
            }
        }
    }

    /** What a client that reads at {@code at} asks: three leaves, their heads, and the way from an older size. */
    private void requireProofs(OpenLedger ledger, List<LogLeaf> leaves, SignedCheckpoint at, long from, Random random)
            throws ProofRejected {
        Checkpoint roots = at.contents().checkpoint();
        int size = (int) roots.logLength();
        Map<Long, LeafHash> asked = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            long leaf = random.nextInt(size);
            asked.put(leaf, leaves.get((int) leaf).hash());
        }
        LogProofBundle inclusion =
                LogProofBundle.inclusion(ledger.ledger().nodes(size), size, List.copyOf(asked.keySet()));
        LogProofBundle.parse(inclusion.encode()).verifyInclusion(size, roots.logRoot(), asked);

        SparseMap map = ledger.ledger().map(size).orElseThrow();
        LogLeaf leaf = leaves.get(random.nextInt(size));
        RecordId head = map.head(leaf.logId()).orElseThrow();
        assertThat(head).isEqualTo(headAt(leaves, leaf, size));
        MapProofBundle bundle = MapProofBundle.parse(
                MapProofBundle.of(List.of(map.prove(leaf.logId()))).encode());
        bundle.verifyPresence(List.of(new MapProofBundle.Head(leaf.logId(), head)), roots.mapRoot());
        requireConsistency(ledger, ledger.ledger().checkpoint(from).orElse(at), at);
    }

    private static RecordId headAt(List<LogLeaf> leaves, LogLeaf ofLog, int size) {
        for (int i = size - 1; i >= 0; i--) {
            if (leaves.get(i).logId().equals(ofLog.logId())) {
                return leaves.get(i).recordId();
            }
        }
        throw new AssertionError("the log has no record");
    }

    private static void requireConsistency(OpenLedger ledger, SignedCheckpoint from, SignedCheckpoint to)
            throws ProofRejected {
        LogProofBundle proof = LogProofBundle.consistency(ledger.ledger().nodes(size(to)), size(from), size(to));
        LogProofBundle.parse(proof.encode())
                .verifyConsistency(
                        size(from),
                        from.contents().checkpoint().logRoot(),
                        size(to),
                        to.contents().checkpoint().logRoot());
    }

    private SignedCheckpoint checkpoint(long size) {
        return store.checkpoint(size).orElseThrow();
    }

    private static long size(SignedCheckpoint checkpoint) {
        return checkpoint.contents().checkpoint().logLength();
    }

    @Test
    void mapsOfOldCheckpointsAreDropped() {
        Chains chains = new Chains(25, 5);
        try (OpenLedger ledger = open("ledger.retained-checkpoints", "3", "ledger.batch-records", "1")) {
            ledger.appendAll(chains.next(10));
            List<Long> kept = new ArrayList<>();
            for (long size = 0; size <= 11; size++) {
                if (ledger.ledger().map(size).isPresent()) {
                    kept.add(size);
                }
            }
            assertThat(kept).containsExactly(8L, 9L, 10L);
            assertThat(ledger.ledger().checkpoint(7)).isPresent();
        }
        try (OpenLedger restarted = open("ledger.retained-checkpoints", "2")) {
            assertThat(restarted.ledger().map(8)).isEmpty();
            assertThat(restarted.ledger().map(9).orElseThrow().root())
                    .isEqualTo(checkpoint(9).contents().checkpoint().mapRoot());
            assertThat(restarted.ledger().map(10)).isPresent();
        }
    }

    @Test
    void mapsFurtherBackThanTwoSnapshotsAreDropped() {
        try (OpenLedger ledger = open("ledger.snapshot-records", "3", "ledger.batch-records", "1")) {
            ledger.appendAll(new Chains(27, 5).next(20));
            assertThat(ledger.ledger().map(13)).isEmpty();
            assertThat(ledger.ledger().map(14)).isPresent();
        }
        try (OpenLedger restarted = open("ledger.snapshot-records", "3")) {
            assertThat(restarted.ledger().map(13)).isEmpty();
            assertThat(restarted.ledger().map(14)).isPresent();
        }
    }

    @Test
    void thereIsNoCheckpointOfASizeThatNoneWasSignedAt() {
        try (OpenLedger ledger = open()) {
            ledger.append(new Chains(26, 1).next());
            assertThat(ledger.ledger().checkpoint(-1)).isEmpty();
            assertThat(ledger.ledger().checkpoint(0)).isEmpty();
            assertThat(ledger.ledger().checkpoint(1)).isPresent();
            assertThat(ledger.ledger().checkpoint(2)).isEmpty();
            assertThat(ledger.ledger().checkpoint(Long.MAX_VALUE)).isEmpty();
        }
    }
}
