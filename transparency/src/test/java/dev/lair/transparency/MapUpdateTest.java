package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many keys at once lead to the same map as one by one: same root, same size, same proofs, same snapshot. */
class MapUpdateTest {

    private final Random random = new Random(20261121);

    private static void assertSame(SparseMap bulk, SparseMap single, int keys) {
        assertThat(bulk.root()).isEqualTo(single.root());
        assertThat(bulk.size()).isEqualTo(single.size());
        for (int key = 0; key < keys + 5; key += 1 + keys / 40) {
            LogId logId = SparseMapTest.logId(key);
            assertThat(bulk.head(logId)).isEqualTo(single.head(logId));
            assertThat(bulk.prove(logId)).isEqualTo(single.prove(logId));
        }
        assertThat(entries(bulk)).isEqualTo(entries(single));
    }

    private static List<MapSnapshot.Entry> entries(SparseMap map) {
        List<MapSnapshot.Entry> entries = new ArrayList<>();
        map.forEachEntry(entries::add);
        return entries;
    }

    @Test
    void manyKeysAtOnceGiveTheMapOfOneByOne() {
        for (int round = 0; round < 60; round++) {
            int keys = 1 + random.nextInt(round < 50 ? 40 : 1500);
            SparseMap single = SparseMap.empty();
            SparseMap bulk = SparseMap.empty();
            for (int update = 0; update < 3; update++) {
                Map<LogId, RecordId> heads = new HashMap<>();
                int changed = random.nextInt(keys + 1);
                for (int i = 0; i < changed; i++) {
                    heads.put(SparseMapTest.logId(random.nextInt(keys)), SparseMapTest.recordId(random.nextInt()));
                }
                for (Map.Entry<LogId, RecordId> head : heads.entrySet()) {
                    single = single.with(head.getKey(), head.getValue());
                }
                bulk = bulk.withAll(heads);
                assertSame(bulk, single, keys);
            }
        }
    }

    @Test
    void firstKeyMakesTheSameForkAtTheTop() {
        Map<LogId, RecordId> one = Map.of(SparseMapTest.logId(1), SparseMapTest.recordId(1));
        assertSame(
                SparseMap.empty().withAll(one),
                SparseMap.empty().with(SparseMapTest.logId(1), SparseMapTest.recordId(1)),
                3);
    }

    @Test
    void noKeysGiveTheVeryMap() {
        SparseMap map = SparseMap.empty().with(SparseMapTest.logId(1), SparseMapTest.recordId(1));
        assertThat(map.withAll(Map.of())).isSameAs(map);
    }

    @Test
    void theMapBeforeStaysAsItWas() throws ProofRejected {
        Map<LogId, RecordId> first = new HashMap<>();
        Map<LogId, RecordId> second = new HashMap<>();
        for (int key = 0; key < 400; key++) {
            first.put(SparseMapTest.logId(key), SparseMapTest.recordId(key));
            second.put(SparseMapTest.logId(key + 200), SparseMapTest.recordId(-key));
        }
        SparseMap before = SparseMap.empty().withAll(first);
        RootHash root = before.root();
        SparseMap after = before.withAll(second);
        assertThat(before.root()).isEqualTo(root).isNotEqualTo(after.root());
        assertThat(before.size()).isEqualTo(400);
        assertThat(after.size()).isEqualTo(600);
        for (int key = 0; key < 400; key += 13) {
            before.prove(SparseMapTest.logId(key))
                    .verifyPresence(SparseMapTest.logId(key), SparseMapTest.recordId(key), root);
        }
    }

    @Test
    void keysThatShareAllButTheLastBitsArePutAtOnce() {
        for (int lastBit : new int[] {0, 1, 7, 8, 62, 63, 64, 200, 254, 255}) {
            byte[] one = Sha256Value.sha256(new byte[] {(byte) lastBit});
            byte[] two = one.clone();
            two[lastBit / 8] ^= (byte) (0x80 >> lastBit % 8);
            for (boolean isThere : new boolean[] {false, true}) {
                NodeHasher hasher = new NodeHasher();
                SparseMap start = SparseMap.empty();
                SparseMap expected = SparseMap.empty();
                List<MapUpdate.Change> changes = new ArrayList<>();
                for (byte[] path : List.of(one, two)) {
                    RecordId head = SparseMapTest.recordId(path[31]);
                    MapLeaf leaf = MapLeaf.prepare(hasher, path, head, MapHash.leaf(hasher, head));
                    expected = expected.with(leaf);
                    if (isThere && Arrays.equals(path, one)) {
                        start = start.with(leaf);
                    } else {
                        changes.add(new MapUpdate.Change(path, head));
                    }
                }
                MapNode root = new MapUpdate(changes.toArray(MapUpdate.Change[]::new), null).applyTo(start.rootNode());
                assertThat(root.hash(0)).isEqualTo(expected.rootNode().hash(0));
            }
        }
    }

    @Test
    void rootsOfTheVectorsComeOutWhenAllTheirKeysArePutAtOnce() {
        JsonNode warg = Vectors.TLOG.get("warg");
        List<JsonNode> roots = new ArrayList<>();
        warg.get("map_roots_by_length").forEach(roots::add);
        Map<LogId, RecordId> heads = new HashMap<>();
        int length = 0;
        for (JsonNode step : warg.get("sequence")) {
            heads.put(
                    SparseMapTest.wargLog(step.get("log").asString()),
                    RecordId.ofBytes(Vectors.hex(step.get("record_id"))));
            length++;
            assertThat(SparseMap.empty().withAll(heads).root()).isEqualTo(Vectors.root(roots.get(length)));
        }
        assertThat(length).isPositive();
    }

    @Test
    void mapThatIsReadBesideAnotherVersionSharesWhatIsEqual() throws Exception {
        Map<LogId, RecordId> first = new HashMap<>();
        for (int key = 0; key < 3000; key++) {
            first.put(SparseMapTest.logId(key), SparseMapTest.recordId(key));
        }
        SparseMap older = SparseMap.empty().withAll(first);
        SparseMap younger = older.withAll(Map.of(
                SparseMapTest.logId(7),
                SparseMapTest.recordId(-7),
                SparseMapTest.logId(-1),
                SparseMapTest.recordId(-1)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MapSnapshot(3000, older).writeTo(out);

        SparseMap read = MapSnapshot.readFrom(new ByteArrayInputStream(out.toByteArray()), younger)
                .map();
        assertSame(read, older, 3000);
        assertThat(nodes(read.rootNode()).stream().filter(nodes(younger.rootNode())::contains))
                .hasSizeGreaterThan(5900);
    }

    /** Every node of a trie, by identity: none of them defines an equality. */
    private static Set<MapNode> nodes(MapNode root) {
        Set<MapNode> nodes = new HashSet<>();
        List<MapNode> left = new ArrayList<>(List.of(root));
        while (!left.isEmpty()) {
            MapNode node = left.removeLast();
            nodes.add(node);
            if (node instanceof MapNode.Fork fork) {
                left.add(fork.left());
                left.add(fork.right());
            }
        }
        return nodes;
    }
}
