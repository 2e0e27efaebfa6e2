package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointEvidenceTest {

    private static final RootHash MAP_ROOT =
            Vectors.root(Vectors.TLOG.get("warg").get("empty_map_root"));
    private static final CheckpointEvidence EXAMPLE =
            new CheckpointEvidence("registry.example/log", 7, MerkleHash.EMPTY_ROOT, MAP_ROOT);

    @Test
    void entryIsTheFiveLines() {
        assertThat(EXAMPLE.entry())
                .isEqualTo(Vectors.utf8("lair.dev/checkpoint-evidence@v1\nregistry.example/log\n7\n"
                        + "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
                        + "xmifEIEqCYCXbZUz2Dh1KCFmFZVn7DUVVxbBQTr1PWo=\n"));
        assertThat(CheckpointEvidence.parse(EXAMPLE.entry())).isEqualTo(EXAMPLE);
        assertThat(CheckpointEvidence.isMarked(EXAMPLE.entry())).isTrue();
    }

    @Test
    void evidenceOfACheckpointGivesItBack() {
        Checkpoint checkpoint = new Checkpoint(MerkleHash.EMPTY_ROOT, 7, MAP_ROOT);
        assertThat(CheckpointEvidence.of("registry.example/log", checkpoint)).isEqualTo(EXAMPLE);
        assertThat(EXAMPLE.checkpoint()).isEqualTo(checkpoint);
    }

    @Test
    void evidenceIsNoCheckpointAndACheckpointIsNoEvidence() {
        assertThatThrownBy(() -> CheckpointText.parse(EXAMPLE.format()))
                .isInstanceOf(MalformedCheckpointException.class);
        String checkpoint = new CheckpointText("registry.example/log", 7, MerkleHash.EMPTY_ROOT).format();
        assertThat(CheckpointEvidence.isMarked(Vectors.utf8(checkpoint))).isFalse();
        assertThatThrownBy(() -> CheckpointEvidence.parse(checkpoint)).isInstanceOf(MalformedCheckpointException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "lair.dev/checkpoint-evidence@v1\n",
                "lair.dev/checkpoint-evidence@v2\nlog\n7\nROOT\nROOT\n",
                "lair.dev/checkpoint-evidence@v1\nlog\n7\nROOT\n",
                "lair.dev/checkpoint-evidence@v1\nlog\n7\nROOT\nROOT",
                "lair.dev/checkpoint-evidence@v1\nlog\n7\nROOT\nROOT\n\n",
                "lair.dev/checkpoint-evidence@v1\nlog\n7\nROOT\nROOT\nROOT\n",
                "lair.dev/checkpoint-evidence@v1\n\n7\nROOT\nROOT\n",
                "lair.dev/checkpoint-evidence@v1\nlog\n07\nROOT\nROOT\n",
                "lair.dev/checkpoint-evidence@v1\nlog\n7\n\nROOT\n",
                "lair.dev/checkpoint-evidence@v1\r\nlog\n7\nROOT\nROOT\n"
            })
    void otherShapesAreRefused(String text) {
        assertThatThrownBy(() -> CheckpointEvidence.parse(text.replace("ROOT", MerkleHash.EMPTY_ROOT.base64())))
                .isInstanceOf(MalformedCheckpointException.class);
    }

    @Test
    void componentsThatCouldNotBeReadBackAreRefused() {
        assertThatThrownBy(() -> new CheckpointEvidence("", 7, MAP_ROOT, MAP_ROOT))
                .isInstanceOf(MalformedCheckpointException.class);
        assertThatThrownBy(() -> new CheckpointEvidence("log", -1, MAP_ROOT, MAP_ROOT))
                .isInstanceOf(MalformedCheckpointException.class);
    }

    @Test
    void eachDamagedByteIsRefusedOrOtherEvidence() {
        List<CheckpointEvidence> others = new ArrayList<>();
        for (byte[] altered : Mutations.all(EXAMPLE.entry())) {
            try {
                CheckpointEvidence other = CheckpointEvidence.parse(altered);
                assertThat(other.entry()).isEqualTo(altered);
                others.add(other);
            } catch (MalformedCheckpointException expected) {
                // refused
            }
        }
        assertThat(others).isNotEmpty().doesNotContain(EXAMPLE);
    }
}
