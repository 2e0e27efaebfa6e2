package dev.lair.storage.s3;

import dev.lair.storage.Arguments;
import dev.lair.storage.SnapshotNotFoundException;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.SnapshotWriter;
import dev.lair.storage.StorageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Snapshots as objects {@code snapshots/<tree size, 19 digits>.map}. They are spooled first, so that a writer that fails
 * leaves no trace and an upload can be tried again; the object appears, or is replaced, when it is complete.
 */
final class S3Snapshots implements SnapshotStore {

    private static final String FOLDER = "snapshots/";
    private static final Pattern KEY = Pattern.compile(FOLDER + "([0-9]{19})\\.map");

    private final Bucket bucket;
    private final Scratch scratch;

    S3Snapshots(Bucket bucket, Scratch scratch) {
        this.bucket = bucket;
        this.scratch = scratch;
    }

    @Override
    public void save(long treeSize, SnapshotWriter writer) {
        Arguments.requireNotNegative(treeSize);
        try (Scratch.Spool spool = scratch.spool()) {
            OutputStream out = new BufferedOutputStream(spool, Limits.COPY_BUFFER_BYTES);
            writer.write(out);
            out.flush();
            bucket.upload(key(treeSize), spool, Bucket.Kind.INTERNAL);
        } catch (IOException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " could not be written", e);
        }
    }

    @Override
    public NavigableSet<Long> sizes() {
        NavigableSet<Long> sizes = new TreeSet<>();
        bucket.list(FOLDER, "").forEachRemaining(object -> {
            Matcher key = KEY.matcher(object.key());
            // Other objects are not ours: an operator may keep a copy beside.
            if (key.matches()) {
                sizes.add(Long.valueOf(key.group(1)));
            }
        });
        return sizes;
    }

    @Override
    public InputStream open(long treeSize) {
        return bucket.open(key(treeSize))
                .orElseThrow(() -> new SnapshotNotFoundException(treeSize))
                .bytes();
    }

    @Override
    public void delete(long treeSize) {
        bucket.delete(key(treeSize));
    }

    private static String key(long treeSize) {
        return FOLDER + "%019d.map".formatted(treeSize);
    }
}
