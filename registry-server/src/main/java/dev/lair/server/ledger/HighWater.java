package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.RootHash;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Copies of signed checkpoints outside the ledger's database. A database that was restored from a backup, or that failed
 * over to a replica that was behind, holds a shorter or another history than the one that was shown; signing on from there
 * would be a fork. These copies tell (architecture, "Anti-rollback"); what they cannot tell is told by witnesses only.
 */
final class HighWater {

    private static final String PREFIX = "checkpoint/";

    private final Optional<Mark> mark;
    private final Optional<Archive> archive;
    private final int generation;

    /** A small file with the newest signed note. */
    interface Mark {

        Optional<String> read();

        /** Durable when it returns. */
        void replace(String note);
    }

    HighWater(Optional<Mark> mark, Optional<Archive> archive, int generation) {
        this.mark = mark;
        this.archive = archive;
        this.generation = generation;
    }

    /** Keeps a signed checkpoint before anybody sees it. */
    void keep(long treeSize, SignedNote note) {
        String text = note.format();
        archive.ifPresent(kept -> {
            // The text alone: signatures over the same tree differ from one signing to the next.
            byte[] statement = note.text().getBytes(StandardCharsets.UTF_8);
            try {
                kept.putIfAbsent(path(treeSize), statement);
            } catch (ArchiveConflictException e) {
                throw new Corrupt(
                        "another checkpoint of " + treeSize + " leaves was signed before: " + e.getMessage()
                                + "; two histories were shown under one name",
                        e);
            }
        });
        mark.ifPresent(file -> file.replace(text));
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
        archive.ifPresent(kept -> {
            kept.firstAfter(folder(), path(treeSize)).ifPresent(ahead -> {
                long now = storedNow.getAsLong();
                if (ahead.compareTo(path(now)) > 0) {
                    throw behind("the archive holds `" + ahead + "`", now);
                }
            });
            newestUpTo(treeSize, kept)
                    .flatMap(kept::get)
                    .map(bytes -> CheckpointText.parse(new String(bytes, StandardCharsets.UTF_8)))
                    .ifPresent(copy -> requireHolds("the archive", copy, treeSize, rootAt));
        });
    }

    /**
     * The archived checkpoint of the largest size up to this one, which need not be the newest of this very history: where
     * a database failed over, the one before may have been signed over what was lost. Looks from the end backwards in
     * growing steps, then halves the last: a few requests where checkpoints are as dense as usual.
     */
    private Optional<String> newestUpTo(long treeSize, Archive kept) {
        long step = 1;
        long low = Math.max(treeSize - step, -1);
        Optional<String> found = firstBeyond(low, treeSize, kept);
        while (found.isEmpty() && low >= 0) {
            step *= 4;
            low = Math.max(treeSize - step, -1);
            found = firstBeyond(low, treeSize, kept);
        }
        // There is one beyond low, and it may not be the last.
        long high = treeSize;
        while (found.isPresent() && high - low > 1) {
            long middle = low + (high - low) / 2;
            Optional<String> later = firstBeyond(middle, treeSize, kept);
            if (later.isPresent()) {
                found = later;
                low = middle;
            } else {
                high = middle;
            }
        }
        return found;
    }

    private Optional<String> firstBeyond(long size, long treeSize, Archive kept) {
        String after = size < 0 ? folder() : path(size);
        return kept.firstAfter(folder(), after).filter(path -> path.compareTo(path(treeSize)) <= 0);
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

    private String folder() {
        return PREFIX + generation + "/";
    }

    private String path(long treeSize) {
        return folder() + "%019d".formatted(treeSize);
    }
}
