package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Paths and entry bundles of tlog-tiles. */
class TileFormatsTest {

    @Test
    void pathsEqualTheVectors() {
        for (Map.Entry<String, JsonNode> vector :
                Vectors.TLOG.get("tiles_70000").get("paths").properties()) {
            long n = Long.parseLong(vector.getKey());
            String text = vector.getValue().asString();
            assertPath(new TileId(0, n).path(256), "tile/0/" + text);
            assertPath(new TileId(63, n).path(1), "tile/63/" + text + ".p/1");
            assertPath(new TilePath.Entries(n, 256), "tile/entries/" + text);
            assertPath(new TilePath.Entries(n, 255), "tile/entries/" + text + ".p/255");
        }
        assertPath(new TileId(1, Long.MAX_VALUE).path(256), "tile/1/x009/x223/x372/x036/x854/x775/807");
    }

    private static void assertPath(TilePath path, String text) {
        assertThat(path.format()).isEqualTo(text);
        assertThat(TilePath.parse(text)).isEqualTo(path);
    }

    @Test
    void everyPathComesBack() {
        Random random = new Random(3);
        for (int round = 0; round < 5000; round++) {
            long n = random.nextLong() >>> (1 + random.nextInt(63));
            int width = 1 + random.nextInt(256);
            TilePath path = random.nextBoolean()
                    ? new TilePath.Entries(n, width)
                    : new TileId(random.nextInt(64), n).path(width);
            assertThat(TilePath.parse(path.format())).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "tile",
                "tile/",
                "tile/0",
                "tile/0/",
                "tile//000",
                "tile/0/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/0/x000",
                "tile/0/x000/000",
                "tile/0/000/000",
                "tile/0/x001",
                "tile/0/001/",
                "tile/0/x001/x234",
                "tile/0/x01/234",
                "tile/0/x001//067",
                "tile/0/y001/067",
                "tile/0/xx01/067",
                "tile/0/-01",
                "tile/0/+01",
                "tile/0/0a1",
                "tile/0/\u0661\u0662\u0663",
                "/tile/0/000",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/100/000",
                "tile/4294967296/000",
                "tile/Entries/000",
                "tile/8/0/000",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000.p/",
                "tile/0/000.p",
                "tile/0/000.p/1/",
                "tile/0/000.p/1.p/1",
                "tile/0/.p/1",
                "tile/0.p/1",
                "tile/.p/1",
                "tile/0/x001.p/067",
                "tile/0/000.q/1",
                "tile/0/000?",
                "tile/0/000 ",
                "tile/entries/000.p/x",
                "tile/0/x009/x223/x372/x036/x854/x775/808",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/999"
            })
    void anyOtherSpellingOfAPathIsRefused(String path) {
        assertThatThrownBy(() -> TilePath.parse(path)).isInstanceOf(MalformedTileException.class);
    }

    @Test
    void aLongBadPathIsCutInTheMessage() {
        assertThatThrownBy(() -> TilePath.parse("tile/0/" + "9".repeat(10_000)))
                .isInstanceOf(MalformedTileException.class)
                .message()
                .hasSizeLessThan(300);
    }

    @Test
    void widthsBeyondATileAreRefused() {
        assertThatThrownBy(() -> new TileId(0, 0).path(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TileId(0, 0).path(257)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TilePath.Entries(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bundlesOfEmptyAndLongestEntriesComeBack() {
        List<byte[]> entries = List.of(new byte[0], new byte[65_535], new byte[] {1, 2});
        byte[] body = EntryBundle.encode(entries);
        assertThat(body).hasSize(3 * 2 + 65_537);
        assertThat(EntryBundle.parse(body, 3)).containsExactlyElementsOf(entries);
        assertThat(EntryBundle.encode(List.of())).isEmpty();
        assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EntryBundle.encode(Collections.nCopies(257, new byte[0])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cutExtendedAndMiscountedBundlesAreRefused() {
        byte[] body = EntryBundle.encode(List.of(new byte[] {1, 2, 3}, new byte[0], new byte[] {4}));
        for (byte[] changed : Mutations.truncations(body)) {
            assertThatThrownBy(() -> EntryBundle.parse(changed, 3)).isInstanceOf(MalformedTileException.class);
        }
        for (byte[] changed : Mutations.extensions(body)) {
            assertThatThrownBy(() -> EntryBundle.parse(changed, 3)).isInstanceOf(MalformedTileException.class);
        }
        for (int count : new int[] {-1, 0, 1, 2, 4, 256}) {
            assertThatThrownBy(() -> EntryBundle.parse(body, count)).isInstanceOf(MalformedTileException.class);
        }
    }
}
