package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.signing.SeededRandom;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same verdicts as the JDK's own Ed25519 (since 15) and ML-DSA-44 (since 24): another implementation. */
class ForeignNotesTest {

    private static final int ROUNDS = 20;

    private static String jdkName(Algorithm algorithm) {
        return switch (algorithm) {
            case ED25519 -> "Ed25519";
            case ML_DSA_44 -> "ML-DSA-44";
        };
    }

    /** What stands in front of a raw public key in a SubjectPublicKeyInfo. */
    private static byte[] spkiPrefix(Algorithm algorithm) {
        return NoteVectors.hex(
                switch (algorithm) {
                    case ED25519 -> "302a300506032b6570032100";
                    case ML_DSA_44 -> NoteVectors.text(NoteVectors.W2, "spki_prefix_hex");
                });
    }

    private static void assumeJdkHas(Algorithm algorithm) {
        boolean present;
        try {
            present = Signature.getInstance(jdkName(algorithm)) != null;
        } catch (NoSuchAlgorithmException e) {
            present = false;
        }
        assumeTrue(present, "SKIPPED: this JDK has no " + jdkName(algorithm) + ", so nothing was compared with it");
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void theJdkVerifiesWhatWeSign(Algorithm algorithm) throws GeneralSecurityException {
        assumeJdkHas(algorithm);
        SeededRandom random = new SeededRandom("jdk verifies " + algorithm);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            byte[] message = new byte[i];
            random.nextBytes(message);
            byte[] raw = algorithm.publicKeyOf(seed);
            byte[] spki = Arrays.copyOf(spkiPrefix(algorithm), spkiPrefix(algorithm).length + raw.length);
            System.arraycopy(raw, 0, spki, spki.length - raw.length, raw.length);
            PublicKey key = KeyFactory.getInstance(jdkName(algorithm)).generatePublic(new X509EncodedKeySpec(spki));
            byte[] signature = algorithm.sign(algorithm.privateKey(seed), message);
            assertThat(jdkVerifies(algorithm, key, message, signature)).isTrue();
            assertThat(jdkVerifies(algorithm, key, Arrays.copyOf(message, i + 1), signature))
                    .isFalse();
        }
    }

    private static boolean jdkVerifies(Algorithm algorithm, PublicKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        Signature jdk = Signature.getInstance(jdkName(algorithm));
        jdk.initVerify(key);
        jdk.update(message);
        return jdk.verify(signature);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void weVerifyWhatTheJdkSigns(Algorithm algorithm) throws GeneralSecurityException {
        assumeJdkHas(algorithm);
        KeyPairGenerator generator = KeyPairGenerator.getInstance(jdkName(algorithm));
        for (int i = 0; i < ROUNDS; i++) {
            KeyPair pair = generator.generateKeyPair();
            byte[] spki = pair.getPublic().getEncoded();
            assertThat(spki).startsWith(spkiPrefix(algorithm));
            byte[] raw = Arrays.copyOfRange(spki, spki.length - algorithm.publicKeyLength(), spki.length);
            byte[] message = new byte[i];
            Signature jdk = Signature.getInstance(jdkName(algorithm));
            jdk.initSign(pair.getPrivate());
            jdk.update(message);
            byte[] signature = jdk.sign();
            assertThat(algorithm.verify(algorithm.publicKey(raw), message, signature))
                    .isTrue();
            assertThat(algorithm.verify(algorithm.publicKey(raw), Arrays.copyOf(message, i + 1), signature))
                    .isFalse();
        }
    }
}
