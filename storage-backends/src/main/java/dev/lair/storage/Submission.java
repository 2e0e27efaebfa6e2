package dev.lair.storage;

import dev.lair.signing.SignedRecord;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A record that an author handed in and that is not in the ledger.
 *
 * @param recordId names the record, and the submission
 * @param logId the package log that it would extend
 * @param packageName the package, as text
 * @param record what was signed
 * @param submittedAt when it came in, kept to the microsecond, cut
 * @param state what it waits for
 */
public record Submission(
        RecordId recordId,
        LogId logId,
        String packageName,
        SignedRecord record,
        Instant submittedAt,
        SubmissionState state) {

    public Submission {
        submittedAt = submittedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** The same submission in another state. */
    public Submission with(SubmissionState next) {
        return new Submission(recordId, logId, packageName, record, submittedAt, next);
    }
}
