package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every vector of the spec that names a key, a record or a signed checkpoint. */
class WargVectorsTest {

    static List<WargVectors.Case> records() {
        return WargVectors.records();
    }

    static Stream<JsonNode> keys() {
        return WargVectors.ROOT.get("keys").valueStream();
    }

    static Stream<JsonNode> checkpoints() {
        return WargVectors.ROOT
                .get("workedRegistry")
                .get("records")
                .valueStream()
                .map(r -> r.get("checkpointAfter"));
    }

    @Test
    void theFileHoldsTheCasesThatTheseTestsCount() {
        assertThat(keys()).hasSize(3);
        assertThat(records()).hasSize(14);
        assertThat(checkpoints()).hasSize(7);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keyTextsAndIdsAreTheReferences(JsonNode vector) {
        PublicKey key = PublicKey.parse(WargVectors.text(vector, "public"));
        assertThat(key.text()).isEqualTo(WargVectors.text(vector, "public"));
        assertThat(key.keyId()).hasToString(WargVectors.text(vector, "keyId"));
        if (vector.has("publicCompressedHex")) {
            assertThat(key.sec1()).asHexString().isEqualToIgnoringCase(WargVectors.text(vector, "publicCompressedHex"));
        }
        if (vector.has("private")) {
            PrivateKey secret = PrivateKey.parse(WargVectors.text(vector, "private"));
            assertThat(secret.publicKey()).isEqualTo(key);
            assertThat(secret.text()).isEqualTo(WargVectors.text(vector, "private"));
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordIdsAreTheReferences(WargVectors.Case vector) {
        assertThat(vector.record().recordId(vector.domain())).hasToString(vector.recordId());
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordSignaturesVerifyInTheirOwnDomainOnly(WargVectors.Case vector) {
        PublicKey key = vector.signer().publicKey();
        RecordDomain foreign = vector.domain() == RecordDomain.PACKAGE ? RecordDomain.OPERATOR : RecordDomain.PACKAGE;
        assertThat(vector.record().verify(vector.domain(), key, EcdsaP256.INSTANCE))
                .isTrue();
        assertThat(vector.record().verify(foreign, key, EcdsaP256.INSTANCE)).isFalse();
        assertThat(vector.record().recordId(foreign))
                .isNotEqualTo(vector.record().recordId(vector.domain()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void ourSignaturesAreTheDeterministicOnesOfRfc6979(WargVectors.Case vector) {
        assertThat(SignedRecord.sign(vector.domain(), vector.content(), vector.signer()))
                .isEqualTo(vector.record());
    }

    @ParameterizedTest
    @MethodSource("records")
    void envelopesAreByteForByteTheReferences(WargVectors.Case vector) {
        assertThat(EnvelopeCodec.format(vector.record())).asHexString().isEqualToIgnoringCase(vector.envelopeHex());
        assertThat(EnvelopeCodec.parse(HexFormat.of().parseHex(vector.envelopeHex())))
                .isEqualTo(vector.record());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void signedCheckpointsVerify(JsonNode vector) {
        SignedCheckpoint checkpoint = signedCheckpoint(vector);
        assertThat(checkpoint.verify(WargVectors.ALICE.publicKey(), EcdsaP256.INSTANCE))
                .isTrue();
        assertThat(checkpoint.verify(WargVectors.BOB.publicKey(), EcdsaP256.INSTANCE))
                .isFalse();
        assertThat(SignedCheckpoint.sign(checkpoint.contents(), WargVectors.ALICE))
                .isEqualTo(checkpoint);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void checkpointSigningInputIsPrefixAndTimestampedEncoding(JsonNode vector) {
        byte[] prefix = WargVectors.text(vector, "signedMessagePrefixUtf8").getBytes(StandardCharsets.UTF_8);
        String expected = HexFormat.of().formatHex(prefix) + WargVectors.text(vector, "timestampedEncodedHex");
        assertThat(SignedCheckpoint.signingInput(signedCheckpoint(vector).contents()))
                .asHexString()
                .isEqualToIgnoringCase(expected);
    }

    /** The reference's own test posts this literal and wants 401: it parses, and verifies for nobody's record. */
    @Test
    void knownBadSignatureParsesAndVerifiesNowhere() {
        String text = WargVectors.text(WargVectors.ROOT.get("knownBadSignature"), "signature");
        Signature bad = Signature.parse(text);
        assertThat(bad.text()).isEqualTo(text);
        for (WargVectors.Case vector : records()) {
            SignedRecord forged = new SignedRecord(vector.content(), vector.keyId(), bad);
            assertThat(forged.verify(vector.domain(), vector.signer().publicKey(), EcdsaP256.INSTANCE))
                    .isFalse();
        }
    }

    static SignedCheckpoint signedCheckpoint(JsonNode vector) {
        JsonNode json = vector.get("json");
        JsonNode contents = json.get("contents");
        return new SignedCheckpoint(
                new TimestampedCheckpoint(
                        new Checkpoint(
                                RootHash.parse(WargVectors.text(contents, "logRoot")),
                                contents.get("logLength").asLong(),
                                RootHash.parse(WargVectors.text(contents, "mapRoot"))),
                        contents.get("timestamp").asLong()),
                KeyId.parse(WargVectors.text(json, "keyId")),
                Signature.parse(WargVectors.text(json, "signature")));
    }
}
