package dev.lair.server.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TileSource;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log's tiles out of its store, with the full ones in memory: they never change. The unfinished row of a higher level
 * is made of the roots of full tiles below, 32 bytes each, which are kept longer than the tiles.
 */
final class LogTiles implements TileSource {

    /** 32 MiB of tiles. */
    private static final int CACHED_TILES = 4096;

    /** The right edge of a log of 2^31 leaves has at most 4 × 255 of these; older sizes want others. */
    private static final int CACHED_ROOTS = 65_536;

    private final Rows rows;
    private final Cache<TileId, byte[]> tiles =
            Caffeine.newBuilder().maximumSize(CACHED_TILES).build();
    private final Cache<TileId, NodeHash> roots =
            Caffeine.newBuilder().maximumSize(CACHED_ROOTS).build();

    /** What a log's store keeps. */
    private interface Rows {

        Optional<byte[]> tile(int level, long n);

        byte[] leafHashes(long first, int count);
    }

    private LogTiles(Rows rows) {
        this.rows = rows;
    }

    static LogTiles of(LedgerStore store) {
        return new LogTiles(new Rows() {
            @Override
            public Optional<byte[]> tile(int level, long n) {
                return store.tile(level, n);
            }

            @Override
            public byte[] leafHashes(long first, int count) {
                ByteArrayOutputStream hashes = new ByteArrayOutputStream(32 * count);
                for (LogLeaf leaf : store.leaves(first, first + count)) {
                    hashes.writeBytes(leaf.hash().bytes());
                }
                return hashes.toByteArray();
            }
        });
    }

    static LogTiles of(EvidenceStore store) {
        return new LogTiles(new Rows() {
            @Override
            public Optional<byte[]> tile(int level, long n) {
                return store.tile(level, n);
            }

            @Override
            public byte[] leafHashes(long first, int count) {
                ByteArrayOutputStream hashes = new ByteArrayOutputStream(32 * count);
                for (byte[] entry : store.entries(first, first + count)) {
                    hashes.writeBytes(MerkleHash.leaf(entry).bytes());
                }
                return hashes.toByteArray();
            }
        });
    }

    @Override
    public byte @Nullable [] fullTile(int level, long n) {
        TileId id = new TileId(level, n);
        byte[] known = tiles.getIfPresent(id);
        if (known != null) {
            return known;
        }
        byte[] stored = rows.tile(level, n).orElse(null);
        if (stored != null) {
            tiles.put(id, stored);
        }
        return stored;
    }

    @Override
    public byte[] leafHashes(long first, int count) {
        return rows.leafHashes(first, count);
    }

    @Override
    public byte[] partialTile(int level, long n, int width) {
        ByteArrayOutputStream hashes = new ByteArrayOutputStream(32 * width);
        long first = n << Tile.HEIGHT;
        for (int i = 0; i < width; i++) {
            hashes.writeBytes(root(new TileId(level - 1, first + i)).bytes());
        }
        return hashes.toByteArray();
    }

    /**
     * The first {@code width} hashes of a tile, as it is served; all of them must be stored.
     *
     * @throws IllegalStateException when the log is not that long
     */
    byte[] served(TileId id, int width) {
        if (width == Tile.WIDTH) {
            byte[] full = fullTile(id.level(), id.n());
            if (full == null) {
                throw new IllegalStateException("full tile " + id.n() + " of level " + id.level() + " is not stored");
            }
            return full;
        }
        return id.level() == 0 ? leafHashes(id.n() << Tile.HEIGHT, width) : partialTile(id.level(), id.n(), width);
    }

    private NodeHash root(TileId id) {
        NodeHash known = roots.getIfPresent(id);
        if (known != null) {
            return known;
        }
        byte[] tile = fullTile(id.level(), id.n());
        if (tile == null) {
            throw new IllegalStateException("full tile " + id.n() + " of level " + id.level() + " is not stored");
        }
        NodeHash root = Tile.root(tile);
        roots.put(id, root);
        return root;
    }
}
