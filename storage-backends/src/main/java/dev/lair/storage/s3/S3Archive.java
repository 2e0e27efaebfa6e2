package dev.lair.storage.s3;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Arguments;
import dev.lair.storage.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Write-once objects under their bare path, so that the bucket itself, or a cache before it, serves {@code log/tile/...}
 * as a log's monitors expect. What is put is stored before the answer and never replaced; a crash leaves the whole
 * object or none.
 */
final class S3Archive implements Archive {

    /** Folders of the other stores in this bucket. */
    private static final Set<String> TAKEN = Set.of("content", "snapshots", "probe", S3Tree.FOLDER);

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
        return pathsAfter(prefix, after, 1).stream().findFirst();
    }

    @Override
    public List<String> pathsAfter(String prefix, String after, int limit) {
        List<String> paths = new ArrayList<>();
        // No listed key is smaller than the prefix, and a server may be strict about what it starts after.
        String from = after.compareTo(prefix) < 0 ? "" : after;
        Iterator<Bucket.Listed> listing = bucket.list(prefix, from);
        while (paths.size() < limit && listing.hasNext()) {
            String key = listing.next().key();
            if (isPath(key)) {
                paths.add(key);
            } else if (isTaken(key)) {
                // Another store's folder may be large: pass over it in one step.
                listing = bucket.list(prefix, folder(key) + BEHIND_ALL);
            }
        }
        return paths;
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
