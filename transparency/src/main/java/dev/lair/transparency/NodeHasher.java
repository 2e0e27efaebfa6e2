package dev.lair.transparency;

import java.security.MessageDigest;

/**
 * Hashes many nodes with one {@link MessageDigest}: looking one up costs as much as a hash. For one call by one thread;
 * works on bare 32-byte arrays, which it neither keeps nor changes.
 */
final class NodeHasher {

    private final MessageDigest sha = Sha256Value.newSha256();

    /** {@code H(01 ‖ left ‖ right)}. */
    byte[] node(byte[] left, byte[] right) {
        sha.update((byte) 1);
        sha.update(left);
        sha.update(right);
        return sha.digest();
    }

    /** {@code H(00 ‖ data)}. */
    byte[] leaf(byte[] data) {
        sha.update((byte) 0);
        return sha.digest(data);
    }
}
