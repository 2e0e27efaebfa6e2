package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link LedgerStore} promises of published notes; the checkpoints below them are in {@link CheckpointContract}. */
public abstract class PublicationContract extends StorageContract {

    private static final long TIME = 1_800_000_000;

    private final LedgerScript script = new LedgerScript();
    private final EvidenceScript evidenceScript = new EvidenceScript();
    private final List<LedgerState> states = new ArrayList<>();
    private LedgerStore ledger;

    /** A ledger of sizes 0, 10 and 20, and an evidence log of 3. */
    @BeforeEach
    void openLedger() throws Exception {
        ledger = storage.ledger();
        states.add(script.state());
        for (int i = 0; i < 2; i++) {
            script.commit(ledger, 10);
            states.add(script.state());
        }
        evidenceScript.append(storage.evidence(), 3);
    }

    private Publication publish(int state, long time, long evidenceSize) {
        Publication publication = LedgerScript.publication(states.get(state), time, evidenceSize);
        ledger.publish(publication);
        return publication;
    }

    private void assertRefused(Publication publication, String reason) {
        Optional<Publication> before = ledger.latestPublication();
        assertThatThrownBy(() -> ledger.publish(publication))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining(reason);
        assertThat(ledger.latestPublication()).isEqualTo(before);
        assertThat(ledger.latestCheckpoint()).isEqualTo(before.map(Publication::checkpoint));
    }

    @Test
    void thereIsNoneAtFirst() {
        assertThat(ledger.latestPublication()).isEmpty();
    }

    @Test
    void newestPublicationIsServedAndOlderCheckpointsAreKept() {
        Publication at10 = publish(1, TIME, 1);
        assertThat(ledger.latestPublication()).contains(at10);
        Publication at20 = publish(2, TIME + 1, 3);
        assertThat(ledger.latestPublication()).contains(at20);
        assertThat(ledger.latestCheckpoints(9)).containsExactly(at20.checkpoint(), at10.checkpoint());
    }

    @Test
    void publicationOfTheEmptyLedgerIsServed() {
        Publication empty = publish(0, TIME, 0);
        assertThat(ledger.latestPublication()).contains(empty);
    }

    @Test
    void notesAreKeptByteForByte() {
        PublishedNotes notes = new PublishedNotes("näme\n10\r\n\n— \u00a0☃ \uD83E\uDD81\n", 2, "\n\n  \n");
        ledger.publish(new Publication(LedgerScript.checkpoint(states.get(1), TIME), notes));
        assertThat(ledger.latestPublication().orElseThrow().notes()).isEqualTo(notes);
    }

    @Test
    void sameTreePublishedAgainReplacesTheNotes() {
        publish(2, TIME, 2);
        Publication sameTimeMoreSignatures = new Publication(
                LedgerScript.checkpoint(states.get(2), TIME), new PublishedNotes("cosigned", 2, "cosigned too"));
        ledger.publish(sameTimeMoreSignatures);
        assertThat(ledger.latestPublication()).contains(sameTimeMoreSignatures);
        Publication later = publish(2, TIME + 60, 3);
        assertThat(ledger.latestPublication()).contains(later);
        assertThat(ledger.latestCheckpoints(9)).containsExactly(later.checkpoint());
    }

    @Test
    void evidenceNoteBeyondTheCommittedEvidenceIsRefused() {
        publish(1, TIME, 3);
        assertRefused(LedgerScript.publication(states.get(2), TIME, 4), "more than the 3");
    }

    @Test
    void evidenceNoteThatShrinksIsRefused() {
        publish(1, TIME, 2);
        assertRefused(LedgerScript.publication(states.get(1), TIME, 1), "comes after one of 2");
        assertRefused(LedgerScript.publication(states.get(2), TIME + 1, 1), "comes after one of 2");
    }

    @Test
    void refusedCheckpointLeavesTheNotesThatAreServed() {
        publish(2, TIME, 1);
        assertRefused(LedgerScript.publication(states.get(1), TIME, 2), "comes after one of 20");
    }

    @Test
    void evidenceGrowsUnseenUntilItIsPublished() throws Exception {
        Publication before = publish(1, TIME, 3);
        evidenceScript.append(storage.evidence(), 1);
        assertThat(ledger.latestPublication()).contains(before);
        Publication after = publish(1, TIME, 4);
        assertThat(ledger.latestPublication()).contains(after);
    }
}
