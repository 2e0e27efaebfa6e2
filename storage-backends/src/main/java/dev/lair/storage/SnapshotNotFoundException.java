package dev.lair.storage;

/** There is no snapshot of this size, or it was deleted meanwhile. */
public final class SnapshotNotFoundException extends StorageException {

    private static final long serialVersionUID = 1L;

    public SnapshotNotFoundException(long treeSize) {
        super("there is no map snapshot of tree size " + treeSize);
    }
}
