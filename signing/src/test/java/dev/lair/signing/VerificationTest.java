package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What each verifier must refuse: any change of message, signature, key, key id or domain. */
class VerificationTest {

    private static final PrivateKey KEY = PrivateKey.generate(new SeededRandom("verification"));
    private static final PrivateKey OTHER = PrivateKey.generate(new SeededRandom("another"));
    private static final byte[] MESSAGE =
            "a record of forty-one bytes, more or less".getBytes(StandardCharsets.US_ASCII);
    private static final Signature SIGNATURE = KEY.sign(MESSAGE);

    private static final RootHash ROOT_A = RootHash.parse("sha256:" + "a".repeat(64));
    private static final RootHash ROOT_B = RootHash.parse("sha256:" + "b".repeat(64));
    private static final TimestampedCheckpoint CHECKPOINT =
            new TimestampedCheckpoint(new Checkpoint(ROOT_A, 7, ROOT_B), 1_700_000_065L);

    private static boolean verifies(PublicKey key, byte[] message, Signature signature) {
        return EcdsaP256.INSTANCE.verify(key, message, signature);
    }

    /** True when the check passes; a typed parse error counts as a refusal. */
    private static boolean passes(Supplier<Boolean> check) {
        try {
            return check.get();
        } catch (MalformedKeyException | MalformedSignatureException refused) {
            return false;
        }
    }

    @Test
    void validSignatureVerifies() {
        assertThat(verifies(KEY.publicKey(), MESSAGE, SIGNATURE)).isTrue();
        assertThat(verifies(PublicKey.parse(KEY.publicKey().text()), MESSAGE, Signature.parse(SIGNATURE.text())))
                .isTrue();
    }

    @Test
    void emptyMessageCanBeSigned() {
        assertThat(verifies(KEY.publicKey(), new byte[0], KEY.sign(new byte[0])))
                .isTrue();
    }

    @Test
    void alteredMessageIsRejected() {
        assertThat(Alterations.of(MESSAGE)).noneMatch(altered -> verifies(KEY.publicKey(), altered, SIGNATURE));
    }

    @Test
    void alteredSignatureIsRejected() {
        assertThat(Alterations.of(SIGNATURE.der()))
                .noneMatch(altered -> passes(() -> verifies(KEY.publicKey(), MESSAGE, Signature.ofDer(altered))));
    }

    @Test
    void alteredSignatureTextIsRejected() {
        assertThat(Alterations.of(SIGNATURE.text().getBytes(StandardCharsets.ISO_8859_1)))
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .noneMatch(altered -> passes(() -> verifies(KEY.publicKey(), MESSAGE, Signature.parse(altered))));
    }

    @Test
    void alteredKeyIsRejected() {
        assertThat(Alterations.of(KEY.publicKey().sec1()))
                .noneMatch(altered -> passes(() -> verifies(PublicKey.ofSec1(altered), MESSAGE, SIGNATURE)));
    }

    @Test
    void alteredKeyTextIsRejected() {
        assertThat(Alterations.of(KEY.publicKey().text().getBytes(StandardCharsets.ISO_8859_1)))
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .noneMatch(altered -> passes(() -> verifies(PublicKey.parse(altered), MESSAGE, SIGNATURE)));
    }

    @Test
    void signatureOfAnotherKeyIsRejected() {
        assertThat(verifies(OTHER.publicKey(), MESSAGE, SIGNATURE)).isFalse();
        assertThat(verifies(KEY.publicKey(), MESSAGE, OTHER.sign(MESSAGE))).isFalse();
    }

    @Test
    void swappedNumbersAreRejected() {
        assertThat(verifies(KEY.publicKey(), MESSAGE, Signature.of(SIGNATURE.s(), SIGNATURE.r())))
                .isFalse();
    }

    /** As in the reference, which does not normalise s for this curve: refusing it would split registry and clients. */
    @Test
    void signatureWithTheOtherSVerifiesToo() {
        Signature negated = Signature.of(SIGNATURE.r(), EcdsaP256.ORDER.subtract(SIGNATURE.s()));
        assertThat(negated).isNotEqualTo(SIGNATURE);
        assertThat(verifies(KEY.publicKey(), MESSAGE, Signature.parse(negated.text())))
                .isTrue();
    }

    @Test
    void packageRecordSignatureIsNoOperatorRecordSignatureNorTheOtherWayRound() {
        for (RecordDomain domain : RecordDomain.values()) {
            SignedRecord record = SignedRecord.sign(domain, MESSAGE, KEY);
            for (RecordDomain checked : RecordDomain.values()) {
                assertThat(record.verify(checked, KEY.publicKey(), EcdsaP256.INSTANCE))
                        .isEqualTo(checked == domain);
            }
        }
    }

    @Test
    void signatureWithoutDomainPrefixIsNoRecordSignature() {
        for (RecordDomain domain : RecordDomain.values()) {
            assertThat(new SignedRecord(MESSAGE, KEY.keyId(), SIGNATURE)
                            .verify(domain, KEY.publicKey(), EcdsaP256.INSTANCE))
                    .isFalse();
        }
    }

    @Test
    void recordSignatureOverACheckpointsBytesIsNoCheckpointSignature() {
        for (RecordDomain domain : RecordDomain.values()) {
            SignedRecord record = SignedRecord.sign(domain, CHECKPOINT.encode(), KEY);
            assertThat(new SignedCheckpoint(CHECKPOINT, KEY.keyId(), record.signature())
                            .verify(KEY.publicKey(), EcdsaP256.INSTANCE))
                    .isFalse();
        }
    }

    @Test
    void recordThatNamesAnotherKeyIsRejectedEvenIfTheSignatureIsRight() {
        SignedRecord honest = SignedRecord.sign(RecordDomain.PACKAGE, MESSAGE, KEY);
        SignedRecord renamed = new SignedRecord(MESSAGE, OTHER.keyId(), honest.signature());
        assertThat(renamed.verify(RecordDomain.PACKAGE, KEY.publicKey(), EcdsaP256.INSTANCE))
                .isFalse();
        assertThat(renamed.verify(RecordDomain.PACKAGE, OTHER.publicKey(), EcdsaP256.INSTANCE))
                .isFalse();
    }

    @Test
    void recordWithAlteredContentIsRejected() {
        SignedRecord honest = SignedRecord.sign(RecordDomain.PACKAGE, MESSAGE, KEY);
        assertThat(honest.verify(RecordDomain.PACKAGE, KEY.publicKey(), EcdsaP256.INSTANCE))
                .isTrue();
        assertThat(Alterations.of(MESSAGE))
                .noneMatch(altered -> new SignedRecord(altered, KEY.keyId(), honest.signature())
                        .verify(RecordDomain.PACKAGE, KEY.publicKey(), EcdsaP256.INSTANCE));
    }

    @Test
    void checkpointThatNamesAnotherKeyIsRejectedEvenIfTheSignatureIsRight() {
        SignedCheckpoint honest = SignedCheckpoint.sign(CHECKPOINT, KEY);
        SignedCheckpoint renamed = new SignedCheckpoint(CHECKPOINT, OTHER.keyId(), honest.signature());
        assertThat(renamed.verify(KEY.publicKey(), EcdsaP256.INSTANCE)).isFalse();
        assertThat(renamed.verify(OTHER.publicKey(), EcdsaP256.INSTANCE)).isFalse();
    }

    @Test
    void signatureWithoutDomainPrefixIsNoCheckpointSignature() {
        assertThat(new SignedCheckpoint(CHECKPOINT, KEY.keyId(), KEY.sign(CHECKPOINT.encode()))
                        .verify(KEY.publicKey(), EcdsaP256.INSTANCE))
                .isFalse();
    }

    @Test
    void checkpointWithAnyFieldChangedIsRejected() {
        SignedCheckpoint honest = SignedCheckpoint.sign(CHECKPOINT, KEY);
        assertThat(honest.verify(KEY.publicKey(), EcdsaP256.INSTANCE)).isTrue();
        TimestampedCheckpoint[] changed = {
            new TimestampedCheckpoint(new Checkpoint(ROOT_B, 7, ROOT_B), 1_700_000_065L),
            new TimestampedCheckpoint(new Checkpoint(ROOT_A, 8, ROOT_B), 1_700_000_065L),
            new TimestampedCheckpoint(new Checkpoint(ROOT_A, 7, ROOT_A), 1_700_000_065L),
            new TimestampedCheckpoint(new Checkpoint(ROOT_B, 7, ROOT_A), 1_700_000_065L),
            new TimestampedCheckpoint(new Checkpoint(ROOT_A, 7, ROOT_B), 1_700_000_066L),
        };
        assertThat(Arrays.stream(changed))
                .noneMatch(contents -> new SignedCheckpoint(contents, KEY.keyId(), honest.signature())
                        .verify(KEY.publicKey(), EcdsaP256.INSTANCE));
    }

    @Test
    void checkpointWithAlteredSignatureOrForeignKeyIsRejected() {
        SignedCheckpoint honest = SignedCheckpoint.sign(CHECKPOINT, KEY);
        assertThat(Alterations.of(honest.signature().der()))
                .noneMatch(
                        altered -> passes(() -> new SignedCheckpoint(CHECKPOINT, KEY.keyId(), Signature.ofDer(altered))
                                .verify(KEY.publicKey(), EcdsaP256.INSTANCE)));
        assertThat(honest.verify(OTHER.publicKey(), EcdsaP256.INSTANCE)).isFalse();
        assertThat(new SignedCheckpoint(CHECKPOINT, OTHER.keyId(), honest.signature())
                        .verify(KEY.publicKey(), EcdsaP256.INSTANCE))
                .isFalse();
    }
}
