package dev.lair.storage;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps the ledger: signed records in leaf order, full tiles, the tree's state and the checkpoints that were signed
 * over it (ledger storage, layout d). It decides nothing about records and computes no hash.
 *
 * <p><b>Durability.</b> {@link #commit} and {@link #publish} return only when what they wrote survives the loss
 * of power (the memory backend: the life of the process). A crash before the return leaves either all of the batch or
 * nothing of it, never a part; so after a restart {@link #state} may be one batch further than the caller was told,
 * and the caller reads it before doing anything else.
 *
 * <p><b>Visibility.</b> Nothing is visible before it is durable. Every read sees whole batches only, and at least all
 * that was committed before the read began. Two reads may see different states: what must agree is read below a tree
 * size, under which nothing ever changes.
 *
 * <p><b>Failure.</b> Where a failed write leaves an outcome that reading cannot tell (a failed sync of a file), it and
 * every further write throw {@link StorageStoppedException} until the store is opened again. Any method may throw
 * {@link StorageException}.
 *
 * <p>All methods may be called from many threads. Arrays handed out belong to the caller. An index or size below 0, or
 * an end before its start, is an {@link IllegalArgumentException}.
 */
public interface LedgerStore {

    /** The last committed state; {@link LedgerState#EMPTY} when nothing was. */
    LedgerState state();

    /**
     * Appends a batch in ONE durable transaction: entries, names, released contents, tiles and state.
     *
     * @throws StaleLedgerException when the stored state is not {@code expected}; nothing was written
     * @throws DuplicateRecordException when a record is in the ledger already; nothing was written
     * @throws IllegalArgumentException when the batch does not continue {@code expected} in size or tiles, or names a
     *     log that has a name; nothing was written
     * @throws StorageStoppedException when writing failed and only a restart can tell what is stored
     * @throws StorageException when writing failed. The next {@link #state} that answers is final, and waits for a commit
     *     that is still on its way: {@code next} means written, {@code expected} means never; anything else means that
     *     another node went on, and {@link #entry} tells of each record
     */
    void commit(LedgerState expected, LedgerBatch batch) throws StaleLedgerException;

    /** The entry of a record. */
    Optional<LedgerEntry> entry(RecordId id);

    /** The entry at a place in the ledger; empty at or beyond the tree size. */
    Optional<LedgerEntry> entryAt(long leafIndex);

    /** The entries {@code [fromIndex, untilIndex)} in leaf order; shorter when the ledger ends before. */
    List<LedgerEntry> entries(long fromIndex, long untilIndex);

    /** The ids of {@link #entries}, without the records: for replay and ledger pages. */
    List<LogLeaf> leaves(long fromIndex, long untilIndex);

    /**
     * The entries of one log with {@code fromIndex <= leafIndex < treeSize}, in leaf order, at most {@code limit}
     * (1 or more) of them.
     */
    List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit);

    /** The package name of a log; empty for the operator log and for logs without a committed record. */
    Optional<String> logName(LogId log);

    /** The {@value FullTile#LENGTH} bytes of a full tile; empty while it is not full. */
    Optional<byte[]> tile(int level, long index);

    /** Leaf index of the first record that releases this content; empty when none does. */
    OptionalLong releasedAt(Digest content);

    /**
     * Keeps a signed checkpoint and makes its notes the served ones, in ONE durable transaction: this is the moment of
     * publication. A checkpoint of the size of the latest replaces it.
     *
     * @throws CheckpointRefusedException when {@link CheckpointRule} refuses it; nothing was written
     */
    void publish(Publication publication);

    /**
     * The checkpoint of the largest size with its notes; empty when there is none, or it was made by a version of Lair
     * that made no notes.
     */
    Optional<Publication> latestPublication();

    /** The checkpoint at exactly this tree size. */
    Optional<SignedCheckpoint> checkpoint(long treeSize);

    /** The checkpoint of the largest size. */
    Optional<SignedCheckpoint> latestCheckpoint();

    /** Up to {@code limit} (1 or more) checkpoints of {@code treeSize} and above, smallest first. */
    List<SignedCheckpoint> checkpointsFrom(long treeSize, int limit);

    /** Up to {@code limit} (1 or more) checkpoints, largest first. */
    List<SignedCheckpoint> latestCheckpoints(int limit);

    /**
     * Makes again what this store keeps beside the entries in order to find them. Nobody else may use the store meanwhile;
     * a crash leaves the rest to the next opening.
     *
     * @return entries that were indexed, all of them; empty where the store keeps nothing that could go wrong by itself
     */
    OptionalLong reindex();
}
