package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A snapshot whose root is right and whose entries are not: no version of the map with another root comes out of a false
 * entry.
 */
class FalseMapEntryTest {

    private static final int KEYS = 60;
    private static final RecordId OLDER = SparseMapTest.recordId(-1);

    private final SparseMap honest = honest();
    private final List<MapSnapshot.Entry> entries = new ArrayList<>();

    private SparseMap honest() {
        SparseMap map = SparseMap.empty();
        for (int key = 0; key < KEYS; key++) {
            map = map.with(SparseMapTest.logId(key), SparseMapTest.recordId(key));
        }
        return map;
    }

    private SparseMap loaded(List<MapSnapshot.Entry> from) throws MalformedSnapshotException {
        MapAssembly assembly = new MapAssembly(SparseMap.empty());
        for (MapSnapshot.Entry entry : from) {
            assembly.add(entry.encode());
        }
        SparseMap map = assembly.finish();
        assertThat(map.root()).isEqualTo(honest.root());
        return map;
    }

    private static byte[] path(int key) {
        return MapHash.path(SparseMapTest.logId(key));
    }

    private int place(byte[] path) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).path().equals(Digest.ofBytes(path))) {
                return i;
            }
        }
        throw new AssertionError("no such entry");
    }

    /** The map with an older head for this key. */
    private SparseMap withFalseHead(int key) throws MalformedSnapshotException {
        honest.forEachEntry(entries::add);
        int at = place(path(key));
        MapSnapshot.Entry entry = entries.get(at);
        entries.set(at, new MapSnapshot.Entry(entry.path(), OLDER, entry.loneHash()));
        return loaded(entries);
    }

    /** A key that the map does not have and that parts from this one below where this one stands alone. */
    private int neighbourOf(int key) {
        int depth = honest.prove(path(key)).siblings().size();
        for (int other = KEYS; ; other++) {
            if (MapHash.sharedBits(path(key), path(other)) >= depth) {
                return other;
            }
        }
    }

    private static void assertRefused(SparseMap map, int key) {
        LogId logId = SparseMapTest.logId(key);
        assertThatThrownBy(() -> map.with(logId, SparseMapTest.recordId(7000)))
                .isInstanceOf(FalseMapEntryException.class)
                .hasMessageContaining("does not lead to its hash");
        assertThatThrownBy(() -> map.withAll(Map.of(logId, SparseMapTest.recordId(7000))))
                .isInstanceOf(FalseMapEntryException.class);
    }

    @Test
    void falseHeadIsNotMovedDownForANeighbour() throws Exception {
        SparseMap map = withFalseHead(3);
        assertThat(map.head(SparseMapTest.logId(3))).contains(OLDER);
        assertRefused(map, neighbourOf(3));
    }

    @Test
    void falseHeadIsNotReplaced() throws Exception {
        assertRefused(withFalseHead(3), 3);
    }

    @Test
    void falseHeadIsToldFromATrueOne() throws Exception {
        SparseMap map = withFalseHead(3);
        assertThatThrownBy(() -> map.requireTrue(SparseMapTest.logId(3)))
                .isInstanceOf(FalseMapEntryException.class)
                .hasMessageContaining("does not lead to its hash");
        for (int key = 0; key < KEYS; key++) {
            if (key != 3) {
                map.requireTrue(SparseMapTest.logId(key));
            }
        }
    }

    @Test
    void trueEntriesOfALoadedMapAreCalledTrueAndSoIsWhatItDoesNotHave() throws Exception {
        honest.forEachEntry(entries::add);
        SparseMap map = loaded(entries);
        for (int key = 0; key < 2 * KEYS; key++) {
            map.requireTrue(SparseMapTest.logId(key));
            map.with(SparseMapTest.logId(key), OLDER).requireTrue(SparseMapTest.logId(key));
        }
        SparseMap.empty().requireTrue(SparseMapTest.logId(3));
    }

    @Test
    void replacedEntriesAreCheckedLaterAndLeaveNoTrace() throws Exception {
        SparseMap map = withFalseHead(3);
        Map<LogId, RecordId> heads = new HashMap<>();
        for (int key = 0; key < KEYS; key += 3) {
            heads.put(SparseMapTest.logId(key), SparseMapTest.recordId(7000 + key));
        }
        ReplacedEntries replaced = new ReplacedEntries();
        assertThat(map.withAll(heads, replaced).root())
                .isEqualTo(honest.withAll(heads).root());
        assertThat(replaced.isEmpty()).isFalse();
        assertThatThrownBy(() -> checkAll(replaced)).isInstanceOf(FalseMapEntryException.class);

        ReplacedEntries honestOnes = new ReplacedEntries();
        entries.clear();
        honest.forEachEntry(entries::add);
        loaded(entries).withAll(heads, honestOnes);
        assertThat(checkAll(honestOnes)).isEqualTo(heads.size());
        assertThat(honestOnes.isEmpty()).isTrue();
    }

    private static int checkAll(ReplacedEntries replaced) {
        int checked = 0;
        while (replaced.checkNext()) {
            checked++;
        }
        return checked;
    }

    @Test
    void absenceIsNotProvedWithAFalseHead() throws Exception {
        SparseMap map = withFalseHead(3);
        LogId absent = SparseMapTest.logId(neighbourOf(3));
        assertThatThrownBy(() -> map.prove(absent)).isInstanceOf(FalseMapEntryException.class);
    }

    @Test
    void entryThatHidesAnotherKeyIsNotReplacedAndMakesNoRoomForTheHiddenOne() throws Exception {
        honest.forEachEntry(entries::add);
        int at = 0;
        while (parting(at) < Math.max(parting(at - 1), parting(at + 1)) + 1) {
            at++;
        }
        MapSnapshot.Entry shown = entries.get(at);
        MapSnapshot.Entry hidden = entries.get(at + 1);
        NodeHasher hasher = new NodeHasher();
        byte[] path = shown.path().bytes();
        // Both stand right below the fork where they part, and nothing else is under it.
        byte[] fork = hasher.node(shown.loneHash().bytes(), hidden.loneHash().bytes());
        int depth = Math.max(parting(at - 1), parting(at + 1)) + 1;
        byte[] hash = MapHash.climb(hasher, path, fork, parting(at), depth);
        entries.remove(at + 1);
        entries.set(at, new MapSnapshot.Entry(shown.path(), shown.head(), NodeHash.ofBytes(hash)));
        SparseMap map = loaded(entries);

        assertRefused(map, keyOf(shown));
        assertRefused(map, keyOf(hidden));
        LogId hiddenLog = SparseMapTest.logId(keyOf(hidden));
        assertThat(map.head(hiddenLog)).isEmpty();
        // Replaced unchecked, it shows in the root that a key is missing.
        Map<LogId, RecordId> head = Map.of(SparseMapTest.logId(keyOf(shown)), OLDER);
        assertThat(map.withAll(head, new ReplacedEntries()).root())
                .isNotEqualTo(honest.withAll(head).root());
        assertThatThrownBy(() -> map.requireTrue(hiddenLog)).isInstanceOf(FalseMapEntryException.class);
    }

    /** Bits that this entry and the next one share. */
    private int parting(int at) {
        return at < 0 || at + 1 >= entries.size()
                ? -1
                : MapHash.sharedBits(
                        entries.get(at).path().bytes(),
                        entries.get(at + 1).path().bytes());
    }

    private static int keyOf(MapSnapshot.Entry entry) {
        for (int key = 0; ; key++) {
            if (Digest.ofBytes(path(key)).equals(entry.path())) {
                return key;
            }
        }
    }

    @Test
    void trueEntriesBesideAFalseOneGiveTheTrueMap() throws Exception {
        SparseMap map = withFalseHead(3);
        int depth = honest.prove(path(3)).siblings().size();
        for (int key = 0; key < 3 * KEYS; key++) {
            if (MapHash.sharedBits(path(3), path(key)) < depth) {
                LogId logId = SparseMapTest.logId(key);
                assertThat(map.with(logId, OLDER).root())
                        .isEqualTo(honest.with(logId, OLDER).root());
            }
        }
    }
}
