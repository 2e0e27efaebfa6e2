package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects the tiles that a growing log fills (transparency log, section 1): give it to {@link Frontier#append} as the
 * sink, and take the tiles that became full. It holds the unfinished tile of each level, at most 255 hashes a level.
 *
 * <p>Not thread-safe; the one writer owns it. A writer whose commit may fail works on a {@link #copy} and keeps the old
 * one until the commit is durable.
 */
public final class TileBuilder implements NodeSink {

    /** A tile that became full, {@link Tile#FULL_BYTES} long. */
    @SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
    public record Filled(TileId id, byte[] bytes) {}

    private final Map<Integer, List<NodeHash>> unfinished;
    private final List<Filled> filled = new ArrayList<>();

    private TileBuilder(Map<Integer, List<NodeHash>> unfinished) {
        this.unfinished = unfinished;
    }

    /** Continues a log of {@code treeSize} leaves. */
    public static TileBuilder resume(NodeReader nodes, long treeSize) {
        Map<Integer, List<NodeHash>> rows = new TreeMap<>();
        for (int level = 0; level <= Limits.MAX_TILE_LEVEL && treeSize >> (level * Tile.HEIGHT) > 0; level++) {
            long end = treeSize >> (level * Tile.HEIGHT);
            List<NodeHash> row = new ArrayList<>();
            for (long index = end & -Tile.WIDTH; index < end; index++) {
                row.add(nodes.node(level * Tile.HEIGHT, index));
            }
            rows.put(level, row);
        }
        return new TileBuilder(rows);
    }

    /** The same unfinished tiles, and none of the full ones. */
    public TileBuilder copy() {
        Map<Integer, List<NodeHash>> rows = new TreeMap<>();
        unfinished.forEach((level, row) -> rows.put(level, new ArrayList<>(row)));
        return new TileBuilder(rows);
    }

    @Override
    public void node(int level, long index, NodeHash hash) {
        if (level % Tile.HEIGHT != 0) {
            return;
        }
        int tileLevel = level / Tile.HEIGHT;
        List<NodeHash> row = unfinished.computeIfAbsent(tileLevel, none -> new ArrayList<>());
        if (row.size() != (index & (Tile.WIDTH - 1))) {
            throw new IllegalStateException("node " + index + " of level " + level + " does not follow the "
                    + row.size() + " hashes of its tile");
        }
        row.add(hash);
        if (row.size() == Tile.WIDTH) {
            filled.add(new Filled(new TileId(tileLevel, index >> Tile.HEIGHT), Tile.encode(row)));
            row.clear();
        }
    }

    /** The tiles that became full since the last call, in the order in which they did. */
    public List<Filled> takeFilled() {
        List<Filled> taken = List.copyOf(filled);
        filled.clear();
        return taken;
    }
}
