package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.Alterations;
import dev.lair.signing.SeededRandom;
import dev.lair.transparency.MalformedCheckpointException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** c2sp.org/signed-note, "Format" and "Signatures"; c2sp.org/tlog-cosignature. */
class SignedNoteTest {

    private static final NotePrivateKey LOG = NoteVectors.LOG;
    private static final NotePrivateKey LOG_PQ =
            NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ML_DSA_44, NoteVectors.ORIGIN, new byte[32]);
    private static final String TEXT = NoteVectors.checkpointText(8).format();
    private static final String LINE = NoteVectors.text(NoteVectors.W1, "line");

    private final SeededRandom random = new SeededRandom("notes");

    private NoteSignature foreign(String name, int bodyLength) {
        byte[] body = new byte[bodyLength];
        random.nextBytes(body);
        return new NoteSignature(name, random.nextInt(), body);
    }

    // Form.

    @Test
    void textMayHaveEmptyLinesAndTheLastOneOfTheNoteSplits() {
        for (String text : List.of("\n", "a\n", "a\n\n", "\n\n\n", "a\n\n" + LINE, "ö\n")) {
            SignedNote note = SignedNote.sign(text, 1, List.of(LOG.signer()));
            SignedNote read = SignedNote.parse(note.bytes());
            assertThat(read).isEqualTo(note);
            assertThat(read.text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''|empty line",
                "'text\\n'|empty line",
                "'text\\nLINE'|empty line",
                "'text\\n\\n'|line feed",
                "'\\nLINE'|empty line",
                "'text\\n\\nLINE\\n'|line feed",
                "'text\\n\\nLINELINE2'|line feed",
                "'text\\n\\nLINEnot one\\n'|signature line 2",
                "'text\\n\\n- witness.example/w1 AAAAAAA=\\n'|signature line 1",
                "'text\\n\\n—witness.example/w1 AAAAAAA=\\n'|signature line 1",
                "'text\\n\\n—  witness.example/w1 AAAAAAA=\\n'|signature line 1",
                "'text\\n\\n— witness.example/w1\\n'|signature line 1",
                "'text\\n\\n— witness.example/w1 \\n'|signature line 1",
                "'text\\n\\n— witness.example/w1  AAAAAAA=\\n'|signature line 1",
                "'text\\n\\n— witness.example/w1 AAAAAAA= \\n'|signature line 1",
                "'text\\n\\n— witness.example/w1 AAAAAAA\\n'|signature line 1",
                "'text\\n\\n— witness.example/w1 AAAAAA==\\n'|signature line 1",
                "'text\\n\\n— witness.example/w1 AAAAAAB=\\n'|signature line 1",
                "'text\\n\\n— witness+w1 AAAAAAA=\\n'|signature line 1",
                "'text\\n\\n— witness\\240w1 AAAAAAA=\\n'|signature line 1",
                "'te\\txt\\n\\nLINE'|character 2",
                "'text\\r\\n\\nLINE'|character 4",
                "'te\\0xt\\n\\nLINE'|character 2"
            },
            delimiter = '|')
    void otherShapesAreRefusedWithTheirPlace(String note, String place) {
        String input = note.translateEscapes().replace("LINE2", LINE.strip()).replace("LINE", LINE);
        assertThatThrownBy(() -> SignedNote.parse(NoteText.utf8(input)))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining(place);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] note = SignedNote.sign("text\n", 1, List.of(LOG.signer())).bytes();
        note[1] = (byte) 0xff;
        assertThatThrownBy(() -> SignedNote.parse(note))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void componentsThatCouldNotBeReadBackAreRefused() {
        NoteSignature signature = foreign("a", 1);
        assertThatThrownBy(() -> new SignedNote("a\n", List.of())).isInstanceOf(MalformedNoteException.class);
        for (String text : List.of("", "a", "a\t\n", "half \ud800\n")) {
            assertThatThrownBy(() -> new SignedNote(text, List.of(signature)))
                    .isInstanceOf(MalformedNoteException.class);
            assertThatThrownBy(() -> LOG.signer().sign(text, 1)).isInstanceOf(MalformedNoteException.class);
        }
        assertThatThrownBy(() -> new NoteSignature("a", 1, new byte[0])).isInstanceOf(MalformedNoteException.class);
    }

    @Test
    void sixteenLargeSignaturesAreAcceptedAndHundredAreTheMost() throws NoteRejected {
        SignedNote note = SignedNote.sign(TEXT, 1, List.of(LOG.signer()));
        List<NoteSignature> others = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            others.add(foreign("other.example/" + i, 5000));
        }
        SignedNote sixteen = note.with(others.subList(0, 15));
        assertThat(SignedNote.parse(sixteen.bytes()).verify(List.of(LOG.key()))).hasSize(1);
        SignedNote hundred = note.with(others);
        assertThat(SignedNote.parse(hundred.bytes())).isEqualTo(hundred);
        assertThatThrownBy(() -> hundred.with(foreign("one.more", 1))).isInstanceOf(MalformedNoteException.class);
        String tooMany = hundred.format() + foreign("one.more", 1).line();
        assertThatThrownBy(() -> SignedNote.parse(tooMany))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("at most 100 signatures");
    }

    @Test
    void noteOfMoreThanOneMebibyteIsRefused() {
        String longText = "x".repeat(Limits.NOTE_BYTES - 200) + "\n";
        SignedNote fits = SignedNote.sign(longText, 1, List.of(LOG.signer()));
        assertThat(SignedNote.parse(fits.bytes())).isEqualTo(fits);
        assertThatThrownBy(() -> fits.with(foreign("other", 500)))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("1048576 bytes");
        assertThatThrownBy(() -> SignedNote.parse(new byte[Limits.NOTE_BYTES + 1]))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("1048576 bytes");
        assertThatThrownBy(() -> SignedNote.parse("x".repeat(Limits.NOTE_BYTES + 1)))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("1048576 bytes");
    }

    @Test
    void signatureThatIsThereIsNotAddedAgain() {
        SignedNote note = NoteVectors.cosigned();
        assertThat(note.with(note.signatures())).isEqualTo(note);
        NoteSignature more = foreign("other", 10);
        assertThat(note.with(more).signatures()).endsWith(more).hasSize(4);
    }

    // Verification.

    @Test
    void ofALogThatSignsWithBothKeysBothVerify() throws NoteRejected {
        SignedNote note = SignedNote.sign(TEXT, NoteVectors.TIME, List.of(LOG.signer(), LOG_PQ.signer()));
        assertThat(SignedNote.parse(note.bytes()).verify(List.of(LOG_PQ.key(), LOG.key())))
                .containsExactly(
                        new VerifiedSignature(LOG.key(), OptionalLong.empty()),
                        new VerifiedSignature(LOG_PQ.key(), OptionalLong.of(NoteVectors.TIME)));
    }

    /** As Sunlight greases: whoever cannot stand unknown signatures or another order breaks at once. */
    @Test
    void greasedAndShuffledCheckpointIsAccepted() throws NoteRejected {
        Random order = new Random(20260102);
        for (int round = 0; round < 200; round++) {
            List<NoteSignature> all =
                    new ArrayList<>(NoteVectors.cosigned().signatures().subList(0, 2));
            all.add(foreign("grease.example/" + round, 1 + order.nextInt(100)));
            all.add(foreign(NoteVectors.ORIGIN, 64));
            Collections.shuffle(all, order);
            SignedNote greased = SignedNote.parse(new SignedNote(TEXT, all).bytes());
            assertThat(greased.signatures()).isEqualTo(all);
            assertThat(greased.verify(NoteVectors.allKeys()))
                    .extracting(VerifiedSignature::key)
                    .containsExactlyInAnyOrder(LOG.key(), NoteVectors.WITNESS_1.key());
        }
    }

    @Test
    void signatureThatSharesNameOrIdAloneWithAKnownKeyIsIgnored() throws NoteRejected {
        SignedNote note = SignedNote.sign(TEXT, 1, List.of(LOG.signer()))
                .with(
                        new NoteSignature(NoteVectors.ORIGIN, LOG.key().keyId() + 1, new byte[64]),
                        new NoteSignature("other.example", LOG.key().keyId(), new byte[64]));
        assertThat(note.verify(List.of(LOG.key()))).hasSize(1);
        SignedNote without = new SignedNote(TEXT, note.signatures().subList(1, 3));
        assertRejected(without, List.of(LOG.key()), NoteRejected.Reason.NO_TRUSTED_SIGNATURE);
    }

    @Test
    void badSignatureOfAKnownKeySpoilsTheWholeNote() throws NoteRejected {
        SignedNote note = NoteVectors.cosigned();
        for (NotePrivateKey forged : List.of(LOG, NoteVectors.WITNESS_1, NoteVectors.WITNESS_2)) {
            NoteSignature bad = new NoteSignature(
                    forged.key().name(), forged.key().keyId(), new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 2, 3});
            assertRejected(note.with(bad), NoteVectors.allKeys(), NoteRejected.Reason.BAD_SIGNATURE);
            List<NoteKey> others = new ArrayList<>(NoteVectors.allKeys());
            others.remove(forged.key());
            assertThat(note.with(bad).verify(others)).hasSize(2);
        }
    }

    @Test
    void noteWithoutAKnownSignatureIsRejected() {
        assertRejected(NoteVectors.cosigned(), List.of(), NoteRejected.Reason.NO_TRUSTED_SIGNATURE);
        assertRejected(NoteVectors.cosigned(), List.of(LOG_PQ.key()), NoteRejected.Reason.NO_TRUSTED_SIGNATURE);
    }

    @Test
    void signatureOverAnotherTextIsRejected() {
        SignedNote moved = new SignedNote(
                NoteVectors.checkpointText(7).format(), NoteVectors.cosigned().signatures());
        for (NoteKey key : NoteVectors.allKeys()) {
            assertRejected(moved, List.of(key), NoteRejected.Reason.BAD_SIGNATURE);
        }
    }

    /** The time is signed: a cosignature cannot be made younger. */
    @Test
    void cosignatureWithAnotherTimeIsRejected() {
        for (NotePrivateKey witness : List.of(NoteVectors.WITNESS_1, NoteVectors.WITNESS_2)) {
            byte[] body = witness.signer().sign(TEXT, NoteVectors.TIME).body();
            for (int at = 0; at < Long.BYTES; at++) {
                byte[] younger = body.clone();
                younger[at] ^= (byte) (at == 0 ? 0x80 : 1);
                SignedNote note = new SignedNote(
                        TEXT,
                        List.of(new NoteSignature(
                                witness.key().name(), witness.key().keyId(), younger)));
                assertRejected(note, List.of(witness.key()), NoteRejected.Reason.BAD_SIGNATURE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1760000000, 31556889864403200L, Long.MAX_VALUE})
    void cosignatureStatesItsTime(long time) throws NoteRejected {
        for (NotePrivateKey witness : List.of(NoteVectors.WITNESS_1, NoteVectors.WITNESS_2)) {
            assertThat(SignedNote.sign(TEXT, time, List.of(witness.signer())).verify(List.of(witness.key())))
                    .containsExactly(new VerifiedSignature(witness.key(), OptionalLong.of(time)));
        }
    }

    @Test
    void ofTwoCosignaturesOfOneKeyTheLaterTimeCounts() throws NoteRejected {
        NoteSigner signer = NoteVectors.WITNESS_1.signer();
        for (List<NoteSignature> order : List.of(
                List.of(signer.sign(TEXT, 5), signer.sign(TEXT, 9)),
                List.of(signer.sign(TEXT, 9), signer.sign(TEXT, 5)))) {
            assertThat(new SignedNote(TEXT, order).verify(List.of(signer.key())))
                    .containsExactly(new VerifiedSignature(signer.key(), OptionalLong.of(9)));
        }
    }

    /** A log's signature must not pass for a witness's, though both may be made with one secret. */
    @Test
    void signaturesOfOneSecretDoNotPassForAnotherType() {
        NotePrivateKey plain = NotePrivateKey.ofSeed(NoteKeyType.ED25519, "one.example", new byte[32]);
        NotePrivateKey cosigner = NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ED25519, "one.example", new byte[32]);
        byte[] plainBody = plain.signer().sign(TEXT, 1).body();
        byte[] cosignerBody = cosigner.signer().sign(TEXT, 1).body();
        SignedNote note = new SignedNote(
                TEXT, List.of(new NoteSignature("one.example", cosigner.key().keyId(), plainBody)));
        assertRejected(note, List.of(cosigner.key()), NoteRejected.Reason.BAD_SIGNATURE);
        for (byte[] body : List.of(cosignerBody, java.util.Arrays.copyOfRange(cosignerBody, 8, 72))) {
            SignedNote other = new SignedNote(
                    TEXT, List.of(new NoteSignature("one.example", plain.key().keyId(), body)));
            assertRejected(other, List.of(plain.key()), NoteRejected.Reason.BAD_SIGNATURE);
        }
    }

    /** Type 0x06 covers the cosigner's name, 0x04 does not: the format says so and keys differ by name there. */
    @Test
    void mlDsaCosignatureDoesNotPassUnderAnotherName() {
        NotePrivateKey renamed = NotePrivateKey.ofSeed(
                NoteKeyType.COSIGNATURE_ML_DSA_44, "witness.example/w3", NoteVectors.WITNESS_2.seed());
        byte[] body = NoteVectors.WITNESS_2.signer().sign(TEXT, 1).body();
        SignedNote note = new SignedNote(
                TEXT,
                List.of(new NoteSignature("witness.example/w3", renamed.key().keyId(), body)));
        assertRejected(note, List.of(renamed.key()), NoteRejected.Reason.BAD_SIGNATURE);
    }

    @Test
    void mlDsaSignsAndVerifiesCheckpointsOnly() {
        assertThatThrownBy(() -> LOG_PQ.signer().sign("no checkpoint\n", 1))
                .isInstanceOf(MalformedCheckpointException.class);
        SignedNote note = new SignedNote(
                "no checkpoint\n",
                List.of(new NoteSignature(
                        LOG_PQ.key().name(),
                        LOG_PQ.key().keyId(),
                        LOG_PQ.signer().sign(TEXT, 1).body())));
        assertRejected(note, List.of(LOG_PQ.key()), NoteRejected.Reason.BAD_SIGNATURE);
        String longOrigin = TEXT.replace(NoteVectors.ORIGIN, "x".repeat(256));
        assertThatThrownBy(() -> LOG_PQ.signer().sign(longOrigin, 1))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("255");
        assertThat(LOG_PQ.signer().sign(TEXT.replace(NoteVectors.ORIGIN, "x".repeat(255)), 1))
                .isNotNull();
    }

    @Test
    void mlDsaDoesNotCoverExtensionLinesAndEd25519Does() throws NoteRejected {
        SignedNote extended =
                new SignedNote(TEXT + "extension\n", NoteVectors.cosigned().signatures());
        assertThat(extended.verify(List.of(NoteVectors.WITNESS_2.key()))).hasSize(1);
        assertRejected(extended, List.of(NoteVectors.WITNESS_1.key()), NoteRejected.Reason.BAD_SIGNATURE);
        assertRejected(extended, List.of(LOG.key()), NoteRejected.Reason.BAD_SIGNATURE);
    }

    @Test
    void twoKnownKeysThatLookAlikeAreTheCallersMistake() {
        NoteKey same = LOG.key();
        byte[] other = NoteVectors.WITNESS_1.key().publicKey();
        // A key of an unknown type states its id freely.
        byte[] bytes = new byte[33];
        System.arraycopy(other, 0, bytes, 1, 32);
        NoteKey alike = NoteKey.parse(
                same.name() + "+" + same.keyIdHex() + "+" + dev.lair.transparency.StrictBase64.encode(bytes));
        assertThatThrownBy(() -> NoteVectors.cosigned().verify(List.of(same, alike)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(same.keyIdHex());
    }

    /** Every byte of a note is covered: by a signature, or because the note is no longer one. */
    @Test
    void eachDamagedByteOfANoteIsRefused() {
        SignedNote honest =
                SignedNote.sign(TEXT, NoteVectors.TIME, List.of(LOG.signer(), NoteVectors.WITNESS_1.signer()));
        for (byte[] altered : Alterations.of(honest.bytes())) {
            assertDamageIsSeen(altered, 2);
        }
    }

    @Test
    void eachDamagedByteOfAnMlDsaSignatureIsRefused() {
        byte[] honest = SignedNote.sign(TEXT, NoteVectors.TIME, List.of(LOG_PQ.signer()))
                .bytes();
        for (int at = 0; at < honest.length; at += at < 200 ? 1 : 7) {
            byte[] altered = honest.clone();
            altered[at] ^= 0x01;
            assertDamageIsSeen(altered, 1);
        }
    }

    /** Refused, or fewer keys signed: a damaged name or key id is that of an unknown key. */
    private static void assertDamageIsSeen(byte[] altered, int signatures) {
        try {
            SignedNote note = SignedNote.parse(altered);
            List<NoteKey> keys = new ArrayList<>(NoteVectors.allKeys());
            keys.add(LOG_PQ.key());
            assertThat(note.verify(keys)).hasSizeLessThan(signatures);
            assertThat(note.text()).isEqualTo(TEXT);
            assertThat(note.bytes()).isEqualTo(altered);
        } catch (MalformedNoteException | NoteRejected expected) {
            // refused
        }
    }

    // What a witness answers.

    @Test
    void answerOfAWitnessIsMergedWithoutWhatIsUnknown() throws NoteRejected {
        SignedNote note = SignedNote.sign(TEXT, 1, List.of(LOG.signer(), LOG_PQ.signer()));
        NoteSignature old = NoteVectors.WITNESS_1.signer().sign(TEXT, 5);
        NoteSignature fresh = NoteVectors.WITNESS_1.signer().sign(TEXT, 9);
        NoteSignature unknown = foreign("other.example", 72);
        List<NoteKey> known = List.of(NoteVectors.WITNESS_1.key());
        List<NoteSignature> answer = NoteSignature.parseLines(NoteSignature.formatLines(List.of(unknown, fresh)));
        assertThat(answer).containsExactly(unknown, fresh);
        assertThat(note.with(old).withVerified(answer, known)).isEqualTo(note.with(fresh));
        assertThat(note.with(old).signaturesOf(known)).containsExactly(old);
        assertRejected(() -> note.withVerified(List.of(unknown), known), NoteRejected.Reason.NO_TRUSTED_SIGNATURE);
        NoteSignature bad = new NoteSignature(fresh.name(), fresh.keyId(), new byte[72]);
        assertRejected(() -> note.withVerified(List.of(fresh, bad), known), NoteRejected.Reason.BAD_SIGNATURE);
    }

    /** Else a witness could fill the note up to its limit, and no checkpoint would be published any more. */
    @Test
    void talkativeWitnessAddsOneLineOfItsLatestTime() throws NoteRejected {
        NoteSigner witness = NoteVectors.WITNESS_1.signer();
        List<NoteSignature> answer = new ArrayList<>();
        for (long time = 1; time <= 100; time++) {
            answer.add(witness.sign(TEXT, time == 50 ? 1000 : time));
        }
        SignedNote note = SignedNote.sign(TEXT, 1, List.of(LOG.signer(), LOG_PQ.signer()));
        assertThat(note.withVerified(answer, List.of(witness.key()))).isEqualTo(note.with(witness.sign(TEXT, 1000)));
    }

    private interface Attempt {
        void run() throws NoteRejected;
    }

    private static void assertRejected(SignedNote note, List<NoteKey> keys, NoteRejected.Reason reason) {
        assertRejected(() -> note.verify(keys), reason);
    }

    private static void assertRejected(Attempt attempt, NoteRejected.Reason reason) {
        assertThatThrownBy(attempt::run)
                .isInstanceOf(NoteRejected.class)
                .extracting(e -> ((NoteRejected) e).reason())
                .isEqualTo(reason);
    }
}
