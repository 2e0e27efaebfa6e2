package dev.lair.storage;

import dev.lair.transparency.Frontier;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the evidence log: a second, small log whose entries are short texts (what checkpoint was signed, who published
 * what). Same rules as {@link LedgerStore}: an append is ONE durable transaction, nothing is visible before it is
 * durable, and below a tree size nothing ever changes. An entry that no published note covers is harmless: it states
 * something true that nobody was shown yet.
 */
public interface EvidenceStore {

    /** Right edge of what is committed; {@link Frontier#empty} when nothing was. */
    Frontier state();

    /**
     * Appends entries.
     *
     * @throws StaleEvidenceException when the stored state is not {@code expected}; nothing was written
     * @throws IllegalArgumentException when the batch does not continue {@code expected} in size or tiles; nothing was
     *     written
     * @throws StorageException as {@link LedgerStore#commit}
     */
    void append(Frontier expected, EvidenceBatch batch) throws StaleEvidenceException;

    /** The entries {@code [fromIndex, untilIndex)} in leaf order; shorter when the log ends before. */
    List<byte[]> entries(long fromIndex, long untilIndex);

    /** The {@value FullTile#LENGTH} bytes of a full tile; empty while it is not full. */
    Optional<byte[]> tile(int level, long index);
}
