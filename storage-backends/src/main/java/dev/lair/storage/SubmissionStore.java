package dev.lair.storage;

import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps submissions until the ledger has their record or they are refused. Each method is one durable transaction, and
 * not one with {@link LedgerStore#commit}: a crash between a commit and {@link #delete} leaves a submission whose
 * record is in the ledger, which the publisher finds among {@link #open(long, int)} at start and deletes.
 *
 * <p>Visibility and failure are as in {@link LedgerStore}. All methods may be called from many threads; the last
 * {@link #save} of a record id wins within its log.
 */
public interface SubmissionStore {

    /** Submissions of one page of {@link #forEachOpen}: at most some 12 MB of records. */
    int PAGE = 256;

    /**
     * Some of the open submissions, in their order.
     *
     * @param submissions the page
     * @param last place of its last one, behind which the next page begins; of an empty page, where it was to begin
     */
    record Page(List<Submission> submissions, long last) {
        public Page {
            submissions = List.copyOf(submissions);
        }
    }

    /**
     * Inserts or replaces the submission of this record id. A replaced one keeps its place in the order. One that is sourcing
     * or processing is replaced by its own log only, so that of two logs that get one record at once the first keeps it. A
     * rejected one is replaced by another log's only when that is open: a rejection of somebody else's copy must not take the
     * reason from the author.
     *
     * @throws SubmissionElsewhereException when the submission of this record is another log's and stays so; nothing was
     *     written
     */
    void save(Submission submission);

    /** The submission of a record. */
    Optional<Submission> find(RecordId id);

    /**
     * Those that are sourcing or processing, in the order of their first {@link #save}, from behind the place {@code after}
     * (0 for the first page), at most {@code limit}. A page that is not full is the last.
     */
    Page open(long after, int limit);

    /** Shows all that are sourcing or processing, in the order of their first {@link #save}, a page in memory at a time. */
    default void forEachOpen(Consumer<Submission> look) {
        Page page = new Page(List.of(), 0);
        do {
            page = open(page.last(), PAGE);
            page.submissions().forEach(look);
        } while (page.submissions().size() == PAGE);
    }

    /** Those of one log that are sourcing or processing, in the order of their first {@link #save}. */
    List<Submission> openOf(LogId log);

    /** Deletes the submission of a record, if there is one. */
    void delete(RecordId id);

    /** Deletes many in one transaction. */
    void deleteAll(Collection<RecordId> ids);

    /** Deletes those that were rejected before {@code cutoff} and answers how many. */
    int deleteRejectedBefore(Instant cutoff);
}
