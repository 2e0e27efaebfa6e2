package dev.lair.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tile format of tlog-tiles (transparency log, section 1): up to 256 hashes of one row, 32 bytes each, so a full
 * tile has 8,192 bytes and the partial tile of width W is the first W hashes of the full one.
 */
public final class Tile {

    /** Tree levels per tile. */
    public static final int HEIGHT = 8;

    /** Hashes in a full tile. */
    public static final int WIDTH = 1 << HEIGHT;

    /** Bytes of a full tile. */
    public static final int FULL_BYTES = WIDTH * Sha256Value.LENGTH;

    private Tile() {}

    /** Number of full tiles at a level in a tree of this size. */
    public static long fullTiles(int level, long treeSize) {
        int shift = (level + 1) * HEIGHT;
        return shift > 62 ? 0 : treeSize >> shift;
    }

    /** Width of the tile after the full ones, 0 when there is none: {@code floor(size / 256^level) mod 256}. */
    public static int partialWidth(int level, long treeSize) {
        int shift = level * HEIGHT;
        return shift > 62 ? 0 : (int) (treeSize >> shift & WIDTH - 1);
    }

    /** The partial tiles that must be served for a tree of this size, lowest level first. */
    public static List<TilePath.Hashes> partialTiles(long treeSize) {
        List<TilePath.Hashes> partial = new ArrayList<>();
        for (int level = 0; level * HEIGHT <= 62; level++) {
            int width = partialWidth(level, treeSize);
            if (width > 0) {
                partial.add(new TileId(level, fullTiles(level, treeSize)).path(width));
            }
        }
        return partial;
    }

    /**
     * Hash i of a tile.
     *
     * @throws IndexOutOfBoundsException when the tile is not that wide
     */
    public static NodeHash hash(byte[] tile, int i) {
        return NodeHash.ofBytes(hashBytes(tile, i));
    }

    static byte[] hashBytes(byte[] tile, int i) {
        int from = i * Sha256Value.LENGTH;
        if (i < 0 || from + Sha256Value.LENGTH > tile.length) {
            throw new IndexOutOfBoundsException("no hash " + i + " in a tile of " + tile.length + " bytes");
        }
        return Arrays.copyOfRange(tile, from, from + Sha256Value.LENGTH);
    }

    /** The hashes of one row, in order, as the body of a tile. */
    public static byte[] encode(List<NodeHash> hashes) {
        byte[] tile = new byte[hashes.size() * Sha256Value.LENGTH];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i).raw(), 0, tile, i * Sha256Value.LENGTH, Sha256Value.LENGTH);
        }
        return tile;
    }

    private static void requireFull(byte[] tile) {
        if (tile.length != FULL_BYTES) {
            throw new MalformedTileException("a full tile has 8192 bytes, not " + tile.length);
        }
    }

    /**
     * Every node above the hashes of a full tile, 32 bytes each: the 128 over two hashes, then the 64 over four, up to the
     * root.
     *
     * @throws MalformedTileException when it is not full
     */
    public static byte[] nodesAbove(byte[] fullTile) {
        requireFull(fullTile);
        NodeHasher hasher = new NodeHasher();
        byte[] above = new byte[FULL_BYTES - Sha256Value.LENGTH];
        for (int height = 1; height <= HEIGHT; height++) {
            for (int i = 0; i < WIDTH >> height; i++) {
                byte[] left = height == 1 ? hashBytes(fullTile, 2 * i) : nodeAbove(above, height - 1, 2 * i);
                byte[] right = height == 1 ? hashBytes(fullTile, 2 * i + 1) : nodeAbove(above, height - 1, 2 * i + 1);
                System.arraycopy(hasher.node(left, right), 0, above, placeAbove(height, i), Sha256Value.LENGTH);
            }
        }
        return above;
    }

    /** Node i of the row that is {@code height} rows above the hashes, 1 to 8, out of {@link #nodesAbove}. */
    static byte[] nodeAbove(byte[] above, int height, int i) {
        int from = placeAbove(height, i);
        return Arrays.copyOfRange(above, from, from + Sha256Value.LENGTH);
    }

    /** Rows of 128, 64, … nodes: those below this one have {@code 256 - 2 * width} together. */
    private static int placeAbove(int height, int i) {
        return (WIDTH - 2 * (WIDTH >> height) + i) * Sha256Value.LENGTH;
    }

    /**
     * Root of a full tile: the hash for which it stands in the tile above.
     *
     * @throws MalformedTileException when it is not full
     */
    public static NodeHash root(byte[] fullTile) {
        requireFull(fullTile);
        return NodeHash.ofBytes(new TileRow(WIDTH, i -> hashBytes(fullTile, i)).node(HEIGHT, 0));
    }
}
