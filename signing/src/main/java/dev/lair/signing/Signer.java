package dev.lair.signing;

/**
 * Signs with one private key that may live elsewhere: in memory, in a device, behind a service.
 *
 * <p>What callers may rely on: the signature verifies under {@link #publicKey}; instances are safe for use by many
 * threads at once; a signer never changes its key. What they may not: that two signatures over one message are equal
 * (devices use random nonces), that signing is fast or local (a remote signer blocks for a round trip, so never sign
 * inside a database transaction), or that it succeeds.
 */
public interface Signer {

    /** The key that verifies what this signer signs. Local and cheap. */
    PublicKey publicKey();

    /** The id of {@link #publicKey}. */
    default KeyId keyId() {
        return publicKey().keyId();
    }

    /**
     * Signs SHA-256 of {@code message} with ECDSA. The caller puts the domain prefix in front: see {@link RecordDomain}
     * and {@link SignedCheckpoint}. The array is not kept or changed.
     *
     * @throws SigningFailedException when the key cannot be used now
     */
    Signature sign(byte[] message);
}
