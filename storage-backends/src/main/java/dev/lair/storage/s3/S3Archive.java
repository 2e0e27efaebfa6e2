package dev.lair.storage.s3;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Arguments;
import dev.lair.storage.StorageException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Write-once objects under their bare path, so that the bucket itself, or a cache before it, serves {@code log/tile/...}
 * as a log's monitors expect. What is put is stored before the answer and never replaced; a crash leaves the whole
 * object or none.
 */
final class S3Archive implements Archive {

    /** Folders of the other stores in this bucket. */
    private static final Set<String> TAKEN = Set.of("content", "snapshots", "probe");

    /** Behind all keys of such a folder: none of them has a character greater than a letter. */
    private static final String BEHIND_ALL = "/~";

    private final Bucket bucket;

    S3Archive(Bucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
        requirePath(path);
        for (int round = 0; round < Limits.LOST_RACES; round++) {
            if (bucket.putIfAbsent(path, bytes, Bucket.Kind.WRITE_ONCE)) {
                return true;
            }
            Optional<byte[]> kept = bucket.get(path);
            if (kept.isPresent()) {
                if (Arrays.equals(kept.get(), bytes)) {
                    return false;
                }
                throw new ArchiveConflictException(path);
            }
        }
        throw new StorageException("`" + path + "` is there when it is put and gone when it is read, "
                + Limits.LOST_RACES + " times: who deletes in this bucket?");
    }

    @Override
    public Optional<byte[]> get(String path) {
        requirePath(path);
        return bucket.get(path);
    }

    @Override
    public Optional<String> firstAfter(String prefix, String after) {
        // No listed key is smaller than the prefix, and a server may be strict about what it starts after.
        String from = after.compareTo(prefix) < 0 ? "" : after;
        while (true) {
            Iterator<Bucket.Listed> listing = bucket.list(prefix, from);
            if (!listing.hasNext()) {
                return Optional.empty();
            }
            String key = listing.next().key();
            if (isPath(key)) {
                return Optional.of(key);
            }
            // Another store's folder may be large: pass over it in one step.
            from = isTaken(key) ? folder(key) + BEHIND_ALL : key;
        }
    }

    private static void requirePath(String path) {
        Arguments.requireArchivePath(path);
        if (isTaken(path)) {
            throw new IllegalArgumentException(
                    "`" + path + "` is no path of this archive: " + TAKEN + " hold what else is in the bucket");
        }
    }

    private static boolean isPath(String key) {
        return Arguments.isArchivePath(key) && !isTaken(key);
    }

    private static boolean isTaken(String path) {
        return TAKEN.contains(folder(path));
    }

    private static String folder(String path) {
        return path.split("/", 2)[0];
    }
}
