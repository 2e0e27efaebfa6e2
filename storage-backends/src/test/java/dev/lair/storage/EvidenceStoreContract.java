package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link EvidenceStore} promises. */
public abstract class EvidenceStoreContract extends StorageContract {

    private final EvidenceScript script = new EvidenceScript();
    private EvidenceStore evidence;

    @BeforeEach
    void openEvidence() {
        evidence = storage.evidence();
    }

    private void assertEntries(long from, long until, List<byte[]> expected) {
        assertThat(evidence.entries(from, until))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(expected);
    }

    @Test
    void newLogIsEmpty() {
        assertThat(evidence.state()).isEqualTo(Frontier.empty());
        assertThat(evidence.entries(0, 10)).isEmpty();
        assertThat(evidence.tile(0, 0)).isEmpty();
    }

    @Test
    void appendedEntriesAndTilesAreReadBack() throws Exception {
        for (int count : new int[] {1, 2, 252, 1, 256, 7}) {
            script.append(evidence, count);
            assertThat(evidence.state()).isEqualTo(script.state());
        }
        assertEntries(0, Long.MAX_VALUE, script.told());
        assertEntries(255, 260, script.told().subList(255, 260));
        assertEntries(518, 600, script.told().subList(518, 519));
        assertThat(evidence.entries(519, 700)).isEmpty();
        assertThat(evidence.entries(5, 5)).isEmpty();
        byte[] tile = evidence.tile(0, 1).orElseThrow();
        for (int i = 0; i < 256; i++) {
            assertThat(Arrays.copyOfRange(tile, 32 * i, 32 * (i + 1)))
                    .isEqualTo(MerkleHash.leaf(script.told().get(256 + i)).bytes());
        }
        assertThat(evidence.tile(0, 0)).isPresent();
        assertThat(evidence.tile(0, 2)).isEmpty();
        assertThat(evidence.tile(1, 0)).isEmpty();
        assertThat(evidence.tile(63, 0)).isEmpty();
        assertThat(evidence.tile(0, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void entryMayBeEmptyOrAsLongAsABundleAllows() throws Exception {
        byte[] longest = new byte[EvidenceBatch.MAX_ENTRY_BYTES];
        Arrays.fill(longest, (byte) 0xfe);
        List<byte[]> entries = List.of(new byte[0], longest);
        Frontier next = Frontier.empty().append(MerkleHash.leaf(new byte[0])).append(MerkleHash.leaf(longest));
        evidence.append(Frontier.empty(), new EvidenceBatch(entries, List.of(), next));
        assertEntries(0, 9, entries);
    }

    @Test
    void staleAppendIsRefusedAndNothingChanges() throws Exception {
        script.append(evidence, 3);
        Frontier stored = script.state();
        EvidenceBatch late = script.next(2);
        Frontier sameSizeOtherRoot = stored;
        for (Frontier other = Frontier.empty(); sameSizeOtherRoot.equals(stored); ) {
            other = other.append(MerkleHash.leaf(new byte[] {9}));
            sameSizeOtherRoot = other.treeSize() == 3 ? other : stored;
        }
        for (Frontier expected : List.of(Frontier.empty(), sameSizeOtherRoot)) {
            assertThatThrownBy(() -> evidence.append(expected, late))
                    .isInstanceOf(StaleEvidenceException.class)
                    .hasMessageContaining("has 3 entries");
        }
        assertThat(evidence.state()).isEqualTo(stored);
        assertEntries(0, 9, script.told().subList(0, 3));
        evidence.append(stored, late);
        assertThat(evidence.state()).isEqualTo(late.next());
    }

    @Test
    void batchThatSkipsALeafOrATileIsRefused() {
        EvidenceBatch batch = script.next(256);
        EvidenceBatch shorter = new EvidenceBatch(batch.entries().subList(1, 256), batch.tiles(), batch.next());
        EvidenceBatch noTile = new EvidenceBatch(batch.entries(), List.of(), batch.next());

        assertThatThrownBy(() -> evidence.append(Frontier.empty(), shorter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gives 255, not 256");
        assertThatThrownBy(() -> evidence.append(Frontier.empty(), noTile))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0/0");
        assertThat(evidence.state()).isEqualTo(Frontier.empty());
        assertThat(evidence.entries(0, 1)).isEmpty();
    }

    @Test
    void arraysHandedOutBelongToTheCaller() throws Exception {
        script.append(evidence, 256);
        Arrays.fill(evidence.entries(0, 1).getFirst(), (byte) 0);
        Arrays.fill(evidence.tile(0, 0).orElseThrow(), (byte) 0);
        assertEntries(0, 1, script.told().subList(0, 1));
        assertThat(evidence.tile(0, 0).orElseThrow()).isNotEqualTo(new byte[FullTile.LENGTH]);
    }

    @Test
    void evidenceAndLedgerDoNotTouchEachOther() throws Exception {
        LedgerScript ledgerScript = new LedgerScript();
        script.append(evidence, 256);
        assertThat(storage.ledger().state()).isEqualTo(LedgerState.EMPTY);
        assertThat(storage.ledger().tile(0, 0)).isEmpty();
        ledgerScript.commit(storage.ledger(), 300);
        assertThat(evidence.state()).isEqualTo(script.state());
        assertThat(evidence.tile(0, 0).orElseThrow())
                .isNotEqualTo(storage.ledger().tile(0, 0).orElseThrow());
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> evidence.entries(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> evidence.entries(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> evidence.tile(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> evidence.tile(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofTwoAppendsUponOneStateExactlyOneWins() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20; round++) {
                Frontier before = script.state();
                EvidenceBatch batch = script.next(2);
                Callable<Boolean> append = () -> {
                    try {
                        evidence.append(before, batch);
                        return true;
                    } catch (StaleEvidenceException e) {
                        return false;
                    }
                };
                List<Future<Boolean>> results = writers.invokeAll(List.of(append, append));
                assertThat(results.get(0).get()).isNotEqualTo(results.get(1).get());
                assertThat(evidence.state()).isEqualTo(batch.next());
                assertThat(evidence.entries(0, Long.MAX_VALUE)).hasSize(2 * (round + 1));
            }
        } finally {
            writers.shutdownNow();
        }
    }
}
