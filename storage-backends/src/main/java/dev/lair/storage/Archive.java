package dev.lair.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Write-once objects by path, outside the ledger's database: copies of signed checkpoints that a restored database can be
 * compared with, and the full tiles that a bucket serves without us.
 *
 * <p>A path is lower-case ASCII segments joined by {@code /}, as they appear in URLs. Objects are visible when they are
 * complete and durable, and are never replaced.
 */
public interface Archive {

    /**
     * Keeps an object, durably.
     *
     * @return whether it is new; false when the same bytes are there already, so that a retry after a lost answer is
     *     the same as a success
     * @throws ArchiveConflictException when other bytes are there: somebody else wrote under this path
     */
    boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException;

    /** The bytes of an object. */
    Optional<byte[]> get(String path);

    /** The first path in byte order that starts with {@code prefix} and is greater than {@code after}. */
    Optional<String> firstAfter(String prefix, String after);

    /**
     * The first paths, at most {@code limit} (1 or more) of them, that {@link #firstAfter} would lead through. Backends
     * that can list many for the price of one do.
     */
    default List<String> pathsAfter(String prefix, String after, int limit) {
        List<String> paths = new ArrayList<>();
        Optional<String> next = firstAfter(prefix, after);
        while (next.isPresent() && paths.size() < limit) {
            paths.add(next.get());
            next = paths.size() < limit ? firstAfter(prefix, next.get()) : Optional.empty();
        }
        return paths;
    }
}
