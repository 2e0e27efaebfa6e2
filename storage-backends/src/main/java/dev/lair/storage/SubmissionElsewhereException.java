package dev.lair.storage;

import dev.lair.transparency.RecordId;

/** The submission of this record is another log's, which keeps it. Nothing was written. */
public final class SubmissionElsewhereException extends StorageException {

    private static final long serialVersionUID = 1L;

    public SubmissionElsewhereException(RecordId recordId) {
        super("record " + recordId + " was handed in for another log: a record belongs to the log that took it first");
    }
}
