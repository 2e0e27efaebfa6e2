package dev.lair.server.tree;

import dev.lair.server.ledger.Ledger;
import dev.lair.storage.Publication;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TileNodes;
import dev.lair.transparency.TileSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** One of the two logs, as far as a published note covers it. */
final class ServedLog {

    private final Ledger ledger;
    private final LongSupplier knownSize;
    private final Function<Publication, Long> size;
    private final Hashes hashes;
    private final Entries entries;

    private interface Hashes {
        byte[] first(TileId id, int width);
    }

    private interface Entries {
        List<byte[]> between(long fromIndex, long untilIndex);
    }

    private ServedLog(
            Ledger ledger, LongSupplier knownSize, Function<Publication, Long> size, Hashes hashes, Entries entries) {
        this.ledger = ledger;
        this.knownSize = knownSize;
        this.size = size;
        this.hashes = hashes;
        this.entries = entries;
    }

    static ServedLog main(Ledger ledger) {
        return new ServedLog(
                ledger,
                ledger::publishedSize,
                Publication::treeSize,
                ledger::tile,
                (from, until) ->
                        ledger.leaves(from, until).stream().map(LogLeaf::encode).toList());
    }

    static ServedLog evidence(Ledger ledger) {
        return new ServedLog(
                ledger,
                ledger::publishedEvidenceSize,
                publication -> publication.notes().evidenceSize(),
                ledger::evidenceTile,
                ledger::evidenceEntries);
    }

    /** The first hashes of a tile; empty while no published tree has so many of them. */
    Optional<byte[]> tile(TileId id, int width) {
        return has(id, width) ? Optional.of(hashes.first(id, width)) : Optional.empty();
    }

    /** The first entries of a bundle; empty while no published tree has so many of them. */
    Optional<byte[]> bundle(long n, int width) {
        if (!has(new TileId(0, n), width)) {
            return Optional.empty();
        }
        long first = n << Tile.HEIGHT;
        return Optional.of(EntryBundle.encode(entries.between(first, first + width)));
    }

    /**
     * Whether a published tree has the first {@code width} hashes of a tile. What this node remembers may be a moment
     * behind the note that a reader just got, so a no is asked again where the note came from.
     */
    boolean has(TileId id, int width) {
        return id.widthAt(knownSize.getAsLong()) >= width
                || id.widthAt(ledger.publication().map(size).orElse(0L)) >= width;
    }

    /** Nodes of the tree of this size, for proofs by one thread. */
    TileNodes nodes(long treeSize) {
        return new TileNodes(
                new TileSource() {
                    @Override
                    public byte[] fullTile(int level, long n) {
                        return hashes.first(new TileId(level, n), Tile.WIDTH);
                    }

                    @Override
                    public byte[] leafHashes(long first, int count) {
                        return hashes.first(new TileId(0, first >> Tile.HEIGHT), count);
                    }

                    @Override
                    public byte[] partialTile(int level, long n, int width) {
                        return hashes.first(new TileId(level, n), width);
                    }
                },
                treeSize);
    }
}
