package dev.lair.server.ledger;

import dev.lair.registry.PackageName;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that its log accepted and that the ledger is to append.
 *
 * @param prev head of its log when it was accepted; the ledger appends it only if that is still so
 * @param packageName null for the operator log
 * @param releases contents that it releases
 */
public record NewRecord(
        LogId logId,
        RecordId recordId,
        @Nullable RecordId prev,
        SignedRecord record,
        @Nullable PackageName packageName,
        List<Digest> releases) {

    public NewRecord {
        releases = List.copyOf(releases);
    }
}
