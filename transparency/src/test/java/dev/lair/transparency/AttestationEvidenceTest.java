package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttestationEvidenceTest {

    private static final String RECORD = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String ATTESTATION = "sha256:" + "fedcba9876543210".repeat(4);
    private static final AttestationEvidence EXAMPLE =
            new AttestationEvidence("registry.example/log", RecordId.parse(RECORD), Digest.parse(ATTESTATION));

    @Test
    void entryIsTheFourLines() {
        assertThat(EXAMPLE.entry())
                .isEqualTo(Vectors.utf8("lair.dev/attestation-evidence@v1\nregistry.example/log\n" + RECORD + "\n"
                        + ATTESTATION + "\n"));
        assertThat(AttestationEvidence.parse(EXAMPLE.entry())).isEqualTo(EXAMPLE);
        assertThat(AttestationEvidence.isMarked(EXAMPLE.entry())).isTrue();
    }

    @Test
    void evidenceOfAnAttestationIsNoneOfACheckpointAndTheOtherWay() {
        CheckpointEvidence checkpoint =
                new CheckpointEvidence("registry.example/log", 7, MerkleHash.EMPTY_ROOT, MerkleHash.EMPTY_ROOT);
        assertThat(AttestationEvidence.isMarked(checkpoint.entry())).isFalse();
        assertThat(CheckpointEvidence.isMarked(EXAMPLE.entry())).isFalse();
        assertThatThrownBy(() -> AttestationEvidence.parse(checkpoint.entry()))
                .isInstanceOf(MalformedCheckpointException.class);
        assertThatThrownBy(() -> CheckpointEvidence.parse(EXAMPLE.entry()))
                .isInstanceOf(MalformedCheckpointException.class);
        assertThatThrownBy(() -> CheckpointText.parse(EXAMPLE.format()))
                .isInstanceOf(MalformedCheckpointException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "lair.dev/attestation-evidence@v1\n",
                "lair.dev/attestation-evidence@v2\nlog\nRECORD\nDIGEST\n",
                "lair.dev/attestation-evidence@v1\nlog\nRECORD\n",
                "lair.dev/attestation-evidence@v1\nlog\nRECORD\nDIGEST",
                "lair.dev/attestation-evidence@v1\nlog\nRECORD\nDIGEST\n\n",
                "lair.dev/attestation-evidence@v1\nlog\nRECORD\nDIGEST\nDIGEST\n",
                "lair.dev/attestation-evidence@v1\n\nRECORD\nDIGEST\n",
                "lair.dev/attestation-evidence@v1\nlog\n\nDIGEST\n",
                "lair.dev/attestation-evidence@v1\nlog\nRECORD \nDIGEST\n",
                "lair.dev/attestation-evidence@v1\nlog\nRECORD\nsha256:00\n",
                "lair.dev/attestation-evidence@v1\r\nlog\nRECORD\nDIGEST\n"
            })
    void otherShapesAreRefused(String text) {
        String filled = text.replace("RECORD", RECORD).replace("DIGEST", ATTESTATION);
        assertThatThrownBy(() -> AttestationEvidence.parse(filled)).isInstanceOf(MalformedCheckpointException.class);
    }

    @Test
    void hashInCapitalsIsRefused() {
        String capitals = EXAMPLE.format().replace("fedcba", "FEDCBA");
        assertThatThrownBy(() -> AttestationEvidence.parse(capitals))
                .isInstanceOf(MalformedCheckpointException.class)
                .hasMessageContaining("line 4 must be the digest of the attestation");
    }

    @Test
    void originThatCouldNotBeReadBackIsRefused() {
        for (String origin : List.of("", "a\nb", "\ud800")) {
            assertThatThrownBy(() -> new AttestationEvidence(origin, EXAMPLE.recordId(), EXAMPLE.attestation()))
                    .isInstanceOf(MalformedCheckpointException.class);
        }
    }

    @Test
    void eachDamagedByteIsRefusedOrOtherEvidence() {
        List<AttestationEvidence> others = new ArrayList<>();
        for (byte[] altered : Mutations.all(EXAMPLE.entry())) {
            try {
                AttestationEvidence other = AttestationEvidence.parse(altered);
                assertThat(other.entry()).isEqualTo(altered);
                others.add(other);
            } catch (MalformedCheckpointException expected) {
                // refused
            }
        }
        assertThat(others).isNotEmpty().doesNotContain(EXAMPLE);
    }
}
