package dev.lair.storage;

import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one commit adds.
 *
 * @param entries the new records, in leaf order, the first at the old tree size; at least one
 * @param tiles exactly the tiles that these leaves complete, in any order
 * @param next the state after the last entry
 */
public record LedgerBatch(List<NewEntry> entries, List<FullTile> tiles, LedgerState next) {

    /** The batch's own shape is checked here; what it follows is checked by {@link #requireFollows}. */
    public LedgerBatch {
        entries = List.copyOf(entries);
        tiles = List.copyOf(tiles);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a batch adds at least one entry");
        }
        Set<RecordId> records = new HashSet<>();
        Set<LogId> named = new HashSet<>();
        for (NewEntry entry : entries) {
            if (!records.add(entry.recordId())) {
                throw new IllegalArgumentException("record " + entry.recordId() + " is in the batch twice");
            }
            if (entry.logName() != null && !named.add(entry.logId())) {
                throw new IllegalArgumentException("log " + entry.logId() + " is named twice in the batch");
            }
        }
    }

    /**
     * Checks that the sizes and tiles continue {@code expected}: a commit asks this before it writes. Hashes are not
     * computed again; that is the sequencer's work, and {@code fsck}'s.
     *
     * @throws IllegalArgumentException when they do not
     */
    public void requireFollows(LedgerState expected) {
        long from = expected.treeSize();
        if (next.treeSize() != from + entries.size()) {
            throw new IllegalArgumentException("a ledger of " + from + " leaves and " + entries.size() + " more gives "
                    + (from + entries.size()) + ", not " + next.treeSize());
        }
        FullTile.requireCompleted(from, next.treeSize(), tiles);
    }
}
