package dev.lair.storage;

import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps submissions until the ledger has their record or they are refused. Each method is one durable transaction, and
 * not one with {@link LedgerStore#commit}: a crash between a commit and {@link #delete} leaves a submission whose
 * record is in the ledger, which the publisher finds among {@link #open} at start and deletes.
 *
 * <p>Visibility and failure are as in {@link LedgerStore}. All methods may be called from many threads; the last
 * {@link #save} of a record id wins.
 */
public interface SubmissionStore {

    /** Inserts or replaces the submission of this record id. A replaced one keeps its place in the order. */
    void save(Submission submission);

    /** The submission of a record. */
    Optional<Submission> find(RecordId id);

    /** All that are sourcing or processing, in the order of their first {@link #save}. */
    List<Submission> open();

    /** Those of one log that are sourcing or processing, in the order of their first {@link #save}. */
    List<Submission> openOf(LogId log);

    /** Deletes the submission of a record, if there is one. */
    void delete(RecordId id);

    /** Deletes many in one transaction. */
    void deleteAll(Collection<RecordId> ids);

    /** Deletes those that were rejected before {@code cutoff} and answers how many. */
    int deleteRejectedBefore(Instant cutoff);
}
