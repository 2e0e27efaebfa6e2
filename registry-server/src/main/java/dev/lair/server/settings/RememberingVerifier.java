package dev.lair.server.settings;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Signature;
import dev.lair.signing.Verifier;
import dev.lair.transparency.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Checks each signature once, although several rules ask for it: at the door, when the record is taken, and each time its log
 * is opened anew. Only success is remembered, under a digest of all that the verdict rests upon, each part behind its length,
 * so that no two different questions share an answer. What is forgotten is computed again.
 */
final class RememberingVerifier implements Verifier {

    /** Far more than are on their way at once; each is a digest of 32 bytes and its place in the map. */
    static final int REMEMBERED = 8192;

    /** Keys in use, each with the multiples of its point. */
    private static final int KEPT_KEYS = 1024;

    private final Verifier verifier;
    private final Cache<Digest, Boolean> verified =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /**
     * Of equal keys the one that came first, which has the multiples of its point computed already: every package of an
     * author brings the author's key in an object of its own.
     */
    private final Cache<PublicKey, PublicKey> keys =
            Caffeine.newBuilder().maximumSize(KEPT_KEYS).build();

    RememberingVerifier(Verifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public boolean verify(PublicKey key, byte[] message, Signature signature) {
        Digest question = question(key, message, signature);
        if (verified.getIfPresent(question) != null) {
            return true;
        }
        PublicKey known = keys.getIfPresent(key);
        if (!verifier.verify(known == null ? key : known, message, signature)) {
            return false;
        }
        // A stranger's key gets in only with a signature of its own.
        if (known == null) {
            keys.put(key, key);
        }
        verified.put(question, true);
        return true;
    }

    /** Verdicts in memory now. */
    long remembered() {
        verified.cleanUp();
        return verified.estimatedSize();
    }

    private static Digest question(PublicKey key, byte[] message, Signature signature) {
        byte[] keyText = key.text().getBytes(StandardCharsets.US_ASCII);
        byte[] der = signature.der();
        return Digest.of(length(keyText), keyText, length(der), der, length(message), message);
    }

    private static byte[] length(byte[] part) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array();
    }
}
