package dev.lair.storage;

import dev.lair.signing.SignedRecord;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;

/**
 * One committed record.
 *
 * @param leafIndex its 0-based place in the ledger
 * @param logId the package log, or the operator log, that it belongs to
 * @param recordId its name
 * @param record what was signed, byte for byte as received
 */
public record LedgerEntry(long leafIndex, LogId logId, RecordId recordId, SignedRecord record) {

    /** The leaf that the ledger hashes at {@link #leafIndex}. */
    public LogLeaf leaf() {
        return new LogLeaf(logId, recordId);
    }
}
