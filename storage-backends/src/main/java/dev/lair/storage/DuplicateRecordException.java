package dev.lair.storage;

import dev.lair.transparency.RecordId;

/** A batch holds a record that the ledger has already. Nothing of the batch was written. */
public final class DuplicateRecordException extends StorageException {

    private static final long serialVersionUID = 1L;

    private final transient RecordId recordId;

    public DuplicateRecordException(RecordId recordId) {
        super("record " + recordId + " is in the ledger already: take it out of the batch");
        this.recordId = recordId;
    }

    /** The record that is there already. */
    public RecordId recordId() {
        return recordId;
    }
}
