package dev.lair.transparency;

import java.security.MessageDigest;

/**
 * Hashes many nodes with one {@link MessageDigest}: looking one up costs as much as a hash. For one call by one thread;
 * works on bare 32-byte arrays, which it neither keeps nor changes.
 */
final class NodeHasher {

    private final MessageDigest sha = Sha256Value.newSha256();

    /** {@code 01 ‖ left ‖ right} of the last node: handed over as one array, which costs less than three. */
    private final byte[] node = new byte[1 + 2 * Sha256Value.LENGTH];

    NodeHasher() {
        node[0] = 1;
    }

    /** {@code H(01 ‖ left ‖ right)}. */
    byte[] node(byte[] left, byte[] right) {
        System.arraycopy(left, 0, node, 1, Sha256Value.LENGTH);
        System.arraycopy(right, 0, node, 1 + Sha256Value.LENGTH, Sha256Value.LENGTH);
        return sha.digest(node);
    }

    /** {@code H(00 ‖ data)}. */
    byte[] leaf(byte[] data) {
        sha.update((byte) 0);
        return sha.digest(data);
    }
}
