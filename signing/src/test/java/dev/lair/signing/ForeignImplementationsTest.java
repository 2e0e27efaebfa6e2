package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same keys, signatures and verdicts as two other implementations: the JDK's, run here, and the reference's own
 * library (Rust crates p256 0.13.2, ecdsa 0.16.9), whose answers were recorded in {@code p256-crate-verdicts.txt}. The
 * two accepted differences have tests of their own.
 */
class ForeignImplementationsTest {

    private static final HexFormat HEX = HexFormat.of();

    static List<String> verdicts() {
        try (InputStream in = ForeignImplementationsTest.class.getResourceAsStream("/p256-crate-verdicts.txt")) {
            String text = new String(Objects.requireNonNull(in, "verdicts").readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void ourVerdictIsTheReferenceLibrarys(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        String expected = fields.get(fields.size() - 1);
        assertThat(verdict(fields)).isEqualTo(expected);
    }

    private static String verdict(List<String> fields) {
        byte[] first = bytes(fields.get(1));
        try {
            return switch (fields.get(0)) {
                case "signature" -> HEX.formatHex(Signature.ofDer(first).der());
                case "key" -> HEX.formatHex(PublicKey.ofSec1(first).sec1());
                case "private" ->
                    HEX.formatHex(PrivateKey.ofScalar(first).publicKey().sec1());
                case "sign" ->
                    HEX.formatHex(PrivateKey.ofScalar(first)
                            .sign(bytes(fields.get(2)))
                            .der());
                case "verify" ->
                    EcdsaP256.INSTANCE.verify(
                                    PublicKey.ofSec1(first),
                                    bytes(fields.get(2)),
                                    Signature.ofDer(bytes(fields.get(3))))
                            ? "valid"
                            : "invalid";
                default -> throw new IllegalArgumentException(fields.get(0));
            };
        } catch (MalformedKeyException | MalformedSignatureException e) {
            return "reject";
        }
    }

    /** The crate reads the compact form (first byte 5, no sign of y) too; nothing writes it. */
    @Test
    void compactPointIsRefusedUnlikeInTheReferenceLibrary() {
        byte[] compact = WargVectors.ALICE.publicKey().sec1();
        compact[0] = 5;
        assertThatThrownBy(() -> PublicKey.ofSec1(compact)).isInstanceOf(MalformedKeyException.class);
    }

    /** The crate pads 24 to 31 bytes with zeros in front; it writes 32, so fewer mean a damaged key. */
    @Test
    void shortPrivateKeyIsRefusedUnlikeInTheReferenceLibrary() {
        assertThatThrownBy(() -> PrivateKey.ofScalar(HEX.parseHex("01".repeat(31))))
                .isInstanceOf(MalformedKeyException.class);
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HEX.parseHex(hex);
    }

    @Test
    void theJdkVerifiesWhatWeSign() throws GeneralSecurityException {
        SeededRandom random = new SeededRandom("jdk verifies");
        for (int i = 0; i < 50; i++) {
            PrivateKey key = PrivateKey.generate(random);
            byte[] message = new byte[i];
            random.nextBytes(message);
            java.security.Signature jdk = java.security.Signature.getInstance("SHA256withECDSA");
            jdk.initVerify(jdkKey(key.publicKey()));
            jdk.update(message);
            assertThat(jdk.verify(key.sign(message).der())).isTrue();
        }
    }

    @Test
    void weVerifyWhatTheJdkSigns() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        for (int i = 0; i < 50; i++) {
            KeyPair pair = generator.generateKeyPair();
            byte[] message = new byte[i];
            java.security.Signature jdk = java.security.Signature.getInstance("SHA256withECDSA");
            jdk.initSign(pair.getPrivate());
            jdk.update(message);
            Signature signature = Signature.ofDer(jdk.sign());
            PublicKey key = PublicKey.ofSec1(uncompressed((ECPublicKey) pair.getPublic()));
            assertThat(EcdsaP256.INSTANCE.verify(key, message, signature)).isTrue();
            assertThat(EcdsaP256.INSTANCE.verify(key, Arrays.copyOf(message, i + 1), signature))
                    .isFalse();
        }
    }

    private static byte[] uncompressed(ECPublicKey key) {
        byte[] sec1 = new byte[65];
        sec1[0] = 4;
        System.arraycopy(BigIntegers.asUnsignedByteArray(32, key.getW().getAffineX()), 0, sec1, 1, 32);
        System.arraycopy(BigIntegers.asUnsignedByteArray(32, key.getW().getAffineY()), 0, sec1, 33, 32);
        return sec1;
    }

    private static ECPublicKey jdkKey(PublicKey key) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        ECPublicKey any = (ECPublicKey) generator.generateKeyPair().getPublic();
        ECPoint point = new ECPoint(
                key.parameters().getQ().getAffineXCoord().toBigInteger(),
                key.parameters().getQ().getAffineYCoord().toBigInteger());
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, any.getParams()));
    }
}
