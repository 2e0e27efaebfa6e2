package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * RFC 9162, section 2.1.4. Every byte of the hashes is authenticated; the sizes are as far as they shape the path, and the
 * caller compares them with the sizes that the roots were signed for.
 */
class ConsistencyProofTest {

    @Test
    void everyProofOfTheEightLeafLogEqualsTheVectorAndVerifies() throws ProofRejected {
        JsonNode vector = Vectors.TLOG.get("rfc6962_8leaf");
        MemoryLog log = MemoryLog.ofHex(vector.get("leaves_hex"));
        assertThat(vector.get("consistency").size()).isEqualTo(36);
        for (JsonNode proof : vector.get("consistency")) {
            long from = proof.get("from").asLong();
            long to = proof.get("to").asLong();
            ConsistencyProof built = ConsistencyProof.build(log, from, to);
            assertThat(built.hashes()).isEqualTo(Vectors.nodeHashes(proof.get("proof")));
            built.verify(log.root(from), log.root(to));
        }
    }

    @Test
    void allProofsUpToSize130EqualTheRollingHash() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(130);
        MessageDigest proofs = Sha256Value.newSha256();
        for (int n = 0; n <= 130; n++) {
            for (int m = 1; m <= n; m++) {
                ConsistencyProof proof = ConsistencyProof.build(log, m, n);
                proof.verify(log.root(m), log.root(n));
                proofs.update(Vectors.utf8(InclusionProofTest.line(m, n, proof.hashes())));
            }
        }
        assertThat(Vectors.hex(proofs.digest()))
                .isEqualTo(Vectors.TLOG.get("accumulated").get("consistency").asString());
    }

    @Test
    void eachFlippedByteIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(23);
        for (long from : new long[] {1, 4, 7, 8, 16, 22, 23}) {
            ConsistencyProof proof = ConsistencyProof.build(log, from, 23);
            for (List<NodeHash> flipped : Mutations.hashFlips(proof.hashes())) {
                assertRejected(new ConsistencyProof(from, 23, flipped), log.root(from), log.root(23));
            }
            for (byte[] root : Mutations.flips(log.root(from).bytes())) {
                assertRejected(proof, RootHash.ofBytes(root), log.root(23));
            }
            for (byte[] root : Mutations.flips(log.root(23).bytes())) {
                assertRejected(proof, log.root(from), RootHash.ofBytes(root));
            }
        }
    }

    @Test
    void truncatedExtendedAndReorderedProofsAreRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(40);
        for (int to = 1; to <= 40; to++) {
            for (int from = 1; from <= to; from++) {
                List<NodeHash> hashes = ConsistencyProof.build(log, from, to).hashes();
                for (List<NodeHash> changed : Mutations.shapeChanges(hashes, log.node(0, 39))) {
                    if (!changed.equals(hashes)) {
                        assertRejected(new ConsistencyProof(from, to, changed), log.root(from), log.root(to));
                    }
                }
            }
        }
    }

    @Test
    void everyOtherPairOfSizesWithItsRootsIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(18);
        for (int to = 1; to <= 16; to++) {
            for (int from = 1; from < to; from++) {
                List<NodeHash> hashes = ConsistencyProof.build(log, from, to).hashes();
                for (int wrong = 1; wrong <= 18; wrong++) {
                    if (wrong != to && wrong != from) {
                        assertRejected(new ConsistencyProof(from, wrong, hashes), log.root(from), log.root(wrong));
                        assertRejected(new ConsistencyProof(wrong, to, hashes), log.root(wrong), log.root(to));
                    }
                }
            }
        }
    }

    @Test
    void nothingIsConsistentWithTheEmptyLogOrBackwards() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        assertRejected(new ConsistencyProof(0, 8, List.of()), log.root(0), log.root(8));
        assertRejected(new ConsistencyProof(0, 0, List.of()), log.root(0), log.root(0));
        assertRejected(new ConsistencyProof(-1, 8, List.of()), log.root(0), log.root(8));
        assertRejected(new ConsistencyProof(8, 7, List.of()), log.root(8), log.root(7));
        List<NodeHash> hashes = ConsistencyProof.build(log, 3, 8).hashes();
        assertRejected(new ConsistencyProof(8, 3, hashes), log.root(8), log.root(3));
        assertThatThrownBy(() -> ConsistencyProof.build(log, 0, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ConsistencyProof.build(log, 8, 7)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void anEmptyProofBetweenDifferentSizesIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        assertRejected(new ConsistencyProof(4, 8, List.of()), log.root(4), log.root(4));
        assertRejected(new ConsistencyProof(3, 8, List.of()), log.root(3), log.root(8));
    }

    @Test
    void equalSizesNeedEqualRootsAndNoHashes() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        new ConsistencyProof(8, 8, List.of()).verify(log.root(8), log.root(8));
        assertRejected(new ConsistencyProof(8, 8, List.of()), log.root(7), log.root(8));
        assertRejected(new ConsistencyProof(8, 8, List.of(log.node(0, 0))), log.root(8), log.root(8));
    }

    @Test
    void aForkedLogIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(12);
        MemoryLog forked = MemoryLog.of(12, i -> new byte[] {(byte) (i == 3 ? 99 : i)});
        for (int from = 4; from < 12; from++) {
            assertRejected(ConsistencyProof.build(forked, from, 12), log.root(from), forked.root(12));
            assertRejected(ConsistencyProof.build(log, from, 12), log.root(from), forked.root(12));
        }
    }

    @Test
    void aHashAboveTheRootIsRejectedWhateverItLeadsTo() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        NodeHash above = log.node(2, 1);
        List<NodeHash> tooHigh =
                new ArrayList<>(ConsistencyProof.build(log, 3, 4).hashes());
        tooHigh.add(above);
        RootHash oldRoot =
                MerkleHash.node(above, NodeHash.ofBytes(log.root(3).bytes())).asRoot();
        RootHash newRoot =
                MerkleHash.node(above, NodeHash.ofBytes(log.root(4).bytes())).asRoot();
        assertRejected(new ConsistencyProof(3, 4, tooHigh), oldRoot, newRoot);
    }

    @Test
    void aShortProofForALargerTreeIsRejectedWhateverItLeadsTo() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        List<NodeHash> hashes = ConsistencyProof.build(log, 3, 4).hashes();
        for (int larger = 5; larger <= 8; larger++) {
            assertRejected(new ConsistencyProof(3, larger, hashes), log.root(3), log.root(4));
        }
    }

    @Test
    void aSmallerNewTreeIsRejectedWhateverTheProofLeadsTo() {
        MemoryLog log = MemoryLog.ofSingleBytes(2);
        ConsistencyProof backwards = new ConsistencyProof(3, 2, List.of(log.node(0, 0), log.node(0, 1)));
        assertRejected(backwards, log.root(1), log.root(2));
    }

    private static void assertRejected(ConsistencyProof proof, RootHash oldRoot, RootHash newRoot) {
        assertThatThrownBy(() -> proof.verify(oldRoot, newRoot))
                .as("%d to %d", proof.oldSize(), proof.newSize())
                .isInstanceOf(ProofRejected.class);
    }
}
