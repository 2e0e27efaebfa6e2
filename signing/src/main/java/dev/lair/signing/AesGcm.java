package dev.lair.signing;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with a fresh random 96-bit nonce per sealing and a 128-bit tag (NIST SP 800-38D, section 8.2.2: up to
 * 2^32 sealings per key, far beyond any key store).
 */
final class AesGcm {

    static final int KEY_LENGTH = 32;
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;

    private static final String CIPHER = "AES/GCM/NoPadding";

    /** What sealing gives; neither part is secret. The arrays are not copied: this type stays in the package. */
    @SuppressWarnings("ArrayRecordComponent")
    record Box(byte[] nonce, byte[] sealed) {}

    private AesGcm() {}

    static SecretKey key(byte[] bytes) {
        if (bytes.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an AES-256 key has 32 bytes, not " + bytes.length);
        }
        return new SecretKeySpec(bytes, "AES");
    }

    /** Encrypts {@code plain} and authenticates it with {@code bound}. */
    static Box seal(SecretKey key, byte[] bound, byte[] plain, SecureRandom random) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            return new Box(nonce, cipher(Cipher.ENCRYPT_MODE, key, nonce, bound).doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The plain bytes; empty when key, nonce, bound bytes or sealed bytes are not those of one sealing. */
    static Optional<byte[]> open(SecretKey key, byte[] bound, Box box) {
        try {
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, key, box.nonce(), bound).doFinal(box.sealed()));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] bound) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, nonce));
        cipher.updateAAD(bound);
        return cipher;
    }
}
