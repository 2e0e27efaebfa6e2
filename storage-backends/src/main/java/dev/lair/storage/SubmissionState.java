package dev.lair.storage;

import dev.lair.transparency.Digest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * What a submitted record waits for, or why it was refused. A published record has no submission any more: the ledger
 * has it. Instants are kept to the microsecond, cut.
 */
public sealed interface SubmissionState {

    /**
     * Contents are still to be uploaded.
     *
     * @param missing digests that are not there yet, at least one
     * @param deadline after this the submission ends as rejected
     */
    record Sourcing(Set<Digest> missing, Instant deadline) implements SubmissionState {
        public Sourcing {
            missing = Set.copyOf(missing);
            deadline = deadline.truncatedTo(ChronoUnit.MICROS);
            if (missing.isEmpty()) {
                throw new IllegalArgumentException("a submission that misses no content is processing");
            }
        }
    }

    /** All contents are there; validation or the ledger is at work. */
    record Processing() implements SubmissionState {}

    /**
     * Refused for good.
     *
     * @param reason for the author to read
     * @param at when
     */
    record Rejected(String reason, Instant at) implements SubmissionState {
        public Rejected {
            at = at.truncatedTo(ChronoUnit.MICROS);
        }
    }
}
