package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.transparency.CheckpointText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The signed checkpoints of one generation in the archive: an object {@code checkpoint/<generation>/<size>} each, the size
 * in 19 digits so that names sort as sizes do. They hold the text alone, because signatures over one tree differ from one
 * signing to the next.
 */
final class CheckpointCopies {

    /** How {@link #path} ends. */
    private static final Pattern SIZE = Pattern.compile("[0-9]{19}");

    private static final String PREFIX = "checkpoint/";

    private final Archive archive;
    private final String folder;

    CheckpointCopies(Archive archive, int generation) {
        this.archive = archive;
        this.folder = PREFIX + generation + "/";
    }

    /**
     * Keeps a signed checkpoint, durably.
     *
     * @throws Corrupt when another one of this size was kept before
     */
    void keep(long treeSize, SignedNote note) {
        try {
            archive.putIfAbsent(path(treeSize), note.text().getBytes(StandardCharsets.UTF_8));
        } catch (ArchiveConflictException e) {
            throw new Corrupt(
                    "another checkpoint of " + treeSize + " leaves was signed before: " + e.getMessage()
                            + "; two histories were shown under one name",
                    e);
        }
    }

    /** The checkpoint that was kept at this size. */
    Optional<CheckpointText> at(long treeSize) {
        return archive.get(path(treeSize))
                .map(bytes -> CheckpointText.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    /**
     * Sizes greater than this one (-1 for all) at which checkpoints were kept, smallest first, at most {@code limit}. Other
     * names in the folder are none of ours: some stores show what they are about to write.
     */
    List<Long> sizesAfter(long treeSize, int limit) {
        List<Long> sizes = new ArrayList<>();
        String after = treeSize < 0 ? folder : path(treeSize);
        boolean more = true;
        while (more && sizes.size() < limit) {
            int wanted = limit - sizes.size();
            List<String> paths = archive.pathsAfter(folder, after, wanted);
            paths.stream()
                    .map(path -> path.substring(folder.length()))
                    .filter(name -> SIZE.matcher(name).matches())
                    .forEach(name -> sizes.add(Long.parseLong(name)));
            more = paths.size() == wanted;
            after = more ? paths.getLast() : after;
        }
        return sizes;
    }

    /** All sizes at which checkpoints were kept, smallest first; listed in pages as they are asked for. */
    Iterator<Long> sizes() {
        return new Iterator<>() {
            private List<Long> page = List.of();
            private int next;
            private boolean isLast;

            @Override
            public boolean hasNext() {
                if (next == page.size() && !isLast) {
                    page = sizesAfter(page.isEmpty() ? -1 : page.getLast(), Limits.LISTED_COPIES);
                    next = 0;
                    isLast = page.size() < Limits.LISTED_COPIES;
                }
                return next < page.size();
            }

            @Override
            public Long next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("no more copies of checkpoints");
                }
                return page.get(next++);
            }
        };
    }

    private String path(long treeSize) {
        return folder + "%019d".formatted(treeSize);
    }
}
