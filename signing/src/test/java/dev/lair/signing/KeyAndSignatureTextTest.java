package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.StrictBase64;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One text per value: what the text forms accept and refuse (warg protocol, section 1). */
class KeyAndSignatureTextTest {

    private static final PublicKey ALICE = WargVectors.ALICE.publicKey();

    private static void refusedAsKey(byte[] sec1) {
        assertThatThrownBy(() -> PublicKey.ofSec1(sec1)).isInstanceOf(MalformedKeyException.class);
    }

    private static void refusedAsSignature(String derHex) {
        assertThatThrownBy(() -> Signature.ofDer(HexFormat.of().parseHex(derHex.replace(" ", ""))))
                .isInstanceOf(MalformedSignatureException.class);
    }

    // Public keys.

    @Test
    void uncompressedKeyIsReadAndWrittenCompressed() {
        byte[] uncompressed = ALICE.parameters().getQ().getEncoded(false);
        PublicKey key = PublicKey.parse("ecdsa-p256:" + StrictBase64.encode(uncompressed));
        assertThat(key).isEqualTo(ALICE).hasSameHashCodeAs(ALICE).hasToString(ALICE.text());
        assertThat(key.keyId()).isEqualTo(ALICE.keyId());
    }

    @Test
    void infinityIsRefused() {
        refusedAsKey(new byte[1]);
        refusedAsKey(new byte[33]);
        refusedAsKey(new byte[65]);
    }

    @Test
    void pointOffTheCurveIsRefused() {
        byte[] off = ALICE.parameters().getQ().getEncoded(false);
        off[64] ^= 1;
        refusedAsKey(off);
        byte[] noSquareRoot = new byte[33];
        noSquareRoot[0] = 2;
        noSquareRoot[32] = 1;
        refusedAsKey(noSquareRoot);
    }

    @Test
    void hybridPointIsRefused() {
        byte[] hybrid = ALICE.parameters().getQ().getEncoded(false);
        hybrid[0] = (byte) (6 + (hybrid[64] & 1));
        refusedAsKey(hybrid);
    }

    @Test
    void keyOfWrongLengthIsRefused() {
        for (int length = 0; length < 70; length++) {
            if (length != 33) {
                refusedAsKey(Arrays.copyOf(ALICE.sec1(), length));
            }
        }
    }

    @Test
    void privateKeyInThePlaceOfAPublicOneIsNamedButNotShown() {
        String secret = WargVectors.ALICE.text();
        assertThatThrownBy(() -> PublicKey.parse(secret))
                .isInstanceOf(MalformedKeyException.class)
                .hasMessageContaining("the length of a private key")
                .hasMessageNotContaining(secret.substring(11, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ecdsa-p256",
                "ecdsa-p256:",
                "A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U/UTYHZHA87AF",
                "ECDSA-P256:A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U/UTYHZHA87AF",
                "ecdsa-p384:A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U/UTYHZHA87AF",
                "ecdsa-p256::A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U/UTYHZHA87AF",
                " ecdsa-p256:A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U/UTYHZHA87AF",
                "ecdsa-p256:A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U/UTYHZHA87AF\n",
                "ecdsa-p256:A1OfZz5Y9Ny7VKPVwroCTQPAr9tmlI4U_UTYHZHA87AF"
            })
    void otherTextsAreNoKeys(String text) {
        assertThatThrownBy(() -> PublicKey.parse(text)).isInstanceOf(MalformedKeyException.class);
        assertThatThrownBy(() -> PrivateKey.parse(text)).isInstanceOf(MalformedKeyException.class);
        assertThatThrownBy(() -> Signature.parse(text)).isInstanceOf(MalformedSignatureException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                "d6d9b4cd077a829c0275233bf3843c8294e250dfcc82b8ea15745e92982a820d",
                "sha256:D6D9B4CD077A829C0275233BF3843C8294E250DFCC82B8EA15745E92982A820D",
                "sha256:d6d9b4cd077a829c0275233bf3843c8294e250dfcc82b8ea15745e92982a820",
                "sha512:d6d9b4cd077a829c0275233bf3843c8294e250dfcc82b8ea15745e92982a820d"
            })
    void otherTextsAreNoKeyIds(String text) {
        assertThatThrownBy(() -> KeyId.parse(text)).isInstanceOf(MalformedKeyException.class);
    }

    // Private keys.

    @Test
    void privateKeyOutOfRangeIsRefused() {
        for (BigInteger scalar : new BigInteger[] {
            BigInteger.ZERO, EcdsaP256.ORDER, BigInteger.TWO.pow(256).subtract(BigInteger.ONE)
        }) {
            byte[] bytes = org.bouncycastle.util.BigIntegers.asUnsignedByteArray(32, scalar);
            assertThatThrownBy(() -> PrivateKey.parse("ecdsa-p256:" + StrictBase64.encode(bytes)))
                    .isInstanceOf(MalformedKeyException.class);
        }
    }

    @Test
    void generatedKeysDifferAndSurviveTheirText() {
        SeededRandom random = new SeededRandom("generated");
        PrivateKey first = PrivateKey.generate(random);
        PrivateKey second = PrivateKey.generate(random);
        assertThat(first.keyId()).isNotEqualTo(second.keyId());
        assertThat(PrivateKey.parse(first.text()).publicKey()).isEqualTo(first.publicKey());
        assertThat(first.text()).hasSize(55);
    }

    /** The first candidate of this source is above the group order, so the second must be taken. */
    @Test
    void generatingSkipsCandidatesOutOfRange() {
        java.security.SecureRandom highThenFive = new java.security.SecureRandom() {
            private static final long serialVersionUID = 1L;
            private boolean high = true;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) (high ? 0xff : 0x05));
                high = false;
            }
        };
        assertThat(PrivateKey.generate(highThenFive).scalar()).containsOnly(5);
    }

    @Test
    void privateKeyNeverShowsItself() {
        String secret = WargVectors.ALICE.text();
        assertThat(WargVectors.ALICE.toString())
                .contains(ALICE.keyId().toString())
                .doesNotContain(secret)
                .doesNotContain(HexFormat.of().formatHex(WargVectors.ALICE.scalar()));
    }

    @Test
    void messagesAboutBrokenPrivateKeysShowNothingOfThem() {
        String secret = WargVectors.ALICE.text();
        String[] broken = {
            secret.substring(11),
            secret.replace("ecdsa", "ecdse"),
            secret + "A",
            secret.substring(0, secret.length() - 1),
            secret.substring(0, 30) + "-" + secret.substring(31),
            secret + "\n",
            secret.substring(0, secret.length() - 4)
        };
        for (String text : broken) {
            assertThatThrownBy(() -> PrivateKey.parse(text)).satisfies(thrown -> {
                assertThat(thrown).isInstanceOf(MalformedKeyException.class);
                for (Throwable t = thrown; t != null; t = t.getCause()) {
                    for (int at = 11; at + 6 <= secret.length(); at++) {
                        assertThat(t.toString()).doesNotContain(secret.substring(at, at + 6));
                    }
                }
            });
        }
    }

    // Signatures.

    @Test
    void smallestSignatureIsRead() {
        Signature one = Signature.ofDer(HexFormat.of().parseHex("3006020101020101"));
        assertThat(one.r()).isEqualTo(BigInteger.ONE);
        assertThat(one.der()).asHexString().isEqualToIgnoringCase("3006020101020101");
        assertThat(Signature.parse(one.text())).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @Test
    void berLengthsAreRefused() {
        refusedAsSignature("308106 020101 020101");
        refusedAsSignature("30820006 020101 020101");
        refusedAsSignature("3080 020101 020101 0000");
        refusedAsSignature("3007 02810101 020101");
    }

    @Test
    void sequenceLengthThatIsNotThatOfItsBytesIsRefused() {
        refusedAsSignature("3005 020101 020101");
        refusedAsSignature("3007 020101 020101");
    }

    @Test
    void needlessZerosAreRefused() {
        refusedAsSignature("3007 02020001 020101");
        refusedAsSignature("3007 020101 0202007f");
    }

    @Test
    void negativeAndEmptyIntegersAreRefused() {
        refusedAsSignature("3006 0201ff 020101");
        refusedAsSignature("3006 020101 020180");
        refusedAsSignature("3005 0200 020101");
        refusedAsSignature("3005 020101 0200");
    }

    @Test
    void integerThatEndsBeyondTheSignatureIsRefused() {
        refusedAsSignature("3005 020101 0201");
        refusedAsSignature("3006 020101 020200");
        refusedAsSignature("3006 02017f 027f01");
    }

    @Test
    void bytesAfterTheSignatureAreRefused() {
        refusedAsSignature("3006 020101 020101 00");
        refusedAsSignature("3007 020101 020101 00");
        refusedAsSignature("3009 020101 020101 020101");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        String order = "022100" + EcdsaP256.ORDER.toString(16);
        refusedAsSignature("3006 020100 020101");
        refusedAsSignature("3006 020101 020100");
        refusedAsSignature("3026" + order + "020101");
        refusedAsSignature("3026 020101" + order);
    }

    @Test
    void otherTagsAreRefused() {
        refusedAsSignature("3106 020101 020101");
        refusedAsSignature("3006 030101 020101");
        refusedAsSignature("3006 020101 040101");
    }

    // Base64, whose own tests are in the transparency module.

    @Test
    void looseBase64InAKeyIsRefused() {
        String strict = StrictBase64.encode(ALICE.parameters().getQ().getEncoded(false));
        assertThat(strict).endsWith("=");
        String unpadded = strict.substring(0, strict.length() - 1);
        assertThatThrownBy(() -> PublicKey.parse("ecdsa-p256:" + unpadded)).isInstanceOf(MalformedKeyException.class);
    }
}
