package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapSnapshotTest {

    @Test
    void aMapComesBackWithItsRootProofsAndFuture() throws Exception {
        for (int size : new int[] {0, 1, 2, 3, 7, 100, 5000}) {
            SparseMap map = mapOf(size);
            byte[] bytes = written(new MapSnapshot(1000L + size, map));
            MapSnapshot read = MapSnapshot.readFrom(new ByteArrayInputStream(bytes));
            assertThat(read.logSize()).isEqualTo(1000L + size);
            assertThat(read.map().size()).isEqualTo(size);
            assertThat(read.map().root()).isEqualTo(map.root());
            for (int key = 0; key < size + 20; key += 1 + size / 100) {
                LogId logId = SparseMapTest.logId(key);
                assertThat(read.map().head(logId)).isEqualTo(map.head(logId));
                assertThat(read.map().prove(logId)).isEqualTo(map.prove(logId));
            }
            for (int key = size; key < size + 20; key++) {
                LogId logId = SparseMapTest.logId(key);
                assertThat(read.map().with(logId, SparseMapTest.recordId(key)).root())
                        .isEqualTo(map.with(logId, SparseMapTest.recordId(key)).root());
            }
        }
    }

    @Test
    void theLayoutIsHeaderEntriesDigest() throws Exception {
        SparseMap map = mapOf(2);
        MapSnapshot snapshot = new MapSnapshot(9, map);
        byte[] bytes = written(snapshot);
        assertThat(bytes).hasSize(20 + 8 + 32 + 8 + 2 * 96 + 32);
        assertThat(snapshot.sizeBytes()).isEqualTo(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        assertThat(taken(in, 20)).isEqualTo(Vectors.utf8("LAIR-MAP-SNAPSHOT-V1"));
        assertThat(in.getLong()).isEqualTo(9);
        assertThat(taken(in, 32)).isEqualTo(map.root().bytes());
        assertThat(in.getLong()).isEqualTo(2);
        for (MapSnapshot.Entry entry : entries(map)) {
            assertThat(taken(in, 96)).isEqualTo(entry.encode());
        }
        assertThat(taken(in, 32)).isEqualTo(Sha256Value.sha256(Arrays.copyOf(bytes, bytes.length - 32)));
    }

    private static byte[] taken(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    @Test
    void entriesStandInPathOrderWithTheHashWhereEachStandsAlone() {
        SparseMap map = mapOf(500);
        List<MapSnapshot.Entry> entries = entries(map);
        assertThat(entries).hasSize(500).isSortedAccordingTo((a, b) -> a.path().compareTo(b.path()));
        for (MapSnapshot.Entry entry : entries.subList(0, 50)) {
            int depth = map.prove(entry.path().bytes()).siblings().size();
            NodeHasher hasher = new NodeHasher();
            assertThat(entry.loneHash().bytes())
                    .isEqualTo(MapHash.climb(
                            hasher, entry.path().bytes(), MapHash.leaf(hasher, entry.head()), 256, depth));
        }
    }

    private static SparseMap assembled(List<MapSnapshot.Entry> sorted) throws MalformedSnapshotException {
        MapAssembly assembly = new MapAssembly(SparseMap.empty());
        for (MapSnapshot.Entry entry : sorted) {
            assembly.add(entry.encode());
        }
        return assembly.finish();
    }

    @Test
    void assemblyOfTheEntriesOfForEachEntryIsTheMap() throws Exception {
        for (int size : new int[] {0, 1, 2, 300}) {
            SparseMap map = mapOf(size);
            SparseMap rebuilt = assembled(entries(map));
            assertThat(rebuilt.root()).isEqualTo(map.root());
            assertThat(rebuilt.size()).isEqualTo(size);
        }
    }

    @Test
    void entriesOutOfOrderOrTwiceAreRefused() {
        List<MapSnapshot.Entry> reversed = new ArrayList<>(entries(mapOf(10)));
        Collections.reverse(reversed);
        assertThatThrownBy(() -> assembled(reversed)).isInstanceOf(MalformedSnapshotException.class);
        MapSnapshot.Entry one = reversed.getFirst();
        assertThatThrownBy(() -> assembled(List.of(one, one))).isInstanceOf(MalformedSnapshotException.class);
    }

    @Test
    void anyOtherBytesAreRejected() throws Exception {
        byte[] bytes = written(new MapSnapshot(77, mapOf(5)));
        for (byte[] changed : Mutations.all(bytes)) {
            assertThatThrownBy(() -> MapSnapshot.readFrom(new ByteArrayInputStream(changed)))
                    .isInstanceOf(MalformedSnapshotException.class);
        }
        byte[] empty = written(new MapSnapshot(0, SparseMap.empty()));
        for (byte[] changed : Mutations.all(empty)) {
            assertThatThrownBy(() -> MapSnapshot.readFrom(new ByteArrayInputStream(changed)))
                    .isInstanceOf(MalformedSnapshotException.class);
        }
    }

    @Test
    void aValidDigestDoesNotSaveABadHeaderOrEntriesThatMissTheRoot() throws Exception {
        byte[] bytes = written(new MapSnapshot(77, mapOf(5)));
        for (int at : new int[] {28, 68 + 64, 68 + 96 + 64}) {
            assertForged(bytes, at, 1, "map root");
        }
        assertForged(bytes, 0, 1, "does not start with");
        assertForged(bytes, 20, 0x80, "negative");
        assertForged(written(new MapSnapshot(0, SparseMap.empty())), 60, 0x80, "negative");
        assertForged(bytes, 68, 0x80, "");
    }

    private static void assertForged(byte[] snapshot, int at, int mask, String reason) {
        byte[] forged = snapshot.clone();
        forged[at] ^= (byte) mask;
        byte[] digest = Sha256Value.sha256(Arrays.copyOf(forged, forged.length - 32));
        System.arraycopy(digest, 0, forged, forged.length - 32, 32);
        assertThatThrownBy(() -> MapSnapshot.readFrom(new ByteArrayInputStream(forged)))
                .isInstanceOf(MalformedSnapshotException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aFailingStreamIsAnIoErrorAndNoRejection() {
        SparseMap map = mapOf(3);
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("disk");
            }
        };
        assertThatThrownBy(() -> MapSnapshot.readFrom(failing)).isInstanceOf(IOException.class);
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        assertThatThrownBy(() -> new MapSnapshot(1, map).writeTo(full)).isInstanceOf(IOException.class);
    }

    private static SparseMap mapOf(int size) {
        SparseMap map = SparseMap.empty();
        for (int key = 0; key < size; key++) {
            map = map.with(SparseMapTest.logId(key), SparseMapTest.recordId(key));
        }
        return map;
    }

    private static byte[] written(MapSnapshot snapshot) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        snapshot.writeTo(out);
        return out.toByteArray();
    }

    private static List<MapSnapshot.Entry> entries(SparseMap map) {
        List<MapSnapshot.Entry> entries = new ArrayList<>();
        map.forEachEntry(entries::add);
        return entries;
    }
}
