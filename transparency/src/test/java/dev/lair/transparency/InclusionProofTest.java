package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * RFC 9162, section 2.1.3. Every byte of the hashes is authenticated, and so is the index. The size is as far as it shapes
 * the path: that is why callers compare it with the size that the root was signed for.
 */
class InclusionProofTest {

    @Test
    void everyProofOfTheEightLeafLogEqualsTheVectorAndVerifies() throws ProofRejected {
        JsonNode vector = Vectors.TLOG.get("rfc6962_8leaf");
        MemoryLog log = MemoryLog.ofHex(vector.get("leaves_hex"));
        assertThat(vector.get("inclusion").size()).isEqualTo(36);
        for (JsonNode proof : vector.get("inclusion")) {
            long index = proof.get("index").asLong();
            long size = proof.get("size").asLong();
            InclusionProof built = InclusionProof.build(log, index, size);
            assertThat(built.hashes()).isEqualTo(Vectors.nodeHashes(proof.get("proof")));
            built.verify(log.leaf(index), log.root(size));
        }
    }

    @Test
    void allProofsUpToSize130EqualTheRollingHash() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(130);
        MessageDigest proofs = Sha256Value.newSha256();
        MessageDigest roots = Sha256Value.newSha256();
        for (int n = 0; n <= 130; n++) {
            roots.update(Vectors.utf8(n + " " + log.root(n).hex() + "\n"));
            for (int i = 0; i < n; i++) {
                InclusionProof proof = InclusionProof.build(log, i, n);
                proof.verify(log.leaf(i), log.root(n));
                proofs.update(Vectors.utf8(line(i, n, proof.hashes())));
            }
        }
        JsonNode expected = Vectors.TLOG.get("accumulated");
        assertThat(Vectors.hex(roots.digest())).isEqualTo(expected.get("roots").asString());
        assertThat(Vectors.hex(proofs.digest()))
                .isEqualTo(expected.get("inclusion").asString());
    }

    static String line(long first, long second, List<NodeHash> hashes) {
        StringBuilder line = new StringBuilder().append(first).append(' ').append(second);
        hashes.forEach(hash -> line.append(' ').append(hash.hex()));
        return line.append('\n').toString();
    }

    @Test
    void eachFlippedByteIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(23);
        for (long index : new long[] {0, 6, 16, 21, 22}) {
            InclusionProof proof = InclusionProof.build(log, index, 23);
            for (List<NodeHash> flipped : Mutations.hashFlips(proof.hashes())) {
                assertRejected(new InclusionProof(index, 23, flipped), log.leaf(index), log.root(23));
            }
            for (byte[] leaf : Mutations.flips(log.leaf(index).bytes())) {
                assertRejected(proof, LeafHash.ofBytes(leaf), log.root(23));
            }
            for (byte[] root : Mutations.flips(log.root(23).bytes())) {
                assertRejected(proof, log.leaf(index), RootHash.ofBytes(root));
            }
        }
    }

    @Test
    void truncatedExtendedAndReorderedProofsAreRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(40);
        for (int size = 1; size <= 40; size++) {
            for (int index = 0; index < size; index++) {
                List<NodeHash> hashes = InclusionProof.build(log, index, size).hashes();
                for (List<NodeHash> changed : Mutations.shapeChanges(hashes, log.node(0, 39))) {
                    if (!changed.equals(hashes)) {
                        assertRejected(new InclusionProof(index, size, changed), log.leaf(index), log.root(size));
                    }
                }
            }
        }
    }

    @Test
    void everyOtherIndexIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(20);
        for (int size = 1; size <= 20; size++) {
            for (int index = 0; index < size; index++) {
                InclusionProof proof = InclusionProof.build(log, index, size);
                for (int wrong = -2; wrong < size + 3; wrong++) {
                    if (wrong != index) {
                        assertRejected(
                                new InclusionProof(wrong, size, proof.hashes()), log.leaf(index), log.root(size));
                    }
                }
            }
        }
    }

    @Test
    void everySizeWithAnotherRootIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(33);
        for (int size = 1; size <= 32; size++) {
            for (int index = 0; index < size; index++) {
                InclusionProof proof = InclusionProof.build(log, index, size);
                for (int wrong = 1; wrong <= 33; wrong++) {
                    if (wrong != size) {
                        InclusionProof claimed = new InclusionProof(index, wrong, proof.hashes());
                        assertRejected(claimed, log.leaf(index), log.root(wrong));
                    }
                }
            }
        }
    }

    @Test
    void aSizeThatChangesThePathIsRejectedEvenWithTheRightRoot() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        InclusionProof proof = InclusionProof.build(log, 2, 7);
        for (long wrong : new long[] {-1, 0, 1, 2, 3, 4, 9, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertRejected(new InclusionProof(2, wrong, proof.hashes()), log.leaf(2), log.root(7));
        }
    }

    @Test
    void shortProofForLargerTreeIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        NodeHash sibling = log.node(0, 1);
        RootHash two = MerkleHash.node(log.node(0, 0), sibling).asRoot();
        assertRejected(new InclusionProof(0, 8, List.of(sibling)), log.leaf(0), two);
        assertRejected(
                new InclusionProof(0, 2, List.of()),
                log.leaf(0),
                log.leaf(0).asNode().asRoot());
    }

    @Test
    void aLeafOutsideTheTreeIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(1);
        assertRejected(new InclusionProof(0, 0, List.of()), log.leaf(0), log.root(1));
        assertRejected(new InclusionProof(1, 1, List.of()), log.leaf(0), log.root(1));
        assertThatThrownBy(() -> InclusionProof.build(log, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> InclusionProof.build(log, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aNodeHashDoesNotPassForALeaf() {
        MemoryLog log = MemoryLog.ofSingleBytes(4);
        LeafHash forged = LeafHash.ofBytes(log.node(1, 0).bytes());
        assertRejected(new InclusionProof(0, 4, List.of(log.node(1, 1))), forged, log.root(4));
    }

    @Test
    void aMismatchNamesBothRoots() {
        MemoryLog log = MemoryLog.ofSingleBytes(4);
        assertThatThrownBy(() -> InclusionProof.build(log, 0, 4).verify(log.leaf(0), log.root(3)))
                .isInstanceOfSatisfying(ProofRejected.class, rejected -> {
                    assertThat(rejected.expected()).contains(log.root(3));
                    assertThat(rejected.found()).contains(log.root(4));
                })
                .hasMessageContaining(log.root(4).toString());
    }

    @Test
    void theProofOfALogWithOneLeafIsEmpty() {
        MemoryLog log = MemoryLog.ofSingleBytes(1);
        assertThatCode(() -> new InclusionProof(0, 1, List.of()).verify(log.leaf(0), log.root(1)))
                .doesNotThrowAnyException();
    }

    @Test
    void aHashAboveTheRootIsRejectedWhateverItLeadsTo() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        assertRejected(new InclusionProof(0, 1, List.of(log.node(0, 0))), log.leaf(1), log.root(2));
        List<NodeHash> tooHigh = new ArrayList<>(InclusionProof.build(log, 1, 4).hashes());
        tooHigh.add(log.node(2, 1));
        RootHash above = MerkleHash.node(log.node(2, 1), log.node(2, 0)).asRoot();
        assertRejected(new InclusionProof(1, 4, tooHigh), log.leaf(1), above);
    }

    private static void assertRejected(InclusionProof proof, LeafHash leaf, RootHash root) {
        assertThatThrownBy(() -> proof.verify(leaf, root))
                .as("leaf %d of %d", proof.leafIndex(), proof.treeSize())
                .isInstanceOf(ProofRejected.class);
    }
}
