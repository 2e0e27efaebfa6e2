package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link LedgerStore} promises of checkpoints, one test for each rule of {@link CheckpointRule} about them; notes and
 * evidence are in {@link PublicationContract}.
 */
public abstract class CheckpointContract extends StorageContract {

    private static final long TIME = 1_800_000_000;

    private final LedgerScript script = new LedgerScript();
    private final List<LedgerState> states = new ArrayList<>();
    private LedgerStore ledger;

    /** Sizes 0, 10, 20, 30 and 40. */
    @BeforeEach
    void openLedger() throws Exception {
        ledger = storage.ledger();
        states.add(script.state());
        for (int i = 0; i < 4; i++) {
            script.commit(ledger, 10);
            states.add(script.state());
        }
    }

    private SignedCheckpoint save(int state, long time) {
        Publication publication = LedgerScript.publication(states.get(state), time, 0);
        ledger.publish(publication);
        return publication.checkpoint();
    }

    private void assertRefused(LedgerState state, long time, String reason) {
        List<SignedCheckpoint> before = ledger.latestCheckpoints(100);
        assertThatThrownBy(() -> ledger.publish(LedgerScript.publication(state, time, 0)))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining(reason);
        assertThat(ledger.latestCheckpoints(100)).isEqualTo(before);
    }

    @Test
    void thereIsNoneAtFirst() {
        assertThat(ledger.latestCheckpoint()).isEmpty();
        assertThat(ledger.latestCheckpoints(5)).isEmpty();
        assertThat(ledger.checkpointsFrom(0, 5)).isEmpty();
        assertThat(ledger.checkpoint(10)).isEmpty();
    }

    @Test
    void savedCheckpointsAreFoundBySizeAndInOrder() {
        SignedCheckpoint at10 = save(1, TIME);
        SignedCheckpoint at20 = save(2, TIME);
        SignedCheckpoint at40 = save(4, TIME + 5);

        assertThat(ledger.checkpoint(10)).contains(at10);
        assertThat(ledger.checkpoint(20)).contains(at20);
        assertThat(ledger.checkpoint(15)).isEmpty();
        assertThat(ledger.latestCheckpoint()).contains(at40);
        assertThat(ledger.latestCheckpoints(2)).containsExactly(at40, at20);
        assertThat(ledger.latestCheckpoints(9)).containsExactly(at40, at20, at10);
        assertThat(ledger.checkpointsFrom(0, 2)).containsExactly(at10, at20);
        assertThat(ledger.checkpointsFrom(11, 9)).containsExactly(at20, at40);
        assertThat(ledger.checkpointsFrom(41, 9)).isEmpty();
    }

    @Test
    void checkpointOfTheEmptyLedgerIsKept() {
        SignedCheckpoint empty = save(0, TIME);
        assertThat(ledger.checkpoint(0)).contains(empty);
    }

    @Test
    void checkpointBeyondTheCommittedSizeIsRefused() {
        script.next(1);
        assertRefused(script.state(), TIME, "more than the 40");
    }

    @Test
    void checkpointOfTheCommittedSizeWithAnotherRootIsRefused() {
        LedgerState other =
                new LedgerState(states.get(4).frontier(), states.get(3).mapRoot());
        assertRefused(other, TIME, "the ledger has");
    }

    @Test
    void checkpointOfTheCommittedSizeWithAnotherLogRootIsRefused() {
        Frontier log = Frontier.empty();
        for (byte leaf = 0; leaf < 40; leaf++) {
            log = log.append(MerkleHash.leaf(new byte[] {leaf}));
        }
        LedgerState other = new LedgerState(log, states.get(4).mapRoot());
        assertRefused(other, TIME, "the ledger has");
    }

    @Test
    void sameCheckpointStatedLaterReplacesTheFirst() {
        save(3, TIME);
        save(3, TIME);
        SignedCheckpoint later = save(3, TIME + 60);
        assertThat(ledger.latestCheckpoints(9)).containsExactly(later);
    }

    @Test
    void checkpointOfTheSameSizeWithOtherRootsIsRefused() {
        save(3, TIME);
        LedgerState other =
                new LedgerState(states.get(3).frontier(), states.get(2).mapRoot());
        assertRefused(other, TIME + 1, "other roots");
    }

    @Test
    void smallerCheckpointAfterALargerIsRefused() {
        save(3, TIME);
        assertRefused(states.get(2), TIME + 1, "comes after one of 30");
    }

    @Test
    void timeThatRunsBackwardsIsRefused() {
        save(3, TIME);
        assertRefused(states.get(3), TIME - 1, "backwards");
        assertRefused(states.get(4), TIME - 1, "backwards");
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> ledger.checkpoint(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.checkpointsFrom(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.checkpointsFrom(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.latestCheckpoints(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
