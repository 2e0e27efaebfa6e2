package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SparseMapTest {

    private final Random random = new Random(20260101);

    @Test
    void emptyHashesEqualTheVectorsAtEveryHeight() {
        JsonNode merkle = Vectors.WARG.get("merkle");
        for (Map.Entry<String, JsonNode> height : merkle.get("emptyMapHeights").properties()) {
            assertThat(RootHash.ofBytes(MapHash.emptyAt(256 - Integer.parseInt(height.getKey()))))
                    .isEqualTo(Vectors.root(height.getValue()));
        }
        assertThat(RootHash.ofBytes(MapHash.emptyAt(256))).isEqualTo(Vectors.root(merkle.get("emptyMapLeafHeight0")));
        assertThat(SparseMap.empty().root())
                .isEqualTo(Vectors.root(Vectors.TLOG.get("warg").get("empty_map_root")));
    }

    @Test
    void mapsOfTheReferenceHaveItsRootsAndProofs() {
        for (JsonNode vector : Vectors.WARG.get("merkle").get("maps")) {
            NodeHasher hasher = new NodeHasher();
            SparseMap map = SparseMap.empty();
            for (Map.Entry<String, JsonNode> entry : vector.get("entriesUtf8").properties()) {
                byte[] path = Sha256Value.sha256(Vectors.utf8(entry.getKey()));
                byte[] leaf = hasher.leaf(Vectors.utf8(entry.getValue().asString()));
                // The values are no record ids; that is no matter while no lone leaf has to move down.
                map = map.with(MapLeaf.prepare(hasher, path, recordId(0), leaf));
            }
            NaiveMap naive = new NaiveMap();
            vector.get("entriesUtf8")
                    .properties()
                    .forEach(entry -> naive.put(
                            Sha256Value.sha256(Vectors.utf8(entry.getKey())),
                            hasher.leaf(Vectors.utf8(entry.getValue().asString()))));
            assertThat(naive.root()).isEqualTo(Vectors.root(vector.get("root")));
            assertThat(map.root()).isEqualTo(naive.root());
            for (Map.Entry<String, JsonNode> proof : vector.get("proofs").properties()) {
                byte[] path = Sha256Value.sha256(Vectors.utf8(proof.getKey()));
                MapProof built = map.prove(path);
                assertThat(built.siblings()).isEqualTo(Vectors.nodeHashes(proof.getValue()));
                byte[] leaf = hasher.leaf(Vectors.utf8(
                        vector.get("entriesUtf8").get(proof.getKey()).asString()));
                assertThat(built.rootFrom(hasher, path, leaf)).isEqualTo(map.root());
            }
        }
    }

    @Test
    void rootsOfBothWorkedRegistriesEqualTheVectors() {
        JsonNode warg = Vectors.TLOG.get("warg");
        Iterator<JsonNode> roots = warg.get("map_roots_by_length").iterator();
        SparseMap map = SparseMap.empty();
        assertThat(map.root()).isEqualTo(Vectors.root(roots.next()));
        for (JsonNode step : warg.get("sequence")) {
            map = map.with(wargLog(step.get("log").asString()), RecordId.ofBytes(Vectors.hex(step.get("record_id"))));
            assertThat(map.root()).isEqualTo(Vectors.root(roots.next()));
        }
        assertThat(map.size()).isEqualTo(4);
    }

    static LogId wargLog(String name) {
        JsonNode warg = Vectors.TLOG.get("warg");
        return LogId.ofBytes(Vectors.hex(
                name.equals("op")
                        ? warg.get("operator_log_id")
                        : warg.get("package_log_ids").get(name)));
    }

    static SparseMap wargMap() {
        SparseMap map = SparseMap.empty();
        for (JsonNode step : Vectors.TLOG.get("warg").get("sequence")) {
            map = map.with(wargLog(step.get("log").asString()), RecordId.ofBytes(Vectors.hex(step.get("record_id"))));
        }
        return map;
    }

    @Test
    void randomMapsEqualTheDefinition() throws ProofRejected {
        for (int round = 0; round < 12; round++) {
            NaiveMap naive = new NaiveMap();
            SparseMap map = SparseMap.empty();
            int keys = 1 + random.nextInt(12);
            for (int step = 0; step < 2 * keys; step++) {
                LogId logId = logId(random.nextInt(keys));
                RecordId head = recordId(random.nextInt());
                naive.put(logId, head);
                map = map.with(logId, head);
                assertThat(map.root()).isEqualTo(naive.root());
                assertThat(map.head(logId)).contains(head);
            }
            for (int key = 0; key < keys + 5; key++) {
                assertProves(map, logId(key));
                MapProof full = new MapProof(naive.siblings(MapHash.path(logId(key))));
                assertShows(map, full, logId(key));
            }
        }
    }

    @Test
    void manyKeysAllProveUnderOneRoot() throws ProofRejected {
        SparseMap map = SparseMap.empty();
        for (int key = 0; key < 3000; key++) {
            map = map.with(logId(key), recordId(key));
        }
        assertThat(map.size()).isEqualTo(3000);
        for (int key = 0; key < 3300; key++) {
            assertThat(map.head(logId(key)).isPresent()).isEqualTo(key < 3000);
            assertProves(map, logId(key));
        }
    }

    /** The proof that the map makes shows what the map says, and nothing else. */
    private static void assertProves(SparseMap map, LogId logId) throws ProofRejected {
        MapProof proof = map.prove(logId);
        assertThat(proof.siblings()).hasSizeBetween(map.size() == 0 ? 0 : 1, 256);
        assertShows(map, proof, logId);
    }

    private static void assertShows(SparseMap map, MapProof proof, LogId logId) throws ProofRejected {
        RecordId other = recordId(-1);
        assertThatThrownBy(() -> proof.verifyPresence(logId, other, map.root())).isInstanceOf(ProofRejected.class);
        if (map.head(logId).isPresent()) {
            proof.verifyPresence(logId, map.head(logId).get(), map.root());
            assertThatThrownBy(() -> proof.verifyAbsence(logId, map.root())).isInstanceOf(ProofRejected.class);
        } else {
            proof.verifyAbsence(logId, map.root());
        }
    }

    @Test
    void theOrderOfInsertionLeavesNoTrace() {
        List<Integer> order = new ArrayList<>();
        for (int key = 0; key < 200; key++) {
            order.add(key);
        }
        SparseMap first = inserted(order);
        for (int round = 0; round < 5; round++) {
            Collections.shuffle(order, random);
            SparseMap other = inserted(order);
            assertThat(other.root()).isEqualTo(first.root());
            for (int key = 0; key < 220; key++) {
                assertThat(other.prove(logId(key))).isEqualTo(first.prove(logId(key)));
            }
        }
    }

    private static SparseMap inserted(List<Integer> keys) {
        SparseMap map = SparseMap.empty();
        for (int key : keys) {
            map = map.with(logId(key), recordId(key));
        }
        return map;
    }

    @Test
    void oldVersionsStillProve() throws ProofRejected {
        List<SparseMap> versions = new ArrayList<>(List.of(SparseMap.empty()));
        List<Map<Integer, RecordId>> heads = new ArrayList<>(List.of(Map.of()));
        for (int step = 1; step <= 150; step++) {
            int key = random.nextInt(60);
            versions.add(versions.getLast().with(logId(key), recordId(step)));
            Map<Integer, RecordId> next = new HashMap<>(heads.getLast());
            next.put(key, recordId(step));
            heads.add(next);
        }
        List<RootHash> roots = versions.stream().map(SparseMap::root).toList();
        assertThat(roots).doesNotHaveDuplicates();
        for (int version = 0; version < versions.size(); version += 7) {
            SparseMap map = versions.get(version);
            assertThat(map.size()).isEqualTo(heads.get(version).size());
            for (int key = 0; key < 60; key++) {
                assertThat(map.head(logId(key)).orElse(null))
                        .isEqualTo(heads.get(version).get(key));
                assertProves(map, logId(key));
            }
        }
    }

    @Test
    void theSameHeadAgainChangesNothing() {
        SparseMap map = inserted(List.of(1, 2, 3));
        SparseMap again = map.with(logId(2), recordId(2));
        assertThat(again.root()).isEqualTo(map.root());
        assertThat(again.size()).isEqualTo(3);
    }

    @Test
    void keysThatShareAllButTheLastBitsStayApart() throws ProofRejected {
        for (int lastBit : new int[] {1, 62, 63, 64, 65, 200, 254, 255}) {
            NodeHasher hasher = new NodeHasher();
            byte[] one = Sha256Value.sha256(new byte[] {(byte) lastBit});
            byte[] two = one.clone();
            two[lastBit / 8] ^= (byte) (0x80 >> lastBit % 8);
            byte[] three = two.clone();
            three[31] ^= (byte) (lastBit == 255 ? 2 : 1);
            NaiveMap naive = new NaiveMap();
            SparseMap map = SparseMap.empty();
            for (byte[] path : List.of(one, two)) {
                byte[] leaf = MapHash.leaf(hasher, recordId(path[31]));
                naive.put(path, leaf);
                map = map.with(MapLeaf.prepare(hasher, path, recordId(path[31]), leaf));
            }
            assertThat(map.root()).isEqualTo(naive.root());
            assertThat(map.size()).isEqualTo(2);
            for (byte[] path : List.of(one, two)) {
                MapProof proof = map.prove(path);
                assertThat(proof.siblings()).hasSize(lastBit + 1).doesNotContainNull();
                assertThat(proof.rootFrom(hasher, path, MapHash.leaf(hasher, recordId(path[31]))))
                        .isEqualTo(map.root());
            }
            MapProof absent = map.prove(three);
            assertThat(absent.rootFrom(hasher, three, MapHash.emptyAt(256))).isEqualTo(map.root());
        }
    }

    @Test
    void aLeafPreparedElsewhereGivesTheSameMap() {
        MapLeaf prepared = MapLeaf.of(logId(5), recordId(5));
        assertThat(inserted(List.of(1, 2, 3)).with(prepared).root())
                .isEqualTo(inserted(List.of(1, 2, 3, 5)).root());
        assertThat(SparseMap.empty().with(prepared).root())
                .isEqualTo(inserted(List.of(5)).root());
    }

    static LogId logId(int key) {
        return LogId.ofBytes(Sha256Value.sha256(Vectors.utf8("log " + key)));
    }

    static RecordId recordId(int key) {
        return RecordId.ofBytes(Sha256Value.sha256(Vectors.utf8("record " + key)));
    }
}
