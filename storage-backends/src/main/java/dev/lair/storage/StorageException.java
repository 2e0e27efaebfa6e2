package dev.lair.storage;

/**
 * The storage could not do what was asked, for a reason that is no property of the request: a disk error, a damaged
 * file, a storage that is closed. The operation had no effect unless the method that throws it says otherwise.
 */
public class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
