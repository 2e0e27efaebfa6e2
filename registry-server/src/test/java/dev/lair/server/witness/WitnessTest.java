package dev.lair.server.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.TestClock;
import dev.lair.server.witness.Verdict.Reason;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.VerifiedSignature;
import dev.lair.storage.StorageException;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.memory.MemoryWitnesses;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.RootHash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a witness, each step with what a log without manners would try. */
class WitnessTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final NotePrivateKey LOG = NotePrivateKey.generate(NoteKeyType.ED25519, "log.example/a", RANDOM);
    private static final NotePrivateKey LOG_ML_DSA =
            NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ML_DSA_44, "log.example/a", RANDOM);
    private static final NotePrivateKey STRANGER =
            NotePrivateKey.generate(NoteKeyType.ED25519, "log.example/b", RANDOM);
    private static final NotePrivateKey COSIGNER =
            NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ED25519, "witness.example", RANDOM);
    private static final NotePrivateKey COSIGNER_ML_DSA =
            NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ML_DSA_44, "witness.example", RANDOM);

    private final TestClock clock = new TestClock();
    private final WitnessStore store = new MemoryWitnesses();
    private final Witness witness = over(store);

    private Witness over(WitnessStore heads) {
        return new Witness(
                List.of(LOG.key(), LOG_ML_DSA.key()),
                List.of(COSIGNER.signer(), COSIGNER_ML_DSA.signer()),
                heads,
                clock);
    }

    private static GrowingLog log(int size) {
        return new GrowingLog(LOG).to(size, "leaf");
    }

    private Verdict ask(AddCheckpointRequest request) {
        return witness.addCheckpoint(request.bytes());
    }

    private Verdict.Cosigned cosigned(AddCheckpointRequest request) {
        Verdict verdict = ask(request);
        assertThat(verdict).isInstanceOf(Verdict.Cosigned.class);
        return (Verdict.Cosigned) verdict;
    }

    private void requireRefused(Reason reason, AddCheckpointRequest request) {
        requireRefused(reason, request.bytes());
    }

    private void requireRefused(Reason reason, byte[] body) {
        Optional<WitnessStore.Head> before = store.head("log.example/a");
        assertThat(witness.addCheckpoint(body))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
        assertThat(store.head("log.example/a")).isEqualTo(before);
    }

    private List<VerifiedSignature> verify(AddCheckpointRequest request, Verdict.Cosigned cosigned) throws Exception {
        return new SignedNote(request.checkpoint().text(), cosigned.cosignatures())
                .verify(List.of(COSIGNER.key(), COSIGNER_ML_DSA.key()));
    }

    @Test
    void growthIsCosignedByEveryKeyAtTheTimeOfTheClock() throws Exception {
        GrowingLog log = log(3);
        AddCheckpointRequest first = log.request(0);
        assertThat(verify(first, cosigned(first)))
                .extracting(signature -> signature.epochSeconds().orElseThrow())
                .containsExactly(TestClock.START.getEpochSecond(), TestClock.START.getEpochSecond());
        clock.move(Duration.ofSeconds(5));
        AddCheckpointRequest second = log.to(20, "leaf").request(3);
        assertThat(verify(second, cosigned(second)))
                .extracting(signature -> signature.epochSeconds().orElseThrow())
                .containsOnly(TestClock.START.getEpochSecond() + 5);
        assertThat(store.head("log.example/a").orElseThrow().treeSize()).isEqualTo(20);
    }

    @Test
    void storedHeadIsANoteThatLogAndWitnessSigned() throws Exception {
        cosigned(log(3).request(0));
        SignedNote kept = SignedNote.parse(
                witness.monitored(Witness.hashOf("log.example/a")).orElseThrow());
        assertThat(CheckpointText.parse(kept.text()).treeSize()).isEqualTo(3);
        assertThat(kept.verify(List.of(LOG.key(), COSIGNER.key(), COSIGNER_ML_DSA.key())))
                .hasSize(3);
    }

    @Test
    void linesOfStrangersAreNotKept() throws Exception {
        SignedNote note = log(3).note();
        List<NoteSignature> many = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            byte[] noise = new byte[64];
            RANDOM.nextBytes(noise);
            many.add(new NoteSignature("stranger.example", RANDOM.nextInt(), noise));
        }
        many.add(45, note.signatures().getFirst());
        many.add(new NoteSignature("log.example/a", ~LOG.key().keyId(), new byte[64]));
        AddCheckpointRequest request = new AddCheckpointRequest(0, List.of(), new SignedNote(note.text(), many));
        cosigned(request);
        assertThat(SignedNote.parse(store.head("log.example/a").orElseThrow().note())
                        .signatures())
                .hasSize(3);
    }

    // --- step 1
    // --------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "old 0\n", "old\n\n", "old -1\n\n", "old 00\n\n", "old 0\n\nno note\n", "new 0\n\n"})
    void whatIsNoRequestIsMalformed(String body) {
        requireRefused(Reason.MALFORMED, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void noteThatIsNoCheckpointIsMalformed() {
        SignedNote note = SignedNote.sign("log.example/a\nthree\n", 1, List.of(LOG.signer()));
        requireRefused(Reason.MALFORMED, new AddCheckpointRequest(0, List.of(), note));
    }

    // --- steps 2 and 3
    // -------------------------------------------------------------------------------------------------

    @Test
    void logThatNobodyConfiguredIsUnknownEvenIfItSignsWell() {
        GrowingLog other = new GrowingLog(STRANGER).to(3, "leaf");
        requireRefused(Reason.UNKNOWN_LOG, other.request(0));
    }

    @Test
    void checkpointWithoutASignatureOfTheLogIsRefused() {
        SignedNote byStranger = SignedNote.sign(log(3).note().text(), 1, List.of(STRANGER.signer()));
        requireRefused(Reason.NOT_SIGNED, new AddCheckpointRequest(0, List.of(), byStranger));
    }

    @Test
    void oneWrongSignatureOfTheLogSpoilsTheRightOnes() {
        SignedNote note = log(3).note();
        byte[] wrong = note.signatures().getFirst().body();
        wrong[0] ^= 1;
        SignedNote spoiled =
                note.with(new NoteSignature("log.example/a", LOG.key().keyId(), wrong));
        requireRefused(Reason.NOT_SIGNED, new AddCheckpointRequest(0, List.of(), spoiled));
        byte[] noSignature = new byte[2428];
        SignedNote secondKeyWrong =
                note.with(new NoteSignature("log.example/a", LOG_ML_DSA.key().keyId(), noSignature));
        requireRefused(Reason.NOT_SIGNED, new AddCheckpointRequest(0, List.of(), secondKeyWrong));
    }

    @Test
    void anyKeyOfTheLogIsEnough() {
        cosigned(new GrowingLog(LOG_ML_DSA).to(3, "leaf").request(0));
        cosigned(log(5).request(3));
    }

    // --- steps 4 and 5
    // -------------------------------------------------------------------------------------------------

    @Test
    void oldSizeAboveTheCheckpointIsRefusedBeforeTheStoredSizeIsTold() {
        cosigned(log(7).request(0));
        requireRefused(Reason.OLD_ABOVE_SIZE, new AddCheckpointRequest(8, List.of(), log(7).note()));
        requireRefused(Reason.OLD_ABOVE_SIZE, new AddCheckpointRequest(7, List.of(), log(3).note()));
    }

    @Test
    void otherOldSizeIsToldTheStoredOne() {
        assertThat(ask(log(7).request(3))).isEqualTo(new Verdict.Conflict(0));
        cosigned(log(5).request(0));
        assertThat(ask(log(7).request(0))).isEqualTo(new Verdict.Conflict(5));
        assertThat(ask(log(7).request(3))).isEqualTo(new Verdict.Conflict(5));
        assertThat(ask(log(3).request(3))).isEqualTo(new Verdict.Conflict(5));
    }

    // --- step 6
    // --------------------------------------------------------------------------------------------------------

    @Test
    void otherFutureIsNotConsistent() {
        cosigned(log(5).request(0));
        GrowingLog fork = new GrowingLog(LOG).to(4, "leaf").to(9, "other");
        requireRefused(Reason.NOT_CONSISTENT, fork.request(5));
        requireRefused(
                Reason.NOT_CONSISTENT,
                new AddCheckpointRequest(5, log(9).request(5).proof(), fork.note()));
    }

    @Test
    void sameSizeWithAnotherRootIsNotConsistent() {
        cosigned(log(5).request(0));
        requireRefused(Reason.NOT_CONSISTENT, new GrowingLog(LOG).to(5, "other").request(5));
    }

    @Test
    void missingAndSuperfluousHashesAreNotConsistent() {
        cosigned(log(5).request(0));
        AddCheckpointRequest good = log(9).request(5);
        List<NodeHash> more = new ArrayList<>(good.proof());
        more.add(more.getFirst());
        requireRefused(Reason.NOT_CONSISTENT, new AddCheckpointRequest(5, more, good.checkpoint()));
        requireRefused(
                Reason.NOT_CONSISTENT,
                new AddCheckpointRequest(5, good.proof().subList(1, good.proof().size()), good.checkpoint()));
        requireRefused(Reason.NOT_CONSISTENT, new AddCheckpointRequest(5, List.of(), good.checkpoint()));
        requireRefused(Reason.NOT_CONSISTENT, new AddCheckpointRequest(5, good.proof(), log(5).note()));
        cosigned(good);
    }

    @Test
    void proofFromNothingHasNoHashes() {
        requireRefused(
                Reason.NOT_CONSISTENT,
                new AddCheckpointRequest(0, log(5).request(3).proof(), log(5).note()));
    }

    @Test
    void emptyTreeHasOneRootAndCanBeWitnessed() {
        SignedNote wrong = SignedNote.sign(
                new CheckpointText("log.example/a", 0, RootHash.ofBytes(new byte[32])).format(),
                1,
                List.of(LOG.signer()));
        requireRefused(Reason.NOT_CONSISTENT, new AddCheckpointRequest(0, List.of(), wrong));
        SignedNote empty = SignedNote.sign(
                new CheckpointText("log.example/a", 0, MerkleHash.EMPTY_ROOT).format(), 1, List.of(LOG.signer()));
        cosigned(new AddCheckpointRequest(0, List.of(), empty));
        assertThat(store.head("log.example/a").orElseThrow().treeSize()).isZero();
        cosigned(new AddCheckpointRequest(0, List.of(), empty));
        cosigned(log(3).request(0));
    }

    @Test
    void sameHeadMayBeCosignedAgain() {
        cosigned(log(5).request(0));
        clock.move(Duration.ofMinutes(1));
        AddCheckpointRequest again = log(5).request(5);
        assertThat(cosigned(again).cosignatures()).hasSize(2);
        assertThat(store.head("log.example/a").orElseThrow().treeSize()).isEqualTo(5);
    }

    // --- step 7
    // --------------------------------------------------------------------------------------------------------

    private long timeOf(AddCheckpointRequest request) throws Exception {
        return verify(request, cosigned(request)).getFirst().epochSeconds().orElseThrow();
    }

    @Test
    void cosignaturesOfALogNeverGoBackInTime() throws Exception {
        long first = timeOf(log(3).request(0));
        clock.move(Duration.ofSeconds(-90));
        assertThat(timeOf(log(4).request(3))).isEqualTo(first);
        clock.move(Duration.ofSeconds(100));
        assertThat(timeOf(log(5).request(4))).isEqualTo(first + 10);
    }

    @Test
    void clockFarBehindTheLastCosignatureEndsCosigningUntilItIsThere() throws Exception {
        clock.set(Instant.parse("2100-01-01T00:00:00Z"));
        long wrong = timeOf(log(3).request(0));
        clock.set(TestClock.START);
        requireRefused(Reason.CLOCK_BEHIND, log(4).request(3));
        clock.set(Instant.parse("2100-01-01T00:00:00Z").minusSeconds(60));
        assertThat(timeOf(log(4).request(3))).isEqualTo(wrong);
    }

    @Test
    void timesOfOtherLogsDoNotMatter() {
        clock.set(Instant.parse("2100-01-01T00:00:00Z"));
        Witness two = new Witness(List.of(LOG.key(), STRANGER.key()), List.of(COSIGNER.signer()), store, clock);
        assertThat(two.addCheckpoint(
                        new GrowingLog(STRANGER).to(3, "leaf").request(0).bytes()))
                .isInstanceOf(Verdict.Cosigned.class);
        clock.set(TestClock.START);
        assertThat(two.addCheckpoint(log(3).request(0).bytes())).isInstanceOf(Verdict.Cosigned.class);
    }

    // --- step 8
    // --------------------------------------------------------------------------------------------------------

    /** Stops at the write: before it, or behind it. */
    private static final class StoppingStore implements WitnessStore {

        private final WitnessStore kept;
        private final boolean written;

        StoppingStore(WitnessStore kept, boolean written) {
            this.kept = kept;
            this.written = written;
        }

        @Override
        public Optional<Head> head(String origin) {
            return kept.head(origin);
        }

        @Override
        public boolean replace(String origin, Optional<Head> expected, Head next) {
            if (written) {
                assertThat(kept.replace(origin, expected, next)).isTrue();
            }
            throw new StorageException("the process ends here", new java.io.IOException("kill -9"));
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    @Test
    void cosignatureLeavesOnlyAfterItsHeadIsStored() {
        cosigned(log(3).request(0));
        Witness dying = over(new StoppingStore(store, false));
        assertThatThrownBy(() -> dying.addCheckpoint(log(5).request(3).bytes())).isInstanceOf(StorageException.class);
        assertThat(store.head("log.example/a").orElseThrow().treeSize()).isEqualTo(3);
        // Nobody has a cosignature over those 5 leaves, so another future is as good.
        cosigned(new GrowingLog(LOG).to(3, "leaf").to(6, "other").request(3));
    }

    @Test
    void crashBetweenStoreAndAnswerBindsTheWitnessAndNotTheLog() throws Exception {
        cosigned(log(3).request(0));
        Witness dying = over(new StoppingStore(store, true));
        assertThatThrownBy(() -> dying.addCheckpoint(log(5).request(3).bytes())).isInstanceOf(StorageException.class);
        // After the restart: the log is told the size and catches up, the other future gets nothing.
        GrowingLog fork = new GrowingLog(LOG).to(3, "leaf").to(6, "other");
        assertThat(ask(fork.request(3))).isEqualTo(new Verdict.Conflict(5));
        requireRefused(Reason.NOT_CONSISTENT, fork.request(5));
        assertThat(ask(log(5).request(3))).isEqualTo(new Verdict.Conflict(5));
        AddCheckpointRequest again = log(5).request(5);
        assertThat(verify(again, cosigned(again))).hasSize(2);
        cosigned(log(8).request(5));
    }

    @Test
    void headThatAnotherProcessStoredMeanwhileCounts() {
        cosigned(log(3).request(0));
        WitnessStore outrun = new WitnessStore() {
            private boolean first = true;

            @Override
            public Optional<Head> head(String origin) {
                Optional<Head> head = store.head(origin);
                if (first) {
                    first = false;
                    // Between our look and our write.
                    cosigned(log(4).request(3));
                }
                return head;
            }

            @Override
            public boolean replace(String origin, Optional<Head> expected, Head next) {
                return store.replace(origin, expected, next);
            }

            @Override
            public void close() {
                store.close();
            }
        };
        Verdict verdict = over(outrun).addCheckpoint(log(5).request(3).bytes());
        assertThat(verdict).isEqualTo(new Verdict.Conflict(4));
        assertThat(store.head("log.example/a").orElseThrow().treeSize()).isEqualTo(4);
    }

    @Test
    void ofManyFuturesAtOnceExactlyOneIsCosigned() throws Exception {
        cosigned(log(3).request(0));
        int futures = 8;
        CountDownLatch start = new CountDownLatch(1);
        // Two processes over one store: the lock of one does not hold the other back.
        List<Witness> witnesses = List.of(over(store), over(store));
        List<Verdict> verdicts = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(futures);
        try {
            List<Future<Verdict>> running = new ArrayList<>();
            for (int i = 0; i < futures; i++) {
                byte[] body = new GrowingLog(LOG)
                        .to(3, "leaf")
                        .to(4 + i, "future " + i)
                        .request(3)
                        .bytes();
                Witness asked = witnesses.get(i % 2);
                running.add(threads.submit(() -> {
                    start.await();
                    return asked.addCheckpoint(body);
                }));
            }
            start.countDown();
            for (Future<Verdict> one : running) {
                verdicts.add(one.get(20, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
        long size = store.head("log.example/a").orElseThrow().treeSize();
        assertThat(verdicts).filteredOn(Verdict.Cosigned.class::isInstance).hasSize(1);
        assertThat(verdicts)
                .filteredOn(verdict -> !(verdict instanceof Verdict.Cosigned))
                .containsOnly(new Verdict.Conflict(size));
    }
}
