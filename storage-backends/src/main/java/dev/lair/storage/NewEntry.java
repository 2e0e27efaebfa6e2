package dev.lair.storage;

import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that a batch adds; its place in the batch gives its leaf index.
 *
 * @param logId the log that it belongs to
 * @param recordId its name, new to the ledger
 * @param record what was signed
 * @param logName package name, set for the first record of a package log and only there
 * @param releases contents that the record releases, for {@link LedgerStore#releasedAt}
 */
public record NewEntry(
        LogId logId,
        RecordId recordId,
        SignedRecord record,
        @Nullable String logName,
        List<Digest> releases) {

    public NewEntry {
        releases = List.copyOf(releases);
    }
}
