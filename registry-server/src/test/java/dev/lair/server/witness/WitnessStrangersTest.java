package dev.lair.server.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.TestClock;
import dev.lair.server.witness.Verdict.Reason;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.memory.MemoryWitnesses;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What somebody without the log's keys gets out of a witness with checkpoints that anybody can read: nothing new. */
class WitnessStrangersTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ORIGIN = "log.example/a";
    private static final NotePrivateKey LOG = NotePrivateKey.generate(NoteKeyType.ED25519, ORIGIN, RANDOM);
    private static final NotePrivateKey LOG_ML_DSA =
            NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ML_DSA_44, ORIGIN, RANDOM);
    private static final NotePrivateKey COSIGNER =
            NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ED25519, "witness.example", RANDOM);

    private final TestClock clock = new TestClock();
    private final CountingStore store = new CountingStore();
    private final Witness witness = over(store);

    /** Counts what is written. */
    private static final class CountingStore implements WitnessStore {

        private final WitnessStore kept = new MemoryWitnesses();
        private int writes;

        @Override
        public Optional<Head> head(String origin) {
            return kept.head(origin);
        }

        @Override
        public boolean replace(String origin, Optional<Head> expected, Head next) {
            writes++;
            return kept.replace(origin, expected, next);
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    private Witness over(WitnessStore heads) {
        return new Witness(List.of(LOG.key(), LOG_ML_DSA.key()), List.of(COSIGNER.signer()), heads, clock);
    }

    private static GrowingLog log(int size) {
        return new GrowingLog(LOG).to(size, "leaf");
    }

    private Verdict ask(AddCheckpointRequest request) {
        return witness.addCheckpoint(request.bytes());
    }

    private void requireRefused(Reason reason, AddCheckpointRequest request) {
        assertThat(ask(request))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void extensionLinesThatNoSignatureOfTheLogCoversAreNotCosigned() {
        SignedNote note = new GrowingLog(LOG_ML_DSA).to(3, "leaf").note();
        String more = note.text() + "one more line\n";
        // The ML-DSA signature verifies over any such text.
        requireRefused(
                Reason.NOT_SIGNED, new AddCheckpointRequest(0, List.of(), new SignedNote(more, note.signatures())));
        assertThat(store.head(ORIGIN)).isEmpty();

        SignedNote byBoth = SignedNote.sign(more, 1, List.of(LOG.signer())).with(note.signatures());
        assertThat(ask(new AddCheckpointRequest(0, List.of(), byBoth))).isInstanceOf(Verdict.Cosigned.class);
        assertThat(store.head(ORIGIN).orElseThrow().note()).startsWith(more);
    }

    @Test
    void sameHeadWithinASecondGetsTheSameCosignaturesAndCostsNoWrite() {
        AddCheckpointRequest again = log(5).request(5);
        Verdict first = ask(log(5).request(0));
        assertThat(ask(again)).isEqualTo(first);
        clock.move(Duration.ofSeconds(1));
        assertThat(ask(again)).isEqualTo(first);
        assertThat(store.writes).isEqualTo(1);

        clock.move(Duration.ofSeconds(1));
        Verdict later = ask(again);
        assertThat(later).isInstanceOf(Verdict.Cosigned.class).isNotEqualTo(first);
        assertThat(store.writes).isEqualTo(2);
    }

    @Test
    void logThatGrowsWaitsForNoSecondToPass() {
        Verdict first = ask(log(5).request(0));
        assertThat(ask(log(5).request(5))).isEqualTo(first);
        assertThat(ask(log(6).request(5))).isInstanceOf(Verdict.Cosigned.class).isNotEqualTo(first);
        assertThat(store.writes).isEqualTo(2);
    }

    @Test
    void headThatAnotherProcessStoredEndsTheLastAnswer() {
        ask(log(5).request(0));
        assertThat(over(store).addCheckpoint(log(7).request(5).bytes())).isInstanceOf(Verdict.Cosigned.class);
        assertThat(ask(log(5).request(5))).isEqualTo(new Verdict.Conflict(7));
    }

    @Test
    void sameHeadUnderAClockFarBehindGetsNoCosignatures() {
        ask(log(5).request(0));
        clock.move(Duration.ofMinutes(-3));
        requireRefused(Reason.CLOCK_BEHIND, log(5).request(5));
        assertThat(store.writes).isEqualTo(1);
    }
}
