package dev.lair.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A full tile of 256 hashes (transparency log, section 1). Partial tiles are never stored: the log's entries and its
 * frontier give them.
 *
 * @param level tile level: a hash at level L is the root of 256^L leaves
 * @param index 0-based number of the tile within its level
 * @param bytes the hashes, {@link #LENGTH} bytes; not copied, so the maker must let go of the array
 */
@SuppressWarnings("ArrayRecordComponent") // Tiles are written once and never compared.
public record FullTile(int level, long index, byte[] bytes) {

    /** Length of every full tile in bytes: 256 hashes of 32. */
    public static final int LENGTH = 8192;

    /** Highest level that a log of fewer than 2^63 leaves can fill: a tile at level 6 covers 2^56 leaves. */
    public static final int MAX_LEVEL = 6;

    public FullTile {
        if (level < 0 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("a full tile has a level from 0 to " + MAX_LEVEL + ", not " + level);
        }
        if (index < 0 || index >= fullTiles(level, Long.MAX_VALUE)) {
            throw new IllegalArgumentException("no log has a full tile " + index + " at level " + level);
        }
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a full tile has " + LENGTH + " bytes, not " + bytes.length);
        }
    }

    /** How many tiles of {@code level} are full in a tree of {@code treeSize} leaves. */
    static long fullTiles(int level, long treeSize) {
        return treeSize >> (8 * (level + 1));
    }

    /** Requires that {@code tiles} are exactly those which a log completes when it grows, in any order. */
    static void requireCompleted(long fromSize, long toSize, List<FullTile> tiles) {
        List<String> completed = new ArrayList<>();
        for (int level = 0; level <= MAX_LEVEL; level++) {
            long until = fullTiles(level, toSize);
            for (long index = fullTiles(level, fromSize); index < until; index++) {
                completed.add(level + "/" + index);
            }
        }
        List<String> given = tiles.stream()
                .sorted(Comparator.comparingInt(FullTile::level).thenComparingLong(FullTile::index))
                .map(tile -> tile.level() + "/" + tile.index())
                .toList();
        if (!given.equals(completed)) {
            throw new IllegalArgumentException("growing from " + fromSize + " to " + toSize
                    + " leaves completes the tiles " + completed + ", the batch has " + given);
        }
    }
}
