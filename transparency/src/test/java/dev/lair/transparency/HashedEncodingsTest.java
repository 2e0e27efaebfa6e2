package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Byte-exact encodings that are hashed or signed: numbers, leaves, checkpoints, ids. */
class HashedEncodingsTest {

    private static final JsonNode WORKED = Vectors.WARG.get("workedRegistry");

    @Test
    void leb128EqualsTheVectors() {
        for (JsonNode vector : Vectors.WARG.get("leb128")) {
            assertThat(WargText.leb128(vector.get("n").asLong())).isEqualTo(Vectors.hex(vector.get("hex")));
        }
        assertThat(WargText.leb128(Long.MAX_VALUE)).hasSize(9);
        assertThatThrownBy(() -> WargText.leb128(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mapPathIsTheHashOfTheRawLogId() {
        JsonNode logIds = Vectors.WARG.get("logIds");
        assertPath(logIds.get("operator"));
        logIds.get("packages").forEach(HashedEncodingsTest::assertPath);
    }

    private static void assertPath(JsonNode vector) {
        LogId logId = LogId.parse(vector.get("logId").asString());
        assertThat(Vectors.hex(MapHash.path(logId)))
                .isEqualTo(vector.get("mapPathKeySha256OfLogIdBytes").asString());
        String preimage = vector.has("preimageHex") ? "preimageHex" : "preimageUtf8";
        byte[] bytes = vector.has("preimageHex")
                ? Vectors.hex(vector.get(preimage))
                : Vectors.utf8(vector.get(preimage).asString());
        assertThat(Digest.of(bytes).toString()).isEqualTo(logId.toString());
    }

    @Test
    void leavesAndCheckpointsOfTheWorkedRegistryAreByteEqual() {
        Frontier log = Frontier.empty();
        SparseMap map = SparseMap.empty();
        for (JsonNode record : WORKED.get("records")) {
            LogLeaf leaf = leaf(record);
            assertThat(leaf.encode()).hasSize(LogLeaf.ENCODED_LENGTH).isEqualTo(Vectors.hex(record.get("logLeafHex")));
            assertThat(leaf.hash().toString())
                    .isEqualTo(record.get("logLeafHash").asString());
            assertThat(MapHash.leaf(new NodeHasher(), leaf.recordId()))
                    .isEqualTo(
                            LeafHash.parse(record.get("mapLeafHash").asString()).bytes())
                    .isEqualTo(MerkleHash.leaf(Vectors.hex(record.get("mapLeafHex")))
                            .bytes());

            log = log.append(leaf.hash());
            map = map.with(leaf.logId(), leaf.recordId());
            JsonNode after = record.get("checkpointAfter");
            JsonNode contents = after.get("json").get("contents");
            Checkpoint checkpoint = new Checkpoint(log.root(), log.treeSize(), map.root());
            assertThat(checkpoint.logRoot().toString())
                    .isEqualTo(contents.get("logRoot").asString());
            assertThat(checkpoint.logLength())
                    .isEqualTo(contents.get("logLength").asLong());
            assertThat(checkpoint.mapRoot().toString())
                    .isEqualTo(contents.get("mapRoot").asString());
            assertThat(checkpoint.encode()).isEqualTo(Vectors.hex(after.get("encodedHex")));
            assertThat(checkpoint.id().toString())
                    .isEqualTo(after.get("checkpointId").asString());
            assertThat(new TimestampedCheckpoint(
                                    checkpoint, contents.get("timestamp").asLong())
                            .encode())
                    .isEqualTo(Vectors.hex(after.get("timestampedEncodedHex")));
        }
    }

    @Test
    void timestampedCheckpointOfTheSecondVectorIsByteEqual() {
        JsonNode warg = Vectors.TLOG.get("warg");
        byte[] expected = Vectors.hex(warg.get("timestamped_checkpoint_content_len7_hex"));
        Checkpoint checkpoint = new Checkpoint(
                Vectors.root(warg.get("log_roots_by_length").get(7)),
                7,
                Vectors.root(warg.get("map_roots_by_length").get(7)));
        byte[] time = Arrays.copyOfRange(expected, expected.length - 5, expected.length);
        assertThat(WargText.leb128(1760000000L)).isEqualTo(time);
        assertThat(new TimestampedCheckpoint(checkpoint, 1760000000L).encode()).isEqualTo(expected);
    }

    @Test
    void ledgerPacksTheRawIdsOfEveryLeaf() {
        StringBuilder packed = new StringBuilder();
        for (JsonNode record : WORKED.get("records")) {
            packed.append(leaf(record).logId().hex())
                    .append(leaf(record).recordId().hex());
        }
        assertThat(packed).hasToString(WORKED.get("ledgerPackedHex").asString());
    }

    @Test
    void negativeSizesAndTimesAreNoCheckpoints() {
        RootHash root = MerkleHash.EMPTY_ROOT;
        assertThatThrownBy(() -> new Checkpoint(root, -1, root)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TimestampedCheckpoint(new Checkpoint(root, 0, root), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyOneSpellingOfADigestIsAccepted() {
        String good = MerkleHash.EMPTY_ROOT.toString();
        assertThat(RootHash.parse(good)).isEqualTo(MerkleHash.EMPTY_ROOT);
        assertThat(Digest.parseHexOnly(good.substring(7)).toString()).isEqualTo(good);
        for (String bad : new String[] {
            "",
            "sha256:",
            good.toUpperCase(Locale.ROOT),
            good.replace("e3", "E3"),
            good + "0",
            good.substring(0, 70),
            "sha512:" + good.substring(7),
            " " + good,
            good.replace('0', 'g')
        }) {
            assertThatThrownBy(() -> RootHash.parse(bad)).as(bad).isInstanceOf(MalformedDigestException.class);
        }
    }

    @Test
    void valuesOfDifferentMeaningAreNeverEqual() {
        byte[] bytes = HexFormat.of().parseHex("00".repeat(32));
        assertThat((Object) NodeHash.ofBytes(bytes)).isNotEqualTo(RootHash.ofBytes(bytes));
        assertThat(NodeHash.ofBytes(bytes))
                .isEqualTo(NodeHash.ofBytes(bytes))
                .hasSameHashCodeAs(NodeHash.ofBytes(bytes));
        byte[] handedOut = NodeHash.ofBytes(bytes).bytes();
        handedOut[0] = 1;
        assertThat(NodeHash.ofBytes(bytes).hex()).isEqualTo("00".repeat(32));
    }

    private static LogLeaf leaf(JsonNode record) {
        return new LogLeaf(
                LogId.parse(record.get("logId").asString()),
                RecordId.parse(record.get("recordId").asString()));
    }
}
