package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** c2sp.org/tlog-proof, "Format". That the checkpoint's signatures are right is the signing module's test. */
class TlogProofTest {

    private static final JsonNode OWN = Vectors.TLOG.get("own_log");
    private static final String VECTOR = OWN.get("tlog_proof_index5").asString();
    private static final MemoryLog LOG =
            MemoryLog.ofHex(Vectors.TLOG.get("rfc6962_8leaf").get("leaves_hex"));
    private static final String NOTE = OWN.get("checkpoints").get("8").asString();
    private static final String HASH = MerkleHash.EMPTY_ROOT.base64();

    private static TlogProof proofOf(long index) {
        return TlogProof.of(InclusionProof.build(LOG, index, 8), NOTE);
    }

    @Test
    void vectorIsReadAndWrittenUnchangedAndLeadsToTheRoot() throws ProofRejected {
        TlogProof proof = TlogProof.parse(VECTOR);
        assertThat(proof.format()).isEqualTo(VECTOR);
        assertThat(proof.index()).isEqualTo(5);
        assertThat(proof.extra()).isEmpty();
        assertThat(proof.hashes()).isEqualTo(InclusionProof.build(LOG, 5, 8).hashes());
        assertThat(proof.checkpoint()).startsWith(NOTE);
        proof.inclusion(8).verify(LOG.leaf(5), LOG.root(8));
        assertThat(TlogProof.of(InclusionProof.build(LOG, 5, 8), proof.checkpoint()))
                .isEqualTo(proof)
                .hasSameHashCodeAs(proof);
    }

    @Test
    void extraDataIsKeptAndIsNoPartOfTheProof() throws ProofRejected {
        byte[] extra = {0, 1, (byte) 0xff};
        TlogProof proof = proofOf(2).withExtra(extra);
        assertThat(proof.format()).startsWith("c2sp.org/tlog-proof@v1\nextra AAH/\nindex 2\n");
        TlogProof read = TlogProof.parse(proof.format());
        assertThat(read).isEqualTo(proof).isNotEqualTo(proofOf(2));
        assertThat(read.extra()).hasValue(extra);
        read.inclusion(8).verify(LOG.leaf(2), LOG.root(8));
        assertThatThrownBy(() -> proof.withExtra(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void extraDataWhoseLineForeignReadersRefuseIsLeftOut() {
        // A line of less than 64 KiB with its line feed, as readers that scan line by line take it.
        byte[] longest = new byte[Limits.PORTABLE_EXTRA_BYTES];
        String line = proofOf(2).withPortableExtra(longest).format().split("\n", -1)[1];
        assertThat(line).startsWith("extra AAAA").hasSize((1 << 16) - 2);

        byte[] tooLong = new byte[Limits.PORTABLE_EXTRA_BYTES + 1];
        assertThat(proofOf(2).withExtra(tooLong).format().split("\n", -1)[1]).hasSizeGreaterThan((1 << 16) - 1);
        assertThat(proofOf(2).withPortableExtra(tooLong)).isEqualTo(proofOf(2));
    }

    @Test
    void everyLeafsProofIsReadBackAndWrongSizesIndexesAndLeavesAreRefused() throws ProofRejected {
        for (int index = 0; index < 8; index++) {
            TlogProof proof = TlogProof.parse(proofOf(index).format());
            proof.inclusion(8).verify(LOG.leaf(index), LOG.root(8));
            for (int other = 0; other < 8; other++) {
                if (other != index) {
                    LeafHash leaf = LOG.leaf(other);
                    assertThatThrownBy(() -> proof.inclusion(8).verify(leaf, LOG.root(8)))
                            .isInstanceOf(ProofRejected.class);
                    String moved = proof.format().replace("index " + index + "\n", "index " + other + "\n");
                    InclusionProof claimed = TlogProof.parse(moved).inclusion(8);
                    LeafHash honest = LOG.leaf(index);
                    assertThatThrownBy(() -> claimed.verify(honest, LOG.root(8)))
                            .isInstanceOf(ProofRejected.class);
                }
            }
            for (long size : new long[] {0, 7, 9}) {
                LeafHash leaf = LOG.leaf(index);
                RootHash root = LOG.root((int) Math.min(size, 7));
                assertThatThrownBy(() -> proof.inclusion(size).verify(leaf, root))
                        .isInstanceOf(ProofRejected.class);
            }
        }
    }

    @Test
    void proofOfALogWithOneLeafHasNoHashes() throws ProofRejected {
        TlogProof proof = TlogProof.of(
                InclusionProof.build(LOG, 0, 1), OWN.get("checkpoints").get("1").asString());
        assertThat(proof.format()).startsWith("c2sp.org/tlog-proof@v1\nindex 0\n\nregistry.example/log1\n1\n");
        assertThat(TlogProof.parse(proof.format())).isEqualTo(proof);
    }

    @Test
    void sixtyThreeHashesAreReadAndOneMoreRefused() throws ProofRejected {
        List<NodeHash> hashes =
                Stream.generate(() -> NodeHash.ofBytes(new byte[32])).limit(63).toList();
        TlogProof longest = TlogProof.of(new InclusionProof(Long.MAX_VALUE, Long.MAX_VALUE, hashes), NOTE);
        assertThat(TlogProof.parse(longest.format())).isEqualTo(longest);
        String tooMany =
                longest.format().replaceFirst("\n\n", "\n" + hashes.getFirst().base64() + "\n\n");
        assertThatThrownBy(() -> TlogProof.parse(tooMany))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("63");
        List<NodeHash> more = new ArrayList<>(hashes);
        more.add(hashes.getFirst());
        assertThatThrownBy(() -> TlogProof.of(new InclusionProof(0, 1, more), NOTE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''|line 1",
                "'c2sp.org/tlog-proof@v1'|line 1",
                "'c2sp.org/tlog-proof@v2\\nindex 0\\n\\nNOTE'|line 1",
                "'c2sp.org/tlog-proof@v1\\n'|empty line",
                "'c2sp.org/tlog-proof@v1\\n\\nNOTE'|empty line",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\n'|empty line",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\n\\n'|line 4",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\n\\n\\nNOTE'|line 4",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\n\\nnote'|line 4",
                "'c2sp.org/tlog-proof@v1\\nHASH\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nindex\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nindex 01\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nindex -1\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nindex  1\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nindex 9223372036854775808\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nextra \\nindex 0\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nextra AAA\\nindex 0\\n\\nNOTE'|line 2",
                "'c2sp.org/tlog-proof@v1\\nextra AA==\\n\\nNOTE'|line 3",
                "'c2sp.org/tlog-proof@v1\\nextra AA==\\nextra AA==\\nindex 0\\n\\nNOTE'|line 3",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\nextra AA==\\n\\nNOTE'|line 3",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\nHASH\\nAA==\\n\\nNOTE'|line 4",
                "'c2sp.org/tlog-proof@v1\\nindex 0\\nHASH \\n\\nNOTE'|line 3",
                "'c2sp.org/tlog-proof@v1\\r\\nindex 0\\n\\nNOTE'|line 1"
            },
            delimiter = '|')
    void otherShapesAreRefusedWithTheirLine(String text, String place) {
        String input = text.translateEscapes().replace("NOTE", NOTE).replace("HASH", HASH);
        assertThatThrownBy(() -> TlogProof.parse(input))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining(place);
    }

    @Test
    void oversizedTextIsRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> TlogProof.parse("x".repeat(Limits.MAX_TLOG_PROOF_CHARS + 1)))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("at most");
    }

    @Test
    void checkpointThatCouldNotBeReadBackIsRefused() {
        for (String note : List.of("", "\n", "\nlog\n", "log")) {
            assertThatThrownBy(() -> TlogProof.of(InclusionProof.build(LOG, 0, 8), note))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Whatever is changed before the checkpoint, the text is refused or the proof no longer leads to the root. */
    @Test
    void eachDamagedByteOfTheProofIsRefused() {
        String text = proofOf(5).format();
        byte[] honest = Vectors.utf8(text);
        int proofLength = Vectors.utf8(text.substring(0, text.indexOf("\n\n") + 1)).length;
        List<byte[]> accepted = new ArrayList<>();
        for (byte[] altered : Mutations.all(honest)) {
            try {
                TlogProof proof = TlogProof.parse(new String(altered, StandardCharsets.UTF_8));
                proof.inclusion(8).verify(LOG.leaf(5), LOG.root(8));
                accepted.add(altered);
            } catch (ProofRejected expected) {
                // refused
            }
        }
        // What is left has its change in the note, which has signatures of its own.
        assertThat(accepted).allSatisfy(bytes -> assertThat(bytes).startsWith(Arrays.copyOf(honest, proofLength)));
    }
}
