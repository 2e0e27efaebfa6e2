package dev.lair.transparency;

/**
 * Coordinates of one tile. Hash i of tile (level, n) is the root of the perfect subtree over the leaves
 * {@code [(256n + i)·256^level, (256n + i + 1)·256^level)}.
 *
 * @param level 0 for leaf hashes; one tile level is eight tree levels
 * @param n position of the tile in its row
 */
public record TileId(int level, long n) {

    public TileId {
        if (level < 0 || level > Limits.MAX_TILE_LEVEL || n < 0) {
            throw new IllegalArgumentException("no tile " + n + " at level " + level);
        }
    }

    /** How many of its 256 hashes this tile has in a tree of this size: 0 when it does not exist, 256 when it is full. */
    public int widthAt(long treeSize) {
        long hashesInRow = level * Tile.HEIGHT > 62 ? 0 : treeSize >> (level * Tile.HEIGHT);
        long first = n > Long.MAX_VALUE >> Tile.HEIGHT ? Long.MAX_VALUE : n << Tile.HEIGHT;
        return (int) Math.clamp(hashesInRow - first, 0L, (long) Tile.WIDTH);
    }

    /** Path of the tile when it has {@code width} hashes. */
    public TilePath.Hashes path(int width) {
        return new TilePath.Hashes(this, width);
    }
}
