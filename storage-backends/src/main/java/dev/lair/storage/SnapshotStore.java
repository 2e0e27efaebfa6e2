package dev.lair.storage;

import java.io.InputStream;
import java.util.NavigableSet;

/**
 * Keeps snapshots of the map, one per tree size, so that a start replays few records (ledger storage, "Recommended").
 * A snapshot is derivable and its content is the caller's: it carries its own checksum and roots.
 *
 * <p>A snapshot is visible only when it is complete and durable. A crash during {@link #save} leaves the old snapshot
 * of that size, or none; what was half written is removed at the next open.
 */
public interface SnapshotStore {

    /**
     * Writes a snapshot; one of the same size is replaced at once, when all is written.
     *
     * @throws StorageException when the storage or {@code writer} failed; what was there before is still there
     */
    void save(long treeSize, SnapshotWriter writer);

    /** The sizes of all snapshots, ascending; a copy. */
    NavigableSet<Long> sizes();

    /**
     * Opens a snapshot for reading; the caller closes it. It stays readable when it is replaced or deleted meanwhile.
     *
     * @throws SnapshotNotFoundException when there is none of this size
     */
    InputStream open(long treeSize);

    /** Deletes a snapshot if it is there. A crash may bring it back: delete again. */
    void delete(long treeSize);
}
