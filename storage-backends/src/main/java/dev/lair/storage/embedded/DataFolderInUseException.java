package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import java.nio.file.Path;

/** Another process, or another storage in this one, has the data folder open: two writers would ruin the ledger. */
public final class DataFolderInUseException extends StorageException {

    private static final long serialVersionUID = 1L;

    DataFolderInUseException(Path folder, String holder) {
        super("data folder " + folder + " is in use by " + holder
                + ": stop that first, or start this one with another folder");
    }
}
