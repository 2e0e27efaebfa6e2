package dev.lair.transparency;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of one tile and the perfect subtrees above them, each read or computed when first asked for and then kept:
 * at most 511 hashes, 24 KiB. Not for concurrent use.
 */
final class TileRow {

    private final NodeHasher hasher = new NodeHasher();
    private final IntFunction<byte[]> hashes;
    private final byte[] @Nullable [][] nodes;

    /** Laid out as by {@link Tile#nodesAbove}; of a full tile. */
    private final byte @Nullable [] above;

    /** @param hashes gives hash i of the tile, for i below {@code width} */
    TileRow(int width, IntFunction<byte[]> hashes) {
        this(width, hashes, null);
    }

    /** @param above all nodes above the hashes, if somebody computed them already */
    TileRow(int width, IntFunction<byte[]> hashes, byte @Nullable [] above) {
        this.hashes = hashes;
        this.above = above;
        this.nodes = new byte[Tile.HEIGHT + 1][][];
        for (int height = 0; height <= Tile.HEIGHT; height++) {
            nodes[height] = new byte[width >> height][];
        }
    }

    /** Root over the hashes {@code [i << height, (i + 1) << height)} of this tile. */
    byte[] node(int height, int i) {
        byte[] known = nodes[height][i];
        if (known != null) {
            return known;
        }
        byte[] node =
                height == 0 ? hashes.apply(i) : above != null ? Tile.nodeAbove(above, height, i) : hashed(height, i);
        nodes[height][i] = node;
        return node;
    }

    private byte[] hashed(int height, int i) {
        return hasher.node(node(height - 1, 2 * i), node(height - 1, 2 * i + 1));
    }
}
