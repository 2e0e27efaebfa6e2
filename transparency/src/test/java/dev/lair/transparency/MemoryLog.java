package dev.lair.transparency;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A log with every perfect node in memory; also serves its tiles and counts how many are read. */
final class MemoryLog implements NodeReader, TileSource {

    private final List<List<NodeHash>> levels = new ArrayList<>();
    private final List<Frontier> frontiers = new ArrayList<>(List.of(Frontier.empty()));
    private final List<byte[]> entries = new ArrayList<>();

    boolean keepsFullTiles = true;
    boolean keepsPartialTiles;
    int tilesRead;
    int leafRowsRead;

    static MemoryLog of(int size, IntFunction<byte[]> entry) {
        MemoryLog log = new MemoryLog();
        for (int i = 0; i < size; i++) {
            log.append(entry.apply(i));
        }
        return log;
    }

    /** Leaves 0, 1, 2 … as single bytes. */
    static MemoryLog ofSingleBytes(int size) {
        return of(size, i -> new byte[] {(byte) i});
    }

    static MemoryLog ofHex(JsonNode entries) {
        MemoryLog log = new MemoryLog();
        entries.forEach(entry -> log.append(Vectors.hex(entry)));
        return log;
    }

    static MemoryLog ofText(JsonNode entries) {
        MemoryLog log = new MemoryLog();
        entries.forEach(entry -> log.append(Vectors.utf8(entry.asString())));
        return log;
    }

    void append(byte[] entry) {
        entries.add(entry);
        frontiers.add(frontiers.getLast().append(MerkleHash.leaf(entry), (level, index, hash) -> {
            while (levels.size() <= level) {
                levels.add(new ArrayList<>());
            }
            if (levels.get(level).size() != index) {
                throw new AssertionError("node " + index + " at level " + level + " is out of order");
            }
            levels.get(level).add(hash);
        }));
    }

    long size() {
        return entries.size();
    }

    byte[] entry(long index) {
        return entries.get((int) index);
    }

    LeafHash leaf(long index) {
        return MerkleHash.leaf(entry(index));
    }

    Frontier frontier(long size) {
        return frontiers.get((int) size);
    }

    RootHash root(long size) {
        return frontier(size).root();
    }

    @Override
    public NodeHash node(int level, long index) {
        return levels.get(level).get((int) index);
    }

    /** Hashes [first, first + count) of a tile row. */
    byte[] row(int tileLevel, long first, int count) {
        return Tile.encode(levels.get(8 * tileLevel).subList((int) first, (int) first + count));
    }

    @Override
    public byte @Nullable [] fullTile(int level, long n) {
        tilesRead++;
        return keepsFullTiles ? row(level, 256 * n, 256) : null;
    }

    @Override
    public byte[] leafHashes(long first, int count) {
        leafRowsRead++;
        return row(0, first, count);
    }

    @Override
    public byte @Nullable [] partialTile(int level, long n, int width) {
        tilesRead++;
        return keepsPartialTiles ? row(level, 256 * n, width) : null;
    }
}
