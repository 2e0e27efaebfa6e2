package dev.lair.server.ledger;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TilePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What of one log belongs into the archive: its full tiles and full entry bundles, under the paths under which the server
 * serves them. The log is cut into steps of 256 entries: step {@code n} completes bundle {@code n}, tile {@code n} of level
 * 0, and perhaps tiles above. Eight steps are a batch; everybody puts batches in their order, and the level 0 tile of a
 * batch's last step, its <em>seal</em>, behind all else in it. So where a seal is, everything up to it is.
 */
final class ArchivedLog {

    /** Steps of a batch, and so about 17 objects that may be under way at once. */
    static final int BATCH = 8;

    private final String prefix;
    private final LogTiles tiles;
    private final Bundles bundles;

    private interface Bundles {
        List<byte[]> entries(long fromIndex, long untilIndex);
    }

    /** One object. */
    record Item(String path, Supplier<byte[]> bytes) {}

    private ArchivedLog(String prefix, LogTiles tiles, Bundles bundles) {
        this.prefix = prefix;
        this.tiles = tiles;
        this.bundles = bundles;
    }

    /** @param generation of the logs' names: what a fork gave up stays under its paths, the next one has its own */
    static ArchivedLog main(LedgerStore store, LogTiles tiles, int generation) {
        return new ArchivedLog(
                folder(generation) + "log/",
                tiles,
                (from, until) ->
                        store.leaves(from, until).stream().map(LogLeaf::encode).toList());
    }

    static ArchivedLog evidence(EvidenceStore store, LogTiles tiles, int generation) {
        return new ArchivedLog(folder(generation) + "evidence/", tiles, store::entries);
    }

    private static String folder(int generation) {
        return generation == 1 ? "" : "generation/" + generation + "/";
    }

    /** How many steps a tree of this size completes. */
    static long steps(long treeSize) {
        return treeSize >> Tile.HEIGHT;
    }

    static boolean endsBatch(long step) {
        return (step + 1) % BATCH == 0;
    }

    /** What a step completes, without its level 0 tile. */
    List<Item> before(long step) {
        List<Item> items = new ArrayList<>();
        items.add(new Item(prefix + new TilePath.Entries(step, Tile.WIDTH).format(), () -> bundle(step)));
        long tile = step;
        for (int level = 1; (tile + 1) % Tile.WIDTH == 0; level++) {
            tile >>= Tile.HEIGHT;
            items.add(tile(new TileId(level, tile)));
        }
        return items;
    }

    /** The level 0 tile of a step. */
    Item tile(long step) {
        return tile(new TileId(0, step));
    }

    private Item tile(TileId id) {
        return new Item(prefix + new TilePath.Hashes(id, Tile.WIDTH).format(), () -> tiles.served(id, Tile.WIDTH));
    }

    private byte[] bundle(long step) {
        long first = step << Tile.HEIGHT;
        return EntryBundle.encode(bundles.entries(first, first + Tile.WIDTH));
    }

    /**
     * Whether an object is there.
     *
     * @throws ArchiveConflictException when it has other bytes than ours
     */
    static boolean isThere(Archive archive, Item item) throws ArchiveConflictException {
        Optional<byte[]> there = archive.get(item.path());
        if (there.isPresent() && !Arrays.equals(there.get(), item.bytes().get())) {
            throw new ArchiveConflictException(item.path());
        }
        return there.isPresent();
    }
}
