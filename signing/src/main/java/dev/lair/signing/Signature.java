package dev.lair.signing;

import dev.lair.transparency.MalformedBase64Exception;
import java.math.BigInteger;

/**
 * An ECDSA P-256 signature: two numbers r and s between 1 and the group order minus 1.
 *
 * <p>Text form: {@code ecdsa-p256:} and the base64 of the DER encoding (warg protocol, section 1):
 *
 * <pre>
 * 30 len  02 len r  02 len s      lengths in one byte; r and s as shortest two's complement, positive
 * </pre>
 *
 * <p>What is read is what the reference's {@code Signature::from_der} reads, byte for byte: DER only (no long-form
 * lengths, no padded or negative integers, nothing after s), r and s in range. A high s is read as it stands: P-256 in
 * the reference does not normalise. So each (r, s) has one text, and {@code parse} and {@link #text} are inverses.
 */
public final class Signature {

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private final BigInteger r;
    private final BigInteger s;

    private Signature(BigInteger r, BigInteger s) {
        this.r = r;
        this.s = s;
    }

    /**
     * Parses the text form.
     *
     * @throws MalformedSignatureException for any other text
     */
    public static Signature parse(String text) {
        try {
            return ofDer(EcdsaP256.body(text, MalformedSignatureException::new));
        } catch (MalformedBase64Exception e) {
            throw new MalformedSignatureException("the signature after `ecdsa-p256:` is " + e.getMessage());
        }
    }

    /**
     * Parses DER.
     *
     * @throws MalformedSignatureException when it is not DER of two integers in range
     */
    public static Signature ofDer(byte[] der) {
        if (der.length < 2 || der[0] != SEQUENCE || der[1] != der.length - 2) {
            throw new MalformedSignatureException(
                    "a signature is one DER sequence with its length in one byte and nothing after it");
        }
        int afterR = integerEnd(der, 2);
        int afterS = integerEnd(der, afterR);
        if (afterS != der.length) {
            throw new MalformedSignatureException("a signature holds two integers and nothing after them");
        }
        return of(new BigInteger(der, 4, afterR - 4), new BigInteger(der, afterR + 2, afterS - afterR - 2));
    }

    /**
     * Makes a signature of its two numbers.
     *
     * @throws MalformedSignatureException when one is below 1 or not below the group order
     */
    static Signature of(BigInteger r, BigInteger s) {
        requireInRange(r, "r");
        requireInRange(s, "s");
        return new Signature(r, s);
    }

    private static void requireInRange(BigInteger number, String name) {
        if (number.signum() <= 0 || number.compareTo(EcdsaP256.ORDER) >= 0) {
            throw new MalformedSignatureException(
                    name + " of a signature must lie between 1 and the order of P-256 minus 1");
        }
    }

    /** Checks the DER integer at {@code at} and returns the offset behind it. */
    private static int integerEnd(byte[] der, int at) {
        if (at + 2 > der.length || der[at] != INTEGER) {
            throw new MalformedSignatureException("byte " + at + " of a signature must start a DER integer");
        }
        int length = der[at + 1];
        int first = at + 2;
        if (length <= 0 || first + length > der.length) {
            throw new MalformedSignatureException("the integer at byte " + at + " of a signature has a bad length");
        }
        if (der[first] < 0) {
            throw new MalformedSignatureException("the integer at byte " + at + " of a signature is negative");
        }
        if (length > 1 && der[first] == 0 && der[first + 1] >= 0) {
            throw new MalformedSignatureException("the integer at byte " + at + " of a signature has needless zeros");
        }
        return first + length;
    }

    /** The DER encoding, 8 to 72 bytes. */
    public byte[] der() {
        byte[] rBytes = r.toByteArray();
        byte[] sBytes = s.toByteArray();
        byte[] der = new byte[6 + rBytes.length + sBytes.length];
        der[0] = SEQUENCE;
        der[1] = (byte) (der.length - 2);
        putInteger(der, 2, rBytes);
        putInteger(der, 4 + rBytes.length, sBytes);
        return der;
    }

    private static void putInteger(byte[] der, int at, byte[] value) {
        der[at] = INTEGER;
        der[at + 1] = (byte) value.length;
        System.arraycopy(value, 0, der, at + 2, value.length);
    }

    /** {@code ecdsa-p256:<base64 of the DER encoding>}. */
    public String text() {
        return EcdsaP256.format(der());
    }

    BigInteger r() {
        return r;
    }

    BigInteger s() {
        return s;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature that && that.r.equals(r) && that.s.equals(s);
    }

    @Override
    public int hashCode() {
        return 31 * r.hashCode() + s.hashCode();
    }

    /** {@link #text}. */
    @Override
    public String toString() {
        return text();
    }
}
