package dev.lair.server.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.PublicKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.Verifier;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** What is remembered of a verification, and what never is. */
class RememberingVerifierTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] MESSAGE = RecordDomain.PACKAGE.signingInput("content".getBytes(UTF_8));

    private final PrivateKey author = PrivateKey.generate(RANDOM);
    private final Signature signature = sign(author, "content");
    private final Counting inner = new Counting(EcdsaP256.INSTANCE);
    private final RememberingVerifier verifier = new RememberingVerifier(inner);

    /** Counts what is really computed. */
    private static final class Counting implements Verifier {

        private final Verifier verifier;
        private int computed;

        Counting(Verifier verifier) {
            this.verifier = verifier;
        }

        @Override
        public boolean verify(PublicKey key, byte[] message, Signature signature) {
            computed++;
            return verifier.verify(key, message, signature);
        }
    }

    private static Signature sign(PrivateKey key, String content) {
        return SignedRecord.sign(RecordDomain.PACKAGE, content.getBytes(UTF_8), key)
                .signature();
    }

    @Test
    void signatureThatVerifiedIsNotComputedAgain() {
        assertThat(verifier.verify(author.publicKey(), MESSAGE, signature)).isTrue();
        PublicKey sameKey = PublicKey.parse(author.publicKey().text());
        assertThat(verifier.verify(sameKey, MESSAGE.clone(), Signature.parse(signature.text())))
                .isTrue();
        assertThat(inner.computed).isEqualTo(1);
    }

    @Test
    void rememberedVerdictIsNotUsedForAnotherKey() {
        verifier.verify(author.publicKey(), MESSAGE, signature);
        assertThat(verifier.verify(PrivateKey.generate(RANDOM).publicKey(), MESSAGE, signature))
                .isFalse();
    }

    @Test
    void rememberedVerdictIsNotUsedForAnotherMessage() {
        verifier.verify(author.publicKey(), MESSAGE, signature);
        for (int i = 0; i < MESSAGE.length; i++) {
            byte[] other = MESSAGE.clone();
            other[i] ^= 1;
            assertThat(verifier.verify(author.publicKey(), other, signature)).isFalse();
        }
        byte[] sameContent = RecordDomain.OPERATOR.signingInput("content".getBytes(UTF_8));
        assertThat(verifier.verify(author.publicKey(), sameContent, signature)).isFalse();
    }

    @Test
    void rememberedVerdictIsNotUsedForAnotherSignature() {
        verifier.verify(author.publicKey(), MESSAGE, signature);
        assertThat(verifier.verify(author.publicKey(), MESSAGE, sign(author, "other content")))
                .isFalse();
        assertThat(verifier.verify(author.publicKey(), MESSAGE, sign(PrivateKey.generate(RANDOM), "content")))
                .isFalse();
    }

    @Test
    void failedVerificationIsNeverRemembered() {
        Counting refusing = new Counting((key, message, signed) -> false);
        RememberingVerifier over = new RememberingVerifier(refusing);
        assertThat(over.verify(author.publicKey(), MESSAGE, signature)).isFalse();
        assertThat(over.verify(author.publicKey(), MESSAGE, signature)).isFalse();
        assertThat(refusing.computed).isEqualTo(2);
        assertThat(over.remembered()).isZero();
    }

    @Test
    void memoryIsBounded() {
        RememberingVerifier over = new RememberingVerifier((key, message, signed) -> true);
        for (int i = 0; i < RememberingVerifier.REMEMBERED + 1000; i++) {
            over.verify(author.publicKey(), ByteBuffer.allocate(4).putInt(i).array(), signature);
        }
        assertThat(over.remembered()).isPositive().isLessThanOrEqualTo(RememberingVerifier.REMEMBERED);
    }
}
