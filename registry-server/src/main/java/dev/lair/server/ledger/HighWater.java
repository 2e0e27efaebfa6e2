package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.Archive;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.RootHash;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Copies of signed checkpoints outside the ledger's database. A database that was restored from a backup, or that failed
 * over to a replica that was behind, holds a shorter or another history than the one that was shown; signing on from there
 * would be a fork. These copies tell (architecture, "Anti-rollback"); what they cannot tell is told by witnesses only.
 *
 * <p>A start compares the newest copies. Where other nodes sign too, each checkpoint is compared with the copies that
 * appeared since the one before it, so that none is ever passed over; {@code fsck} compares all.
 */
final class HighWater {

    private final Optional<Mark> mark;
    private final Optional<CheckpointCopies> copies;

    /** A small file with the newest signed note. */
    interface Mark {

        Optional<String> read();

        /** Durable when it returns. */
        void replace(String note);
    }

    /** The history that this node knows. */
    interface History {

        /** Whether a tree of this size and root begins it. Asked for sizes up to that of the history only. */
        boolean beginsWith(long treeSize, RootHash root);
    }

    HighWater(Optional<Mark> mark, Optional<Archive> archive, int generation) {
        this.mark = mark;
        this.copies = archive.map(kept -> new CheckpointCopies(kept, generation));
    }

    /** Keeps a signed checkpoint before anybody sees it. */
    void keep(long treeSize, SignedNote note) {
        copies.ifPresent(archived -> archived.keep(treeSize, note));
        mark.ifPresent(file -> file.replace(note.format()));
    }

    /**
     * Compares what is about to be signed with the copies that other nodes kept meanwhile: one listing, and a look at each
     * checkpoint that was signed and not published, or not here.
     *
     * @param since size of a checkpoint that was compared; 0 before the first
     * @param treeSize leaves that are about to be signed
     * @param storedNow leaves that are stored now: other nodes may be further
     * @param ours the history of these {@code treeSize} leaves
     * @throws Corrupt when a copy is of another history, or nothing that is stored
     */
    void requireNoneBetween(long since, long treeSize, LongSupplier storedNow, History ours) {
        if (copies.isEmpty()) {
            return;
        }
        long after = since;
        List<Long> sizes = List.of();
        do {
            sizes = copies.get().sizesAfter(after, Limits.LISTED_COPIES);
            for (long size : sizes) {
                if (size > treeSize) {
                    // Its signer is ahead of this node; whoever signs behind it compares it.
                    requireStored(size, storedNow.getAsLong());
                    return;
                }
                requireArchived(size, ours);
                after = size;
            }
        } while (sizes.size() == Limits.LISTED_COPIES);
    }

    /**
     * Compares what is stored with the copies.
     *
     * @param origin of the main log
     * @param treeSize leaves that were stored when the start read them
     * @param storedNow leaves that are stored now: other nodes go on while this one starts
     * @param rootAt root of the first so many of the {@code treeSize} leaves
     * @throws Corrupt when the store is behind a copy, or differs
     */
    void require(String origin, long treeSize, LongSupplier storedNow, LongFunction<RootHash> rootAt) {
        mark.flatMap(Mark::read).ifPresent(note -> {
            CheckpointText copy = CheckpointText.parse(SignedNote.parse(note).text());
            if (copy.origin().equals(origin)) {
                requireHolds("the high-water file", copy, treeSize, rootAt);
            }
        });
        copies.ifPresent(archived -> {
            archived.sizesAfter(treeSize, 1).forEach(ahead -> requireStored(ahead, storedNow.getAsLong()));
            for (long size : newestUpTo(treeSize, archived).reversed()) {
                archived.at(size).ifPresent(copy -> requireHolds("the archive", copy, treeSize, rootAt));
            }
        });
    }

    /**
     * The largest sizes up to this one at which checkpoints were archived. The newest need not be of this very history:
     * where a database failed over, the one before it may have been signed over what was lost. Looks from the end
     * backwards in growing steps, then halves while that leads to too many: a few requests where checkpoints are as dense
     * as usual.
     */
    private static List<Long> newestUpTo(long treeSize, CheckpointCopies archived) {
        long step = 1;
        long low = Math.max(treeSize - step, -1);
        List<Long> found = listed(low, treeSize, archived);
        while (found.size() < Limits.COMPARED_COPIES && low >= 0) {
            step *= 4;
            low = Math.max(treeSize - step, -1);
            found = listed(low, treeSize, archived);
        }
        long high = treeSize;
        while (found.size() == Limits.LISTED_COPIES) {
            // A full list may end before the newest. No two have one size, so there is a place where it is not full.
            long middle = low + (high - low) / 2;
            List<Long> fewer = listed(middle, treeSize, archived);
            if (fewer.size() < Limits.COMPARED_COPIES) {
                high = middle;
            } else {
                low = middle;
                found = fewer;
            }
        }
        return found.subList(Math.max(0, found.size() - Limits.COMPARED_COPIES), found.size());
    }

    private static List<Long> listed(long after, long treeSize, CheckpointCopies archived) {
        return archived.sizesAfter(after, Limits.LISTED_COPIES).stream()
                .filter(size -> size <= treeSize)
                .toList();
    }

    private void requireArchived(long size, History ours) {
        CheckpointText copy = copies.flatMap(archived -> archived.at(size)).orElse(null);
        if (copy != null && !ours.beginsWith(size, copy.root())) {
            throw new Corrupt("the archive holds a signed checkpoint of " + size + " leaves with root " + copy.root()
                    + ", which is of another history than the stored log. " + ADVICE);
        }
    }

    private static void requireStored(long size, long stored) {
        if (size > stored) {
            throw behind("the archive holds a signed checkpoint of " + size + " leaves", stored);
        }
    }

    private static void requireHolds(String where, CheckpointText copy, long treeSize, LongFunction<RootHash> rootAt) {
        if (copy.treeSize() > treeSize) {
            throw behind(where + " holds a signed checkpoint of " + copy.treeSize() + " leaves", treeSize);
        }
        RootHash root = rootAt.apply(copy.treeSize());
        if (!root.equals(copy.root())) {
            throw new Corrupt(where + " holds a signed checkpoint of " + copy.treeSize() + " leaves with root "
                    + copy.root() + ", the stored log has " + root + " there. " + ADVICE);
        }
    }

    private static Corrupt behind(String what, long treeSize) {
        return new Corrupt(what + ", but only " + treeSize + " are stored. " + ADVICE);
    }

    static final String ADVICE = "The storage was put back to an older or another state; signing on from there"
            + " would fork the log. Bring back the newest storage, or give up what is lost with: lair restore"
            + " --accept-fork";
}
