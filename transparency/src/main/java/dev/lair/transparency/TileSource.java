package dev.lair.transparency;

import org.jspecify.annotations.Nullable;

/**
 * Where the tiles of a log are kept. Full tiles never change; the right edge follows from leaf hashes. Implementations
 * may do I/O and may throw their own unchecked exception for it.
 */
public interface TileSource {

    /**
     * The 8,192 bytes of a full tile, or {@code null} when it is not stored: it is then derived from the level below,
     * which costs up to 256 reads.
     */
    byte @Nullable [] fullTile(int level, long n);

    /**
     * The nodes above the hashes of a full tile as {@link Tile#nodesAbove} lays them out, from a source that keeps them;
     * {@code null} where they are to be computed when they are needed.
     */
    default byte @Nullable [] nodesAbove(int level, long n) {
        return null;
    }

    /** The hashes of the leaves {@code [first, first + count)}, 32 bytes each; at most 256, all in one tile. */
    byte[] leafHashes(long first, int count);

    /**
     * The first {@code width} hashes, 32 bytes each, of the unfinished tile n at a level above 0, or {@code null} when
     * the store does not keep such rows: they are then derived from the full tiles below, one read per hash needed.
     */
    default byte @Nullable [] partialTile(int level, long n, int width) {
        return null;
    }
}
