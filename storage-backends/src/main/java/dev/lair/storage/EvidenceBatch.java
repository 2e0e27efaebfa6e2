package dev.lair.storage;

import dev.lair.transparency.Frontier;
import java.util.List;

/**
 * What one append adds to the evidence log.
 *
 * @param entries the new entries in leaf order, the first at the old tree size; at least one, each up to 65,535 bytes;
 *     not copied, so the maker must let go of the arrays
 * @param tiles exactly the tiles that these leaves complete
 * @param next right edge after the last entry
 */
public record EvidenceBatch(List<byte[]> entries, List<FullTile> tiles, Frontier next) {

    /** Length of the longest entry in bytes: bundles state lengths in two bytes (transparency log, section 1). */
    public static final int MAX_ENTRY_BYTES = 65_535;

    /** The batch's own shape is checked here; what it follows is checked by {@link #requireFollows}. */
    public EvidenceBatch {
        entries = List.copyOf(entries);
        tiles = List.copyOf(tiles);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a batch adds at least one entry");
        }
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY_BYTES) {
                throw new IllegalArgumentException(
                        "an entry of the evidence log has up to " + MAX_ENTRY_BYTES + " bytes, not " + entry.length);
            }
        }
    }

    /**
     * Checks that the sizes and tiles continue {@code expected}: an append asks this before it writes. Hashes are not
     * computed again; that is the writer's work.
     *
     * @throws IllegalArgumentException when they do not
     */
    public void requireFollows(Frontier expected) {
        long from = expected.treeSize();
        if (next.treeSize() != from + entries.size()) {
            throw new IllegalArgumentException("an evidence log of " + from + " leaves and " + entries.size()
                    + " more gives " + (from + entries.size()) + ", not " + next.treeSize());
        }
        FullTile.requireCompleted(from, next.treeSize(), tiles);
    }
}
