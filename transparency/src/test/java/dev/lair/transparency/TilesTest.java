package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** tlog-tiles over 70,000 leaves. */
class TilesTest {

    private static final int SIZE = 70_000;
    private static final JsonNode VECTOR = Vectors.TLOG.get("tiles_70000");
    private static final MemoryLog LOG = MemoryLog.of(SIZE, i -> Vectors.utf8(Integer.toString(i)));

    @Test
    void rootsEqualTheVectors() {
        for (Map.Entry<String, JsonNode> root : VECTOR.get("roots").properties()) {
            long size = Long.parseLong(root.getKey());
            RootHash expected = Vectors.root(root.getValue());
            assertThat(LOG.root(size)).isEqualTo(expected);
            assertThat(Frontier.read(new TileNodes(LOG, size), size).root()).isEqualTo(expected);
        }
    }

    @Test
    void tileCountsEqualTheVectors() {
        JsonNode counts = VECTOR.get("tile_counts");
        assertThat(Tile.fullTiles(0, SIZE)).isEqualTo(counts.get("level0_full").asLong());
        assertThat(Tile.partialWidth(0, SIZE))
                .isEqualTo(counts.get("level0_partial_w").asInt());
        assertThat(Tile.fullTiles(1, SIZE)).isEqualTo(counts.get("level1_full").asLong());
        assertThat(Tile.partialWidth(1, SIZE))
                .isEqualTo(counts.get("level1_partial_w").asInt());
        assertThat(Tile.fullTiles(2, SIZE)).isZero();
        assertThat(Tile.partialWidth(2, SIZE))
                .isEqualTo(counts.get("level2_partial_w").asInt());
        assertThat(Tile.partialTiles(SIZE).stream().map(TilePath::format))
                .containsExactly("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1");
        assertThat(Tile.partialTiles(65536).stream().map(TilePath::format)).containsExactly("tile/2/000.p/1");
        assertThat(Tile.partialTiles(0)).isEmpty();
        assertThat(Tile.partialTiles(Long.MAX_VALUE)).hasSize(8);
        assertThat(Tile.fullTiles(63, Long.MAX_VALUE)).isZero();
    }

    @Test
    void tilesEqualTheVectors() {
        for (JsonNode vector : VECTOR.get("tiles")) {
            TilePath.Hashes path =
                    (TilePath.Hashes) TilePath.parse(vector.get("path").asString());
            assertThat(path.width()).isEqualTo(path.tile().widthAt(SIZE));
            byte[] tile = LOG.row(path.tile().level(), 256 * path.tile().n(), path.width());
            assertThat(tile).hasSize(vector.get("len").asInt());
            assertThat(Digest.of(tile).hex()).isEqualTo(vector.get("sha256").asString());
            assertThat(Tile.hash(tile, 0).hex())
                    .isEqualTo(vector.get("first_hash").asString());
            assertThatThrownBy(() -> Tile.hash(tile, path.width())).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void rootOfAFullTileIsItsHashInTheTileAbove() {
        for (int n : new int[] {0, 1, 255, 272}) {
            assertThat(Tile.root(LOG.row(0, 256L * n, 256))).isEqualTo(LOG.node(8, n));
        }
        assertThat(Tile.root(LOG.row(1, 0, 256))).isEqualTo(LOG.node(16, 0));
        assertThatThrownBy(() -> Tile.root(new byte[8160])).isInstanceOf(MalformedTileException.class);
    }

    @Test
    void widthsFollowTheSize() {
        assertThat(new TileId(0, 0).widthAt(0)).isZero();
        assertThat(new TileId(0, 273).widthAt(SIZE)).isEqualTo(112);
        assertThat(new TileId(0, 274).widthAt(SIZE)).isZero();
        assertThat(new TileId(1, 0).widthAt(65535)).isEqualTo(255);
        assertThat(new TileId(1, 0).widthAt(65536)).isEqualTo(256);
        assertThat(new TileId(63, 0).widthAt(Long.MAX_VALUE)).isZero();
        assertThat(new TileId(7, 0).widthAt(Long.MAX_VALUE)).isEqualTo(127);
        assertThat(new TileId(0, Long.MAX_VALUE).widthAt(Long.MAX_VALUE)).isZero();
        assertThatThrownBy(() -> new TileId(64, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TileId(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bundlesEqualTheVectors() {
        for (JsonNode vector : VECTOR.get("bundles")) {
            TilePath.Entries path =
                    (TilePath.Entries) TilePath.parse(vector.get("path").asString());
            List<byte[]> entries = new ArrayList<>();
            for (int i = 0; i < path.width(); i++) {
                entries.add(LOG.entry(256 * path.n() + i));
            }
            byte[] body = EntryBundle.encode(entries);
            assertThat(body).hasSize(vector.get("len").asInt());
            assertThat(Digest.of(body).hex()).isEqualTo(vector.get("sha256").asString());
            assertThat(Vectors.hex(body)).startsWith(vector.get("prefix_hex").asString());
            assertThat(EntryBundle.parse(body, path.width())).containsExactlyElementsOf(entries);
        }
    }

    @Test
    void proofsFromTilesEqualTheVectors() throws ProofRejected {
        TileNodes nodes = new TileNodes(LOG, SIZE);
        InclusionProof inclusion = InclusionProof.build(nodes, 12345, SIZE);
        assertThat(inclusion.hashes()).isEqualTo(Vectors.nodeHashes(VECTOR.get("inclusion_12345_of_70000")));
        inclusion.verify(LOG.leaf(12345), LOG.root(SIZE));
        ConsistencyProof consistency = ConsistencyProof.build(nodes, 65537, SIZE);
        assertThat(consistency.hashes()).isEqualTo(Vectors.nodeHashes(VECTOR.get("consistency_65537_70000")));
        consistency.verify(LOG.root(65537), LOG.root(SIZE));
    }

    @Test
    void everyNodeFromTilesEqualsTheNodeFromMemory() {
        for (long size : new long[] {1, 255, 256, 257, 511, 65535, 65536, 65537, SIZE}) {
            for (boolean partial : new boolean[] {true, false}) {
                LOG.keepsPartialTiles = partial;
                TileNodes nodes = new TileNodes(LOG, size);
                for (int level = 0; size >> level > 0; level++) {
                    for (long index = 0; index < size >> level; index += 1 + size / 700) {
                        assertThat(nodes.node(level, index)).isEqualTo(LOG.node(level, index));
                    }
                    long last = (size >> level) - 1;
                    assertThat(nodes.node(level, last)).isEqualTo(LOG.node(level, last));
                    int outside = level;
                    assertThatThrownBy(() -> nodes.node(outside, last + 1))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                }
                assertThatThrownBy(() -> nodes.node(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> nodes.node(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> nodes.node(63, 0)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> nodes.node(64, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void aProofReadsAtMostTwoTilesPerLevel() {
        LOG.keepsPartialTiles = true;
        for (long size : new long[] {257, 65536, SIZE}) {
            for (long index = 0; index < size; index += 1 + size / 97) {
                LOG.tilesRead = 0;
                LOG.leafRowsRead = 0;
                InclusionProof.build(new TileNodes(LOG, size), index, size);
                assertThat(LOG.tilesRead + LOG.leafRowsRead).isLessThanOrEqualTo(6);
            }
        }
    }

    @Test
    void aTileIsReadOnceWhileItIsRemembered() {
        LOG.keepsPartialTiles = true;
        TileNodes nodes = new TileNodes(LOG, SIZE);
        LOG.tilesRead = 0;
        for (int index = 0; index < 256; index++) {
            nodes.node(0, index);
            nodes.node(3, index / 8);
        }
        assertThat(LOG.tilesRead).isEqualTo(1);
    }

    @Test
    void aTileThatIsNotStoredIsDerivedFromBelow() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(1000);
        log.keepsFullTiles = false;
        TileNodes nodes = new TileNodes(log, 1000);
        for (long index = 0; index < 1000; index += 37) {
            InclusionProof.build(nodes, index, 1000).verify(log.leaf(index), log.root(1000));
        }
    }

    @Test
    void laterLeavesAreNotSeen() throws ProofRejected {
        TileNodes nodes = new TileNodes(LOG, 300);
        assertThat(nodes.treeSize()).isEqualTo(300);
        assertThat(Frontier.read(nodes, 300).root()).isEqualTo(LOG.root(300));
        LogProofBundle.inclusion(nodes, 300, List.of(299L))
                .verifyInclusion(300, LOG.root(300), Map.of(299L, LOG.leaf(299)));
        assertThatThrownBy(() -> nodes.node(0, 300))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("a tree of 300 leaves has no node 300 at level 0");
    }

    @Test
    void aRowHasNoNodeBeyondItsWidth() {
        TileRow row = new TileRow(5, i -> LOG.leaf(i).bytes());
        assertThat(row.node(1, 1)).isEqualTo(LOG.node(1, 1).bytes());
        assertThatThrownBy(() -> row.node(0, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> row.node(1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> row.node(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void nodesAboveAFullTileAreThoseOfTheTree() {
        byte[] above = Tile.nodesAbove(LOG.row(0, 256, 256));
        assertThat(above).hasSize(255 * 32);
        for (int height = 1; height <= 8; height++) {
            for (int i = 0; i < 256 >> height; i++) {
                assertThat(Tile.nodeAbove(above, height, i))
                        .as("node %d of height %d", i, height)
                        .isEqualTo(LOG.node(height, (256 >> height) + i).bytes());
            }
        }
        assertThatThrownBy(() -> Tile.nodesAbove(new byte[8191])).isInstanceOf(MalformedTileException.class);
    }

    @Test
    void aTileOfAnotherLengthIsRefused() {
        TileSource broken = new TileSource() {
            @Override
            public byte[] fullTile(int level, long n) {
                return new byte[8191];
            }

            @Override
            public byte[] leafHashes(long first, int count) {
                return new byte[32 * count + 32];
            }
        };
        TileNodes nodes = new TileNodes(broken, 300);
        assertThatThrownBy(() -> nodes.node(0, 0)).isInstanceOf(MalformedTileException.class);
        assertThatThrownBy(() -> nodes.node(0, 299)).isInstanceOf(MalformedTileException.class);
    }

    @Test
    void aPartialTileIsAPrefixOfTheFullOne() {
        assertThat(Arrays.copyOf(LOG.row(0, 0, 256), 112 * 32)).isEqualTo(LOG.row(0, 0, 112));
    }

    @Test
    void theBuilderFillsEachTileOnceAndContinuesFromAnySize() {
        for (int start : new int[] {0, 1, 255, 256, 65_535, 65_536}) {
            TileBuilder builder = TileBuilder.resume(new TileNodes(LOG, start), start);
            Frontier frontier = LOG.frontier(start);
            int end = Math.min(SIZE, start + 1000);
            List<TileBuilder.Filled> filled = new ArrayList<>();
            for (int leaf = start; leaf < end; leaf++) {
                TileBuilder next = builder.copy();
                frontier = frontier.append(LOG.leaf(leaf), next);
                filled.addAll(next.takeFilled());
                assertThat(next.takeFilled()).isEmpty();
                builder = next;
            }
            List<TileId> expected = new ArrayList<>();
            for (int level = 0; level < 3; level++) {
                for (long n = Tile.fullTiles(level, start); n < Tile.fullTiles(level, end); n++) {
                    expected.add(new TileId(level, n));
                }
            }
            assertThat(filled.stream().map(TileBuilder.Filled::id)).containsExactlyInAnyOrderElementsOf(expected);
            for (TileBuilder.Filled tile : filled) {
                assertThat(tile.bytes())
                        .isEqualTo(LOG.row(tile.id().level(), 256 * tile.id().n(), 256));
            }
        }
    }

    @Test
    void theBuilderRefusesANodeThatDoesNotFollow() {
        TileBuilder builder = TileBuilder.resume(new TileNodes(LOG, 10), 10);
        assertThatThrownBy(() -> builder.node(0, 11, LOG.node(0, 11))).isInstanceOf(IllegalStateException.class);
    }
}
