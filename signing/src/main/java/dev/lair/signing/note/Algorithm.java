package dev.lair.signing.note;

import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * The two signature algorithms under the note signatures, on BouncyCastle's lightweight API. Both make their key from a
 * seed of 32 bytes and sign deterministically: one key and message give one signature.
 */
enum Algorithm {
    /** RFC 8032. */
    ED25519(32, 64) {
        @Override
        Signer newSigner() {
            return new Ed25519Signer();
        }

        @Override
        AsymmetricKeyParameter publicKey(byte[] encoded) {
            try {
                // Refuses points of small order too: anybody could sign for them.
                return new Ed25519PublicKeyParameters(encoded);
            } catch (IllegalArgumentException e) {
                throw new MalformedNoteKeyException("an Ed25519 public key must be a point of the group");
            }
        }

        @Override
        AsymmetricKeyParameter privateKey(byte[] seed) {
            return new Ed25519PrivateKeyParameters(seed);
        }

        @Override
        byte[] publicKeyOf(byte[] seed) {
            return new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
        }
    },

    /** FIPS 204, pure, empty context. */
    ML_DSA_44(1312, 2420) {
        @Override
        Signer newSigner() {
            return new MLDSASigner();
        }

        @Override
        AsymmetricKeyParameter publicKey(byte[] encoded) {
            return new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, encoded);
        }

        @Override
        AsymmetricKeyParameter privateKey(byte[] seed) {
            return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed);
        }

        @Override
        byte[] publicKeyOf(byte[] seed) {
            return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed)
                    .getPublicKeyParameters()
                    .getEncoded();
        }
    };

    /** Length of the secret of either algorithm in bytes. */
    static final int SEED_LENGTH = 32;

    private final int publicKeyLength;
    private final int signatureLength;

    Algorithm(int publicKeyLength, int signatureLength) {
        this.publicKeyLength = publicKeyLength;
        this.signatureLength = signatureLength;
    }

    int publicKeyLength() {
        return publicKeyLength;
    }

    abstract Signer newSigner();

    /** Decodes a public key of the right length. */
    abstract AsymmetricKeyParameter publicKey(byte[] encoded);

    abstract AsymmetricKeyParameter privateKey(byte[] seed);

    abstract byte[] publicKeyOf(byte[] seed);

    byte[] sign(CipherParameters privateKey, byte[] message) {
        Signer signer = newSigner();
        signer.init(true, privateKey);
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("signing with a key in memory does not fail", e);
        }
    }

    boolean verify(CipherParameters publicKey, byte[] message, byte[] signature) {
        if (signature.length != signatureLength) {
            return false;
        }
        Signer verifier = newSigner();
        verifier.init(false, publicKey);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }
}
