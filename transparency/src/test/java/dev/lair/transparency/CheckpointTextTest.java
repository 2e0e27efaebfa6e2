package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** c2sp.org/tlog-checkpoint, "Note text". */
class CheckpointTextTest {

    private static final String ROOT = MerkleHash.EMPTY_ROOT.base64();
    private static final CheckpointText EXAMPLE =
            new CheckpointText("registry.example/log", 20852163, MerkleHash.EMPTY_ROOT, List.of("first", "and second"));

    @Test
    void textsOfTheVectorsAreReadAndWrittenUnchanged() {
        JsonNode vector = Vectors.TLOG.get("own_log");
        MemoryLog log = MemoryLog.ofHex(Vectors.TLOG.get("rfc6962_8leaf").get("leaves_hex"));
        for (Map.Entry<String, JsonNode> checkpoint : vector.get("checkpoints").properties()) {
            int size = Integer.parseInt(checkpoint.getKey());
            String note = checkpoint.getValue().asString();
            String text = note.substring(0, note.indexOf("\n\n") + 1);
            assertThat(CheckpointText.parse(text))
                    .isEqualTo(new CheckpointText(vector.get("origin").asString(), size, log.root(size)));
            assertThat(CheckpointText.parse(text).format()).isEqualTo(text);
        }
    }

    @Test
    void originHashIsTheVectors() {
        JsonNode vector = Vectors.TLOG.get("own_log");
        assertThat(CheckpointText.originHash(vector.get("origin").asString()).hex())
                .isEqualTo(vector.get("origin_hash").asString());
    }

    @Test
    void extensionLinesAreKept() {
        assertThat(EXAMPLE.format()).isEqualTo("registry.example/log\n20852163\n" + ROOT + "\nfirst\nand second\n");
        assertThat(CheckpointText.parse(EXAMPLE.format())).isEqualTo(EXAMPLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"go.sum database tree", "ö", "a+b", "0", " "})
    void originsNeedNotBeUrls(String origin) {
        CheckpointText text = new CheckpointText(origin, 0, MerkleHash.EMPTY_ROOT);
        assertThat(CheckpointText.parse(text.format())).isEqualTo(text);
    }

    @Test
    void largestSizeIsReadAndTheNextRefused() {
        CheckpointText largest = new CheckpointText("log", Long.MAX_VALUE, MerkleHash.EMPTY_ROOT);
        assertThat(CheckpointText.parse(largest.format())).isEqualTo(largest);
        assertRefused("log\n9223372036854775808\n" + ROOT + "\n", "line 2");
        assertRefused("log\n10000000000000000000\n" + ROOT + "\n", "line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "01", "00", "1 ", " 1", "0x1", "1e3", "1_0", "٣", "1.0"})
    void sizesHaveOneSpelling(String size) {
        assertRefused("log\n" + size + "\n" + ROOT + "\n", "line 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
                "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= "
            })
    void rootsAreThirtyTwoBytesInCanonicalBase64(String root) {
        assertRefused("log\n1\n" + root + "\n", "line 3");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''|line feed",
                "'log'|line feed",
                "'\\n'|at least",
                "'log\\n1\\n'|at least",
                "'log\\n1\\nROOT'|line feed",
                "'\\n1\\nROOT\\n'|origin",
                "'log\\n1\\nROOT\\n\\n'|extension",
                "'log\\n1\\nROOT\\n\\next\\n'|extension",
                "'log\\n1\\nROOT\\next'|line feed",
                "'lo\\tg\\n1\\nROOT\\n'|control",
                "'log\\r\\n1\\nROOT\\n'|control",
                "'log\\n1\\nROOT\\ne\\0xt\\n'|control"
            },
            delimiter = '|')
    void otherShapesAreRefusedWithTheirRule(String text, String rule) {
        assertRefused(text.translateEscapes().replace("ROOT", ROOT), rule);
    }

    @Test
    void componentsThatCouldNotBeReadBackAreRefused() {
        List<Runnable> broken = List.of(
                () -> new CheckpointText("", 0, MerkleHash.EMPTY_ROOT),
                () -> new CheckpointText("a\nb", 0, MerkleHash.EMPTY_ROOT),
                () -> new CheckpointText("half \ud800 pair", 0, MerkleHash.EMPTY_ROOT),
                () -> new CheckpointText("log", -1, MerkleHash.EMPTY_ROOT),
                () -> new CheckpointText("log", 0, MerkleHash.EMPTY_ROOT, List.of("")),
                () -> new CheckpointText("log", 0, MerkleHash.EMPTY_ROOT, List.of("a", "b\n")));
        broken.forEach(each -> assertThatThrownBy(each::run).isInstanceOf(MalformedCheckpointException.class));
    }

    /** No other text reads as the same checkpoint. */
    @Test
    void eachDamagedByteIsRefusedOrAnotherCheckpoint() {
        byte[] honest = Vectors.utf8(EXAMPLE.format());
        List<CheckpointText> others = new ArrayList<>();
        for (byte[] altered : Mutations.all(honest)) {
            String text = new String(altered, StandardCharsets.ISO_8859_1);
            try {
                CheckpointText other = CheckpointText.parse(text);
                assertThat(other.format()).isEqualTo(text);
                others.add(other);
            } catch (MalformedCheckpointException expected) {
                // refused
            }
        }
        assertThat(others).isNotEmpty().doesNotContain(EXAMPLE);
    }

    private static void assertRefused(String text, String rule) {
        assertThatThrownBy(() -> CheckpointText.parse(text))
                .isInstanceOf(MalformedCheckpointException.class)
                .hasMessageContaining(rule);
    }
}
