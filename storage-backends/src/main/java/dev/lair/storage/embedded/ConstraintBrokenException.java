package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import java.sql.SQLException;

/** A row of a write was there already. The caller of the write knows what that means and says so. */
final class ConstraintBrokenException extends StorageException {

    private static final long serialVersionUID = 1L;

    ConstraintBrokenException(String database, SQLException cause) {
        super("a write to " + database + " broke a constraint, nothing was written", cause);
    }
}
