package dev.lair.storage;

/**
 * A write ended with an I/O error, or was refused because an earlier one did: what reached the disk is unknown until the
 * store is opened again, and a second fsync may wrongly succeed. Restart the process once the disk is sound; reads go on.
 */
public final class StorageStoppedException extends StorageException {

    private static final long serialVersionUID = 1L;

    public StorageStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
