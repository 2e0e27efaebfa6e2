package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FrontierTest {

    @Test
    void rootsOfTheEightLeafLogEqualTheVectors() {
        JsonNode vector = Vectors.TLOG.get("rfc6962_8leaf");
        MemoryLog log = MemoryLog.ofHex(vector.get("leaves_hex"));
        for (int i = 0; i < 8; i++) {
            assertThat(log.leaf(i).hex())
                    .isEqualTo(vector.get("leaf_hashes").get(i).asString());
        }
        for (int size = 0; size <= 8; size++) {
            assertThat(log.root(size))
                    .isEqualTo(Vectors.root(vector.get("roots_by_size").get(size)));
        }
    }

    @Test
    void rootsOfWargsTwentyFiveLeavesEqualTheVectors() {
        JsonNode vector = Vectors.WARG.get("merkle").get("log25");
        MemoryLog log = MemoryLog.ofText(vector.get("leavesUtf8"));
        assertThat(vector.get("rootsByLength").size()).isEqualTo(26);
        for (Map.Entry<String, JsonNode> root : vector.get("rootsByLength").properties()) {
            assertThat(log.root(Long.parseLong(root.getKey()))).isEqualTo(Vectors.root(root.getValue()));
        }
        assertThat(Frontier.empty().root())
                .isEqualTo(Vectors.root(Vectors.WARG.get("merkle").get("emptyLogRoot")));
    }

    @Test
    void rootsOfTheSecondWargLogEqualTheVectors() {
        JsonNode warg = Vectors.TLOG.get("warg");
        Frontier log = Frontier.empty();
        Iterator<JsonNode> roots = warg.get("log_roots_by_length").iterator();
        assertThat(log.root()).isEqualTo(Vectors.root(roots.next()));
        for (JsonNode step : warg.get("sequence")) {
            LeafHash leaf = MerkleHash.leaf(Vectors.hex(step.get("log_leaf_hex")));
            assertThat(leaf.hex()).isEqualTo(step.get("leaf_hash").asString());
            log = log.append(leaf);
            assertThat(log.root()).isEqualTo(Vectors.root(roots.next()));
        }
        assertThat(roots.hasNext()).isFalse();
    }

    @Test
    void rootEqualsTheRecursionOfRfc6962() {
        MemoryLog log = MemoryLog.ofSingleBytes(70);
        for (int size = 1; size <= 70; size++) {
            assertThat(log.root(size)).isEqualTo(recursiveRoot(log, 0, size).asRoot());
        }
    }

    private static NodeHash recursiveRoot(MemoryLog log, int start, int end) {
        if (end - start == 1) {
            return log.leaf(start).asNode();
        }
        int middle = start + Integer.highestOneBit(end - start - 1);
        return MerkleHash.node(recursiveRoot(log, start, middle), recursiveRoot(log, middle, end));
    }

    @Test
    void sinkGetsEveryPerfectNodeOnceWhenItIsComplete() {
        List<String> seen = new ArrayList<>();
        Frontier log = Frontier.empty();
        for (int i = 0; i < 4; i++) {
            int size = i;
            log = log.append(
                    MerkleHash.leaf(new byte[] {(byte) i}),
                    (level, index, hash) -> seen.add(size + ":" + level + "/" + index));
        }
        assertThat(seen).containsExactly("0:0/0", "1:0/1", "1:1/0", "2:0/2", "3:0/3", "3:1/1", "3:2/0");
    }

    @Test
    void encodedFrontierComesBackAndContinues() {
        MemoryLog log = MemoryLog.ofSingleBytes(100);
        for (int size = 0; size < 100; size++) {
            Frontier frontier = log.frontier(size);
            byte[] encoded = frontier.encode();
            assertThat(encoded).hasSize(32 * Integer.bitCount(size));
            assertThat(Frontier.decode(size, encoded)).isEqualTo(frontier).hasSameHashCodeAs(frontier);
            assertThat(Frontier.read(log, size)).isEqualTo(frontier);
            assertThat(Frontier.decode(size, encoded).append(log.leaf(size))).isEqualTo(log.frontier(size + 1));
        }
    }

    @Test
    void frontierThatDoesNotFitItsSizeIsRefused() {
        byte[] encoded = MemoryLog.ofSingleBytes(7).frontier(7).encode();
        assertThatThrownBy(() -> Frontier.decode(8, encoded)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Frontier.decode(-1, encoded)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Frontier.decode(7, new byte[95])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Frontier.of(7, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAppendLeavesTheOldFrontierAsItWas() {
        Frontier before = MemoryLog.ofSingleBytes(7).frontier(7);
        RootHash root = before.root();
        before.append(MerkleHash.leaf(new byte[0]));
        assertThat(before.treeSize()).isEqualTo(7);
        assertThat(before.root()).isEqualTo(root);
    }
}
