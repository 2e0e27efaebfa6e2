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
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A log's tiles out of its store, with the full ones in memory: they never change. The unfinished row of a higher level
 * is made of the roots of full tiles below, 32 bytes each, which are kept longer than the tiles. What is unfinished in an
 * older tree is the beginning of what is full by now.
 *
 * <p>Above the leaves' own tiles the nodes inside are kept too, since every proof goes through them: at ten million leaves
 * that is one megabyte, and spares a proof two thirds of its hashing.
 */
final class LogTiles implements TileSource {

    private final Rows rows;

    /** Leaves below this size are never replaced by others. */
    private final LongSupplier settledSize;

    private final Cache<TileId, byte[]> tiles =
            Caffeine.newBuilder().maximumSize(Limits.CACHED_TILES).build();
    private final Cache<TileId, byte[]> upperNodes =
            Caffeine.newBuilder().maximumSize(Limits.CACHED_UPPER_TILES).build();

    /** Leaf hashes of tiles that were not full when they were read, from the tile's first leaf on. */
    private final Cache<Long, byte[]> edges =
            Caffeine.newBuilder().maximumSize(Limits.CACHED_EDGES).build();

    private final Cache<TileId, NodeHash> roots =
            Caffeine.newBuilder().maximumSize(Limits.CACHED_ROOTS).build();

    /** What a log's store keeps. */
    private interface Rows {

        Optional<byte[]> tile(int level, long n);

        byte[] leafHashes(long first, int count);
    }

    private LogTiles(Rows rows, LongSupplier settledSize) {
        this.rows = rows;
        this.settledSize = settledSize;
    }

    static LogTiles of(LedgerStore store) {
        return of(store, () -> 0);
    }

    /**
     * @param settledSize the leaves that may be remembered before their tile is full. Where other nodes write too these are
     *     the published ones: a database that failed over may have lost others and have new ones in their place
     */
    static LogTiles of(LedgerStore store, LongSupplier settledSize) {
        return new LogTiles(
                new Rows() {
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
                },
                settledSize);
    }

    static LogTiles of(EvidenceStore store) {
        return new LogTiles(
                new Rows() {
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
                },
                () -> 0);
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
    public byte @Nullable [] nodesAbove(int level, long n) {
        if (level == 0) {
            return null;
        }
        TileId id = new TileId(level, n);
        byte[] known = upperNodes.getIfPresent(id);
        if (known != null) {
            return known;
        }
        byte[] tile = fullTile(level, n);
        if (tile == null) {
            return null;
        }
        byte[] nodes = Tile.nodesAbove(tile);
        upperNodes.put(id, nodes);
        return nodes;
    }

    @Override
    public byte[] leafHashes(long first, int count) {
        long n = first >> Tile.HEIGHT;
        int skipped = (int) (first - (n << Tile.HEIGHT));
        int length = (skipped + count) * NodeHash.LENGTH;
        byte[] known = edges.getIfPresent(n);
        if (known == null || known.length < length) {
            byte[] full = fullTile(0, n);
            known = full != null ? full : edge(n, skipped + count, known);
        }
        // Never longer than what is stored: the caller sees that leaves are missing.
        int until = Math.min(known.length, length);
        return Arrays.copyOfRange(known, Math.min(until, skipped * NodeHash.LENGTH), until);
    }

    /** Leaves never change, so only those behind the ones that were read before are read. */
    private byte[] edge(long n, int width, byte @Nullable [] before) {
        int known = before == null ? 0 : before.length / NodeHash.LENGTH;
        byte[] more = rows.leafHashes((n << Tile.HEIGHT) + known, width - known);
        byte[] grown = before == null ? more : Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, grown, grown.length - more.length, more.length);
        if ((n << Tile.HEIGHT) + grown.length / NodeHash.LENGTH <= settledSize.getAsLong()) {
            edges.put(n, grown);
        }
        return grown;
    }

    @Override
    public byte[] partialTile(int level, long n, int width) {
        byte[] full = fullTile(level, n);
        if (full != null) {
            return Arrays.copyOf(full, width * NodeHash.LENGTH);
        }
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
