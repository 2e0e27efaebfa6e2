package dev.lair.server.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/** A public key of an issuer that signatures may be checked with: RSA of 2048 bits or more, or a curve of NIST's. */
public final class IssuerKey {

    private final JWK key;

    private IssuerKey(JWK key) {
        this.key = key;
    }

    /** The key of one entry of a key set (RFC 7517); empty when it is none to check signatures of tokens with. */
    static Optional<IssuerKey> of(Map<String, Object> entry) {
        try {
            JWK key = JWK.parse(entry);
            boolean forSignatures = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
            boolean named = key.getKeyID() != null
                    && !key.getKeyID().isEmpty()
                    && key.getKeyID().length() <= Limits.KEY_ID_CHARACTERS;
            boolean usable =
                    switch (key) {
                        case RSAKey rsa -> rsa.size() >= Limits.RSA_BITS && rsa.size() <= Limits.RSA_BITS_MOST;
                        case ECKey ec -> ec.toECPublicKey() != null;
                        default -> false;
                    };
            return forSignatures && named && usable ? Optional.of(new IssuerKey(key.toPublicJWK())) : Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Its {@code kid}. */
    public String id() {
        return key.getKeyID();
    }

    /** Whether this key made the signature with this algorithm, and may make such signatures. */
    public boolean verifies(String algorithm, byte[] signed, byte[] signature) {
        JWSAlgorithm wanted = JWSAlgorithm.parse(algorithm);
        boolean allowed = IdentityToken.ALGORITHMS.contains(algorithm)
                && (key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm));
        try {
            return allowed && verifier(wanted).verify(new JWSHeader(wanted), signed, Base64URL.encode(signature));
        } catch (JOSEException e) {
            // The key is of another kind or curve than the algorithm.
            return false;
        }
    }

    private JWSVerifier verifier(JWSAlgorithm algorithm) throws JOSEException {
        return switch (key) {
            case RSAKey rsa when JWSAlgorithm.Family.RSA.contains(algorithm) -> new RSASSAVerifier(rsa);
            case ECKey ec when JWSAlgorithm.Family.EC.contains(algorithm) -> new ECDSAVerifier(ec);
            default -> throw new JOSEException("a key of type " + key.getKeyType() + " makes no such signatures");
        };
    }
}
