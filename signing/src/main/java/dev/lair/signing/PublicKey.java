package dev.lair.signing;

import dev.lair.transparency.MalformedBase64Exception;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A P-256 public key: a point of the curve that is not the point at infinity.
 *
 * <p>Text form ({@link #text}): {@code ecdsa-p256:} and the base64 of the 33-byte compressed SEC1 point. An
 * uncompressed point is read too and written compressed, because the key id hashes the text (warg protocol, section 1).
 * The reference's library also reads the rare "compact" form (first byte 5), which nothing writes: refused.
 *
 * <p>Immutable and safe to share. It keeps the decoded point and the multiples of it that BouncyCastle computes in the
 * first verification: a kept instance verifies in 0.06 ms, one parsed for each signature in 0.13 ms (measured once, to
 * compare the two).
 */
public final class PublicKey {

    private final String text;
    private final KeyId keyId;
    private final ECPublicKeyParameters parameters;

    /** Takes a finite point of the curve. */
    PublicKey(ECPoint point) {
        this.parameters = new ECPublicKeyParameters(point.normalize(), EcdsaP256.DOMAIN);
        this.text = EcdsaP256.format(parameters.getQ().getEncoded(true));
        this.keyId = KeyId.ofKeyText(text);
    }

    /**
     * Parses the text form, with a compressed or an uncompressed point.
     *
     * @throws MalformedKeyException for anything else: other algorithm, loose base64, wrong length, infinity, a point
     *     off the curve
     */
    public static PublicKey parse(String text) {
        try {
            return ofSec1(EcdsaP256.body(text, MalformedKeyException::new));
        } catch (MalformedBase64Exception e) {
            throw new MalformedKeyException("the key after `ecdsa-p256:` is " + e.getMessage());
        }
    }

    /**
     * Reads a SEC1 point: 33 bytes starting with 2 or 3, or 65 bytes starting with 4.
     *
     * @throws MalformedKeyException for anything else
     */
    public static PublicKey ofSec1(byte[] sec1) {
        return new PublicKey(EcdsaP256.decodePoint(sec1));
    }

    /** {@code ecdsa-p256:<base64 of the compressed point>}. */
    public String text() {
        return text;
    }

    /** The compressed point, 33 bytes. */
    public byte[] sec1() {
        return parameters.getQ().getEncoded(true);
    }

    /** The hash of {@link #text}. */
    public KeyId keyId() {
        return keyId;
    }

    /** The key as BouncyCastle takes it. */
    ECPublicKeyParameters parameters() {
        return parameters;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** {@link #text}. */
    @Override
    public String toString() {
        return text;
    }
}
