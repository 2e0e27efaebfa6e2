package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Presence and absence in the map. Every byte of every sibling is authenticated. What is not is the spelling of an empty
 * sibling: left out at the leaf side, {@code null}, or its hash; all three name the same tree.
 */
class MapProofTest {

    private static final JsonNode WARG = Vectors.TLOG.get("warg");
    private static final SparseMap MAP = SparseMapTest.wargMap();
    private static final LogId WASI_HTTP = SparseMapTest.wargLog("wasi:http");
    private static final LogId ABSENT = SparseMapTest.wargLog("absent:pkg");
    private static final RecordId HEAD = MAP.head(WASI_HTTP).orElseThrow();

    @Test
    void presenceProofEqualsTheVector() throws ProofRejected {
        MapProof proof = MAP.prove(WASI_HTTP);
        assertThat(proof.siblings()).isEqualTo(Vectors.nodeHashes(WARG.get("map_proof_wasi_http_len7")));
        proof.verifyPresence(WASI_HTTP, HEAD, MAP.root());
    }

    @Test
    void absenceProofEqualsTheVector() throws ProofRejected {
        List<@Nullable NodeHash> expected = new ArrayList<>();
        for (JsonNode sibling : WARG.get("absent_pkg_siblings_len7")) {
            expected.add(sibling.isNull() ? null : NodeHash.ofBytes(Vectors.hex(sibling)));
        }
        MapProof proof = MAP.prove(ABSENT);
        assertThat(proof.siblings()).isEqualTo(expected);
        proof.verifyAbsence(ABSENT, MAP.root());
    }

    @Test
    void absenceFromTheEmptyMapNeedsNoSibling() throws ProofRejected {
        MapProof proof = SparseMap.empty().prove(ABSENT);
        assertThat(proof.siblings()).isEmpty();
        proof.verifyAbsence(ABSENT, SparseMap.empty().root());
        assertPresenceRejected(proof, WASI_HTTP, HEAD, SparseMap.empty().root());
    }

    @Test
    void absenceBesideALoneKeyGoesDownToWhereTheTwoPart() throws ProofRejected {
        LogId present = SparseMapTest.logId(0);
        SparseMap map = SparseMap.empty().with(present, SparseMapTest.recordId(0));
        int deepest = 0;
        for (int key = 1; key < 300; key++) {
            LogId absent = SparseMapTest.logId(key);
            MapProof proof = map.prove(absent);
            int shared = MapHash.sharedBits(MapHash.path(present), MapHash.path(absent));
            assertThat(proof.siblings()).hasSize(shared + 1);
            assertThat(proof.siblings().getFirst()).isNotNull();
            assertThat(proof.siblings().subList(1, shared + 1)).allMatch(Objects::isNull);
            proof.verifyAbsence(absent, map.root());
            deepest = Math.max(deepest, shared);
        }
        assertThat(deepest).isGreaterThan(4);
    }

    @Test
    void eachFlippedByteOfASiblingIsRejected() {
        for (int i = 0; i < MAP.prove(WASI_HTTP).siblings().size(); i++) {
            for (MapProof changed : flipped(MAP.prove(WASI_HTTP), i)) {
                assertPresenceRejected(changed, WASI_HTTP, HEAD, MAP.root());
            }
        }
        for (int i : new int[] {0, 2}) {
            for (MapProof changed : flipped(MAP.prove(ABSENT), i)) {
                assertAbsenceRejected(changed, ABSENT, MAP.root());
            }
        }
    }

    private static List<MapProof> flipped(MapProof proof, int i) {
        NodeHash sibling = proof.siblings().get(i);
        assertThat(sibling).isNotNull();
        List<MapProof> changed = new ArrayList<>();
        for (byte[] bytes : Mutations.flips(sibling.bytes())) {
            changed.add(with(proof, i, NodeHash.ofBytes(bytes)));
        }
        return changed;
    }

    private static MapProof with(MapProof proof, int i, @Nullable NodeHash sibling) {
        List<@Nullable NodeHash> copy = new ArrayList<>(proof.siblings());
        copy.set(i, sibling);
        return new MapProof(copy);
    }

    @Test
    void eachFlippedByteOfKeyHeadAndRootIsRejected() {
        MapProof present = MAP.prove(WASI_HTTP);
        MapProof absent = MAP.prove(ABSENT);
        for (byte[] flipped : Mutations.flips(WASI_HTTP.bytes())) {
            assertPresenceRejected(present, LogId.ofBytes(flipped), HEAD, MAP.root());
        }
        for (byte[] flipped : Mutations.flips(HEAD.bytes())) {
            assertPresenceRejected(present, WASI_HTTP, RecordId.ofBytes(flipped), MAP.root());
        }
        for (byte[] flipped : Mutations.flips(MAP.root().bytes())) {
            assertPresenceRejected(present, WASI_HTTP, HEAD, RootHash.ofBytes(flipped));
            assertAbsenceRejected(absent, ABSENT, RootHash.ofBytes(flipped));
        }
    }

    @Test
    void droppedDoubledForeignAndSwappedSiblingsAreRejected() {
        NodeHash foreign = NodeHash.ofBytes(MAP.root().bytes());
        List<NodeHash> siblings = new ArrayList<>();
        MAP.prove(WASI_HTTP).siblings().forEach(sibling -> siblings.add(sibling));
        for (List<NodeHash> changed : Mutations.shapeChanges(siblings, foreign)) {
            assertPresenceRejected(new MapProof(new ArrayList<>(changed)), WASI_HTTP, HEAD, MAP.root());
        }
        MapProof absent = MAP.prove(ABSENT);
        assertAbsenceRejected(new MapProof(absent.siblings().subList(1, 3)), ABSENT, MAP.root());
        assertAbsenceRejected(new MapProof(absent.siblings().subList(0, 2)), ABSENT, MAP.root());
        assertAbsenceRejected(new MapProof(absent.siblings().reversed()), ABSENT, MAP.root());
        assertAbsenceRejected(with(absent, 1, foreign), ABSENT, MAP.root());
        assertAbsenceRejected(with(absent, 0, null), ABSENT, MAP.root());
    }

    @Test
    void presenceDoesNotPassForAbsenceNorAbsenceForPresence() {
        assertAbsenceRejected(MAP.prove(WASI_HTTP), WASI_HTTP, MAP.root());
        assertPresenceRejected(MAP.prove(ABSENT), ABSENT, HEAD, MAP.root());
        assertAbsenceRejected(MAP.prove(ABSENT), WASI_HTTP, MAP.root());
        assertAbsenceRejected(MAP.prove(WASI_HTTP), ABSENT, MAP.root());
    }

    @Test
    void anOlderHeadIsRejectedUnderTheNewRoot() {
        SparseMap next = MAP.with(WASI_HTTP, SparseMapTest.recordId(99));
        assertPresenceRejected(next.prove(WASI_HTTP), WASI_HTTP, HEAD, next.root());
        assertPresenceRejected(MAP.prove(WASI_HTTP), WASI_HTTP, HEAD, next.root());
    }

    @Test
    void theSpellingOfAnEmptySiblingDoesNotChangeTheVerdict() throws ProofRejected {
        SparseMap map = SparseMap.empty().with(WASI_HTTP, HEAD);
        MapProof written = map.prove(WASI_HTTP);
        assertThat(written.siblings()).containsExactly(NodeHash.ofBytes(MapHash.emptyAt(1)));
        new MapProof(Collections.singletonList((NodeHash) null)).verifyPresence(WASI_HTTP, HEAD, map.root());
        new MapProof(List.of()).verifyPresence(WASI_HTTP, HEAD, map.root());
        new MapProof(Collections.nCopies(256, (NodeHash) null)).verifyPresence(WASI_HTTP, HEAD, map.root());
        List<@Nullable NodeHash> all = new ArrayList<>();
        for (int depth = 256; depth >= 1; depth--) {
            all.add(NodeHash.ofBytes(MapHash.emptyAt(depth)));
        }
        new MapProof(all).verifyPresence(WASI_HTTP, HEAD, map.root());

        MapProof longer = prefixed(MAP.prove(WASI_HTTP), null);
        longer.verifyPresence(WASI_HTTP, HEAD, MAP.root());
        prefixed(MAP.prove(ABSENT), null).verifyAbsence(ABSENT, MAP.root());
        with(MAP.prove(ABSENT), 1, NodeHash.ofBytes(MapHash.emptyAt(2))).verifyAbsence(ABSENT, MAP.root());
        assertPresenceRejected(
                prefixed(MAP.prove(WASI_HTTP), NodeHash.ofBytes(MapHash.emptyAt(256))), WASI_HTTP, HEAD, MAP.root());
    }

    private static MapProof prefixed(MapProof proof, @Nullable NodeHash sibling) {
        List<@Nullable NodeHash> longer = new ArrayList<>(proof.siblings());
        longer.addFirst(sibling);
        return new MapProof(longer);
    }

    @Test
    void moreThan256SiblingsAreNoProof() {
        assertThatThrownBy(() -> new MapProof(Collections.nCopies(257, (NodeHash) null)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMismatchNamesBothRoots() {
        assertThatThrownBy(() -> MAP.prove(WASI_HTTP).verifyPresence(WASI_HTTP, HEAD, MerkleHash.EMPTY_ROOT))
                .isInstanceOfSatisfying(ProofRejected.class, rejected -> {
                    assertThat(rejected.expected()).contains(MerkleHash.EMPTY_ROOT);
                    assertThat(rejected.found()).contains(MAP.root());
                });
    }

    private static void assertPresenceRejected(MapProof proof, LogId logId, RecordId head, RootHash root) {
        assertThatThrownBy(() -> proof.verifyPresence(logId, head, root)).isInstanceOf(ProofRejected.class);
    }

    private static void assertAbsenceRejected(MapProof proof, LogId logId, RootHash root) {
        assertThatThrownBy(() -> proof.verifyAbsence(logId, root)).isInstanceOf(ProofRejected.class);
    }
}
