package dev.lair.storage.postgres;

import dev.lair.storage.StorageException;
import java.sql.SQLException;

/** A row was there already; the transaction was rolled back. Whoever wrote finds out which row. */
final class ConstraintBrokenException extends StorageException {

    private static final long serialVersionUID = 1L;

    ConstraintBrokenException(String database, SQLException cause) {
        super("rows of " + database + " contradict its state", cause);
    }
}
