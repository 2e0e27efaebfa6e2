package dev.lair.transparency;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads any perfect subtree of a tree of {@code treeSize} leaves from tiles (transparency log, section 1, "Proofs from
 * tiles"): node (l, k) lies in the tile row {@code T = l / 8}; with {@code h = l mod 8} its hashes are
 * {@code [k·2^h, (k + 1)·2^h)} of that row, all in one tile. So a proof reads at most two tiles per tile level.
 *
 * <p>Tiles that were read, and the nodes computed inside them, are kept: the last {@value Limits#CACHED_TILES}. Nothing
 * is verified here; a wrong tile makes a proof that does not verify. One instance serves one thread.
 */
public final class TileNodes implements NodeReader {

    private final TileSource source;
    private final long treeSize;
    private final Map<TileId, TileRow> rows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TileId, TileRow> eldest) {
            return size() > Limits.CACHED_TILES;
        }
    };

    /** Reads a tree that has at least {@code treeSize} leaves in {@code source}; later leaves are not seen. */
    public TileNodes(TileSource source, long treeSize) {
        this.source = source;
        this.treeSize = treeSize;
    }

    /** Number of leaves that this reader sees. */
    public long treeSize() {
        return treeSize;
    }

    @Override
    public NodeHash node(int level, long index) {
        if (level < 0 || index < 0 || !new PerfectSubtree(level, index).existsAt(treeSize)) {
            throw new IndexOutOfBoundsException(
                    "a tree of " + treeSize + " leaves has no node " + index + " at level " + level);
        }
        return NodeHash.ofBytes(hash(level, index));
    }

    private byte[] hash(int level, long index) {
        int height = level % Tile.HEIGHT;
        TileId tile = new TileId(level / Tile.HEIGHT, index >> (Tile.HEIGHT - height));
        return row(tile).node(height, (int) (index & ((Tile.WIDTH >> height) - 1)));
    }

    private TileRow row(TileId tile) {
        TileRow known = rows.get(tile);
        if (known != null) {
            return known;
        }
        TileRow row = load(tile, tile.widthAt(treeSize));
        rows.put(tile, row);
        return row;
    }

    private TileRow load(TileId tile, int width) {
        byte[] stored = width == Tile.WIDTH
                ? source.fullTile(tile.level(), tile.n())
                : tile.level() == 0 ? null : source.partialTile(tile.level(), tile.n(), width);
        if (stored == null && tile.level() > 0) {
            long first = tile.n() << Tile.HEIGHT;
            return new TileRow(
                    width, i -> row(new TileId(tile.level() - 1, first + i)).node(Tile.HEIGHT, 0));
        }
        byte[] hashes = stored != null ? stored : source.leafHashes(tile.n() << Tile.HEIGHT, width);
        if (hashes.length != width * Sha256Value.LENGTH) {
            throw new MalformedTileException("the store gave " + hashes.length + " bytes for " + width
                    + " hashes of tile " + tile.n() + " at level " + tile.level());
        }
        byte[] above = width == Tile.WIDTH ? source.nodesAbove(tile.level(), tile.n()) : null;
        return new TileRow(width, i -> Tile.hashBytes(hashes, i), above);
    }
}
