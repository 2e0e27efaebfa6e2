package dev.lair.signing;

import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.math.BigInteger;
import java.util.function.Function;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * ECDSA over P-256 with SHA-256, the one algorithm of protocol version 0, on BouncyCastle's lightweight API (no JCA
 * provider is registered). All curve arithmetic of the module starts here.
 */
public final class EcdsaP256 implements Verifier {

    /** The only instance; it has no state. */
    public static final EcdsaP256 INSTANCE = new EcdsaP256();

    private static final String PREFIX = "ecdsa-p256:";
    private static final int COMPRESSED_LENGTH = 33;
    private static final int UNCOMPRESSED_LENGTH = 65;

    static final ECDomainParameters DOMAIN = domain();

    /** The number of points, a prime; scalars lie between 1 and this minus 1. */
    static final BigInteger ORDER = DOMAIN.getN();

    private EcdsaP256() {}

    private static ECDomainParameters domain() {
        X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
        return new ECDomainParameters(curve);
    }

    @Override
    public boolean verify(PublicKey key, byte[] message, Signature signature) {
        // Shamir's trick over the key's kept multiples; two fixed-point combs were measured and take twice as long.
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key.parameters());
        return verifier.verifySignature(sha256(message), signature.r(), signature.s());
    }

    /** Signs with the nonce of RFC 6979, so one key and message give one signature. */
    static Signature sign(ECPrivateKeyParameters key, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] rs = signer.generateSignature(sha256(message));
        return Signature.of(rs[0], rs[1]);
    }

    static PublicKey publicKeyOf(BigInteger scalar) {
        return new PublicKey(new FixedPointCombMultiplier().multiply(DOMAIN.getG(), scalar));
    }

    /** The point of a SEC1 encoding: compressed or uncompressed, on the curve, not infinity. */
    static ECPoint decodePoint(byte[] sec1) {
        boolean shape =
                switch (sec1.length) {
                    case COMPRESSED_LENGTH -> sec1[0] == 2 || sec1[0] == 3;
                    case UNCOMPRESSED_LENGTH -> sec1[0] == 4;
                    default -> false;
                };
        if (!shape) {
            throw new MalformedKeyException("a P-256 public key is a SEC1 point: 33 bytes starting with 2 or 3, or 65"
                    + " bytes starting with 4; this has " + sec1.length
                    + (sec1.length == PrivateKey.SCALAR_LENGTH ? " bytes, the length of a private key" : " bytes"));
        }
        try {
            // Checks the curve equation and the range of both coordinates; the curve has no small subgroups.
            return DOMAIN.getCurve().decodePoint(sec1);
        } catch (IllegalArgumentException e) {
            throw new MalformedKeyException("a P-256 public key must be a point on the curve");
        }
    }

    /** {@code ecdsa-p256:<base64>}: the shape of both kinds of key and of signatures. */
    static String format(byte[] body) {
        return PREFIX + StrictBase64.encode(body);
    }

    /** The inverse of {@link #format}; throws what {@code rejection} makes, or {@link MalformedBase64Exception}. */
    static byte[] body(String text, Function<String, IllegalArgumentException> rejection) {
        if (!text.startsWith(PREFIX)) {
            throw rejection.apply("it must start with `" + PREFIX + "`, the only algorithm of protocol version 0");
        }
        return StrictBase64.decode(text.substring(PREFIX.length()));
    }

    private static byte[] sha256(byte[] message) {
        return Digest.of(message).bytes();
    }
}
