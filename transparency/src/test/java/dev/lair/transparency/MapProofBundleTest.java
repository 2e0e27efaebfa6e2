package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * warg protocol, section 3. No byte of a bundle is unauthenticated but those that spell an empty sibling, see
 * {@link MapProofTest}.
 */
class MapProofBundleTest {

    private static final JsonNode WORKED = Vectors.WARG.get("workedRegistry");

    @Test
    void bundleOfTheSecondWargMapIsByteEqual() throws ProofRejected {
        SparseMap map = SparseMapTest.wargMap();
        LogId logId = SparseMapTest.wargLog("wasi:http");
        byte[] expected = Vectors.hex(Vectors.TLOG.get("warg").get("map_bundle_wasi_http_len7_hex"));
        assertThat(MapProofBundle.of(List.of(map.prove(logId))).encode()).isEqualTo(expected);
        MapProofBundle.parse(expected).verifyPresence(List.of(head(map, logId)), map.root());
    }

    @Test
    void bundlesOfTheWorkedRegistryAreByteEqualAndVerify() throws ProofRejected {
        JsonNode inclusion = WORKED.get("inclusion");
        byte[] expected = Vectors.base64(inclusion.get("response").get("map"));
        assertThat(expected).isEqualTo(Vectors.hex(inclusion.get("mapBundleHex")));
        assertBundle(inclusion.get("request"), expected);
        for (String name : List.of("inclusionLength1", "inclusionLength2")) {
            assertBundle(
                    WORKED.get(name).get("request"),
                    Vectors.base64(WORKED.get(name).get("map")));
        }
    }

    private static void assertBundle(JsonNode request, byte[] expected) throws ProofRejected {
        SparseMap map = worked(request.get("logLength").asInt());
        List<MapProofBundle.Head> heads = heads(map, request);
        List<MapProof> proofs =
                heads.stream().map(head -> map.prove(head.logId())).toList();
        assertThat(MapProofBundle.of(proofs).encode()).isEqualTo(expected);
        MapProofBundle parsed = MapProofBundle.parse(expected);
        assertThat(parsed.proofs()).isEqualTo(proofs);
        parsed.verifyPresence(heads, map.root());
    }

    private static SparseMap worked(int length) {
        SparseMap map = SparseMap.empty();
        for (int i = 0; i < length; i++) {
            JsonNode record = WORKED.get("records").get(i);
            map = map.with(logId(record), RecordId.parse(record.get("recordId").asString()));
        }
        return map;
    }

    private static List<MapProofBundle.Head> heads(SparseMap map, JsonNode request) {
        List<MapProofBundle.Head> heads = new ArrayList<>();
        for (JsonNode leaf : request.get("leafs")) {
            heads.add(head(map, logId(WORKED.get("records").get(leaf.asInt()))));
        }
        return heads;
    }

    private static LogId logId(JsonNode record) {
        return LogId.parse(record.get("logId").asString());
    }

    private static MapProofBundle.Head head(SparseMap map, LogId logId) {
        return new MapProofBundle.Head(logId, map.head(logId).orElseThrow());
    }

    @Test
    void anyOtherBytesAreRejected() {
        JsonNode request = WORKED.get("inclusion").get("request");
        SparseMap map = worked(7);
        List<MapProofBundle.Head> heads = heads(map, request);
        byte[] bytes = Vectors.hex(WORKED.get("inclusion").get("mapBundleHex"));
        for (byte[] changed : Mutations.all(bytes)) {
            assertThatThrownBy(() -> MapProofBundle.parse(changed).verifyPresence(heads, map.root()))
                    .as(Vectors.hex(changed))
                    .isInstanceOf(ProofRejected.class);
        }
    }

    @Test
    void missingAdditionalAndReorderedProofsAreRejected() {
        SparseMap map = worked(7);
        List<MapProofBundle.Head> heads = heads(map, WORKED.get("inclusion").get("request"));
        List<MapProof> proofs =
                heads.stream().map(head -> map.prove(head.logId())).toList();
        assertRejected(proofs.subList(0, 2), heads, map.root());
        assertRejected(List.of(), heads, map.root());
        assertRejected(List.of(), List.of(), map.root());
        assertRejected(proofs, heads.subList(0, 2), map.root());
        assertRejected(proofs.reversed(), heads, map.root());
        assertRejected(proofs, heads, worked(6).root());
    }

    @Test
    void aWrongProofBehindARightOneIsRejected() {
        SparseMap map = worked(7);
        List<MapProofBundle.Head> heads = heads(map, WORKED.get("inclusion").get("request"));
        List<MapProof> proofs = new ArrayList<>(
                heads.stream().map(head -> map.prove(head.logId())).toList());
        proofs.set(proofs.size() - 1, proofs.getFirst());
        assertRejected(proofs, heads, map.root());
    }

    private static void assertRejected(List<MapProof> proofs, List<MapProofBundle.Head> heads, RootHash root) {
        assertThatThrownBy(() -> MapProofBundle.of(proofs).verifyPresence(heads, root))
                .isInstanceOf(ProofRejected.class);
    }

    @Test
    void nullSiblingsComeBack() throws ProofRejected {
        SparseMap map = SparseMapTest.wargMap();
        MapProof absence = map.prove(SparseMapTest.wargLog("absent:pkg"));
        assertThat(absence.siblings()).containsNull();
        MapProof empty = new MapProof(List.of());
        byte[] bytes = MapProofBundle.of(List.of(absence, empty)).encode();
        MapProofBundle parsed = MapProofBundle.parse(bytes);
        assertThat(parsed.proofs()).containsExactly(absence, empty);
        parsed.proofs().getFirst().verifyAbsence(SparseMapTest.wargLog("absent:pkg"), map.root());
        assertThat(MapProofBundle.parse(new byte[0]).proofs()).isEmpty();
    }

    @Test
    void wrongLengthsFieldsAndCountsAreMalformed() throws ProofRejected {
        String hash = "0a20" + "ab".repeat(32);
        assertMalformed("0a23" + "0a21" + "0a1f" + "ab".repeat(31), "");
        assertMalformed("0a04" + "0a02" + "0a00", "0 bytes");
        assertMalformed("0a23" + "0a21" + "0a1f" + "ab".repeat(31) + "00", "");
        assertMalformed("0a46" + "0a44" + hash + hash, "twice");
        assertMalformed("0a26" + "0a24" + hash + "1001", "no field");
        assertMalformed("1000", "no field");
        assertMalformed("0a02" + "1000", "no field");
        assertMalformed("0a8000", "canonical");
        assertMalformed("0affffffff0f", "not a map proof bundle");
        assertMalformed("0a05" + "00", "not a map proof bundle");
        assertMalformed("0a", "not a map proof bundle");
        List<MapProof> most = List.of(new MapProof(Collections.nCopies(256, (NodeHash) null)));
        byte[] longest = MapProofBundle.of(most).encode();
        assertThat(MapProofBundle.parse(longest).proofs()).isEqualTo(most);
        assertMalformed("0a8204" + "0a00".repeat(257), "at most 256");
        assertMalformed("0a00".repeat(Limits.MAX_MAP_PROOFS + 1), "at most 100000");
        assertThatThrownBy(() -> MapProofBundle.parse(new byte[Limits.MAX_BUNDLE_BYTES + 1]))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("at most 16777216 bytes");
    }

    private static void assertMalformed(String hex, String reason) {
        assertThatThrownBy(() -> MapProofBundle.parse(HexFormat.of().parseHex(hex)))
                .as(hex.length() > 100 ? hex.substring(0, 100) : hex)
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining(reason);
    }
}
