package dev.lair.signing;

import dev.lair.transparency.MalformedBase64Exception;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.util.BigIntegers;

/**
 * A P-256 private key in memory, and the {@link Signer} over it.
 *
 * <p>Text form ({@link #text}): {@code ecdsa-p256:} and the base64 of the 32-byte scalar, as the reference client keeps
 * it (warg protocol, section 1). Signatures are deterministic (RFC 6979). Nothing but {@link #text} and {@link #scalar}
 * gives the secret away; the JVM may keep copies in its heap until they are collected. There is no {@code equals}:
 * compare public keys.
 */
public final class PrivateKey implements Signer {

    /** Length of the scalar in bytes. */
    static final int SCALAR_LENGTH = 32;

    private final ECPrivateKeyParameters parameters;
    private final PublicKey publicKey;

    private PrivateKey(BigInteger scalar) {
        this.parameters = new ECPrivateKeyParameters(scalar, EcdsaP256.DOMAIN);
        this.publicKey = EcdsaP256.publicKeyOf(scalar);
    }

    /** A new key from {@code random}, uniform over all keys. */
    public static PrivateKey generate(SecureRandom random) {
        byte[] candidate = new byte[SCALAR_LENGTH];
        BigInteger scalar;
        do {
            random.nextBytes(candidate);
            scalar = new BigInteger(1, candidate);
        } while (!isScalar(scalar));
        Arrays.fill(candidate, (byte) 0);
        return new PrivateKey(scalar);
    }

    /**
     * Parses the text form.
     *
     * @throws MalformedKeyException for any other text; its message does not repeat it
     */
    public static PrivateKey parse(String text) {
        try {
            return ofScalar(EcdsaP256.body(text, MalformedKeyException::new));
        } catch (MalformedBase64Exception e) {
            throw new MalformedKeyException("the key after `ecdsa-p256:` is " + e.getMessage());
        }
    }

    /** Reads 32 bytes, most significant first. */
    static PrivateKey ofScalar(byte[] bytes) {
        if (bytes.length != SCALAR_LENGTH) {
            throw new MalformedKeyException("a P-256 private key has 32 bytes, not " + bytes.length);
        }
        BigInteger scalar = new BigInteger(1, bytes);
        if (!isScalar(scalar)) {
            throw new MalformedKeyException("a P-256 private key is neither zero nor at or above the group order");
        }
        return new PrivateKey(scalar);
    }

    private static boolean isScalar(BigInteger candidate) {
        return candidate.signum() > 0 && candidate.compareTo(EcdsaP256.ORDER) < 0;
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    /** Local, takes well under a millisecond and does not fail. */
    @Override
    public Signature sign(byte[] message) {
        return EcdsaP256.sign(parameters, message);
    }

    /** The secret as text: for a key file or a key store, never for a log. */
    public String text() {
        byte[] scalar = scalar();
        try {
            return EcdsaP256.format(scalar);
        } finally {
            Arrays.fill(scalar, (byte) 0);
        }
    }

    /** The secret: 32 bytes that the caller wipes. */
    byte[] scalar() {
        return BigIntegers.asUnsignedByteArray(SCALAR_LENGTH, parameters.getD());
    }

    /** Shows the key id only. */
    @Override
    public String toString() {
        return "PrivateKey[" + keyId() + "]";
    }
}
