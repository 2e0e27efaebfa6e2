package dev.lair.signing.dsse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.Alterations;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signature;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DsseEnvelopeTest {

    private static final String TYPE = "http://example.com/HelloWorld";
    private static final byte[] HELLO = "hello world".getBytes(UTF_8);

    /** The private key of the DSSE protocol's example. */
    private static final PrivateKey KEY =
            key(new BigInteger("97358161215184420915383655311931858321456579547487070936769975997791359926199"));

    private static final PrivateKey OTHER = key(BigInteger.TEN);

    private static PrivateKey key(BigInteger scalar) {
        byte[] bytes = HexFormat.of().parseHex("%064x".formatted(scalar));
        return PrivateKey.parse("ecdsa-p256:" + Base64.getEncoder().encodeToString(bytes));
    }

    private static DsseEnvelope signed() {
        return DsseEnvelope.sign(TYPE, HELLO, KEY);
    }

    private static boolean verifies(DsseEnvelope envelope) {
        return envelope.isSignedBy(KEY.publicKey(), EcdsaP256.INSTANCE);
    }

    /** "Test Vectors" of the protocol's text: the encoding, and the signature as r and s behind each other. */
    @Test
    void exampleOfTheProtocolIsReproduced() {
        assertThat(new String(DsseEnvelope.preAuthenticationEncoding(TYPE, HELLO), UTF_8))
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        byte[] raw = Base64.getDecoder()
                .decode("A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==");
        byte[] der = der(Arrays.copyOfRange(raw, 0, 32), Arrays.copyOfRange(raw, 32, 64));
        assertThat(signed().signature()).isEqualTo(der);
        assertThat(verifies(new DsseEnvelope(TYPE, HELLO, "", der))).isTrue();
    }

    private static byte[] der(byte[] r, byte[] s) {
        byte[] first = new BigInteger(1, r).toByteArray();
        byte[] second = new BigInteger(1, s).toByteArray();
        String hex = "30%02x02%02x%s02%02x%s"
                .formatted(
                        4 + first.length + second.length,
                        first.length,
                        HexFormat.of().formatHex(first),
                        second.length,
                        HexFormat.of().formatHex(second));
        return Signature.ofDer(HexFormat.of().parseHex(hex)).der();
    }

    @ParameterizedTest
    @CsvSource({"a,'','DSSEv1 1 a 0 '", "é,ü,'DSSEv1 2 é 2 ü'", "a b,1 c,'DSSEv1 3 a b 3 1 c'"})
    void lengthsAreThoseOfTheBytes(String type, String payload, String encoded) {
        assertThat(DsseEnvelope.preAuthenticationEncoding(type, payload.getBytes(UTF_8)))
                .isEqualTo(encoded.getBytes(UTF_8));
    }

    @Test
    void envelopeOfOursNamesItsKeyAndVerifiesUnderItOnly() {
        DsseEnvelope envelope = signed();
        assertThat(envelope.keyId()).isEqualTo(KEY.keyId().toString());
        assertThat(verifies(envelope)).isTrue();
        assertThat(envelope.isSignedBy(OTHER.publicKey(), EcdsaP256.INSTANCE)).isFalse();
        DsseEnvelope unnamed = new DsseEnvelope(TYPE, HELLO, "", envelope.signature());
        assertThat(verifies(unnamed)).isTrue();
        assertThat(unnamed.isSignedBy(OTHER.publicKey(), EcdsaP256.INSTANCE)).isFalse();
    }

    @Test
    void envelopeThatNamesAnotherKeyIsRefusedThoughTheSignatureWouldVerify() {
        byte[] signature = signed().signature();
        assertThat(verifies(new DsseEnvelope(TYPE, HELLO, OTHER.keyId().toString(), signature)))
                .isFalse();
        assertThat(verifies(new DsseEnvelope(TYPE, HELLO, "alice", signature))).isFalse();
    }

    @Test
    void anyAlteredByteOfPayloadTypeKeyIdOrSignatureIsRefused() {
        DsseEnvelope honest = signed();
        for (byte[] payload : Alterations.of(HELLO)) {
            assertThat(verifies(new DsseEnvelope(TYPE, payload, honest.keyId(), honest.signature())))
                    .isFalse();
        }
        for (byte[] signature : Alterations.of(honest.signature())) {
            if (signature.length > 0) {
                assertThat(verifies(new DsseEnvelope(TYPE, HELLO, honest.keyId(), signature)))
                        .isFalse();
            }
        }
        for (int i = 0; i < TYPE.length(); i++) {
            String type = TYPE.substring(0, i) + (char) (TYPE.charAt(i) ^ 1) + TYPE.substring(i + 1);
            assertThat(verifies(new DsseEnvelope(type, HELLO, honest.keyId(), honest.signature())))
                    .isFalse();
        }
        for (int i = 0; i < honest.keyId().length(); i++) {
            String keyId = honest.keyId().substring(0, i) + "~" + honest.keyId().substring(i + 1);
            assertThat(verifies(new DsseEnvelope(TYPE, HELLO, keyId, honest.signature())))
                    .isFalse();
        }
    }

    /** What the encoding is for: the border between type and payload cannot be moved. */
    @Test
    void payloadThatContinuesTheTypeIsAnotherMessage() {
        DsseEnvelope honest = DsseEnvelope.sign("a", " 1 b".getBytes(UTF_8), KEY);
        assertThat(verifies(new DsseEnvelope("a ", "1 b".getBytes(UTF_8), "", honest.signature())))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\n", "a\u007f", "\ud800"})
    void typeThatCannotStandInAnEnvelopeIsRefused(String type) {
        for (String one : List.of(type, "x".repeat(256))) {
            assertThatThrownBy(() -> DsseEnvelope.sign(one, HELLO, KEY))
                    .isInstanceOf(MalformedDsseException.class)
                    .hasMessageContaining("payload type");
        }
    }

    @Test
    void partsBeyondTheirSizeAreRefused() {
        assertThat(verifies(DsseEnvelope.sign("x".repeat(255), new byte[256 * 1024], KEY)))
                .isTrue();
        assertThatThrownBy(() -> DsseEnvelope.sign(TYPE, new byte[256 * 1024 + 1], KEY))
                .isInstanceOf(MalformedDsseException.class)
                .hasMessageContaining("262145");
        for (byte[] signature : List.of(new byte[0], new byte[1025])) {
            assertThatThrownBy(() -> new DsseEnvelope(TYPE, HELLO, "", signature))
                    .isInstanceOf(MalformedDsseException.class)
                    .hasMessageContaining("signature");
        }
        for (String keyId : List.of("x".repeat(256), "a\u0000")) {
            assertThatThrownBy(() -> new DsseEnvelope(TYPE, HELLO, keyId, new byte[1]))
                    .isInstanceOf(MalformedDsseException.class)
                    .hasMessageContaining("key id");
        }
    }

    @Test
    void arraysAreCopies() {
        byte[] payload = HELLO.clone();
        byte[] signature = signed().signature();
        DsseEnvelope envelope = new DsseEnvelope(TYPE, payload, "", signature);
        payload[0]++;
        signature[0]++;
        envelope.payload()[0]++;
        envelope.signature()[0]++;
        assertThat(envelope).isEqualTo(new DsseEnvelope(TYPE, HELLO, "", signed().signature()));
        assertThat(verifies(envelope)).isTrue();
    }
}
