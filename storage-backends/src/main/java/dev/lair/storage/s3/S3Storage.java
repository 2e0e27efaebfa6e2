package dev.lair.storage.s3;

import dev.lair.storage.Archive;
import dev.lair.storage.ContentStore;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.StorageException;
import dev.lair.storage.TreeStore;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the stores of one bucket, below the settings' prefix:
 *
 * <pre>
 * content/sha256/(hex)...   contents and what is known of their use
 * snapshots/(size).map      snapshots of the map
 * tree/(path)               the static tree, where it is kept current
 * (any other path)          write-once objects: log/tile/..., evidence/tile/..., checkpoint copies
 * probe/(random)            the check at start; gone behind it
 * </pre>
 *
 * <p>Any number of processes may have the bucket open at once. It has to be a server that honours conditional puts and
 * lists at once what was put, which is checked at each open. A lifecycle rule must not touch these keys; one that gives
 * up incomplete uploads after some days is welcome.
 */
public final class S3Storage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3Storage.class);

    private final S3Bucket bucket;
    private final ContentStore contents;
    private final SnapshotStore snapshots;
    private final Archive archive;
    private final TreeStore tree;

    private S3Storage(S3Bucket bucket, Scratch scratch, Clock clock) {
        this.bucket = bucket;
        this.contents = new S3Contents(bucket, scratch, clock);
        this.snapshots = new S3Snapshots(bucket, scratch);
        this.archive = new S3Archive(bucket);
        this.tree = new S3Tree(bucket);
    }

    /**
     * Opens a bucket.
     *
     * @param scratchFolder a local folder for bytes on their way; created when it is not there, emptied, and used by
     *     no other process. It needs room for the uploads that run at once and one snapshot.
     * @param clock gives the touch times of contents; nodes whose clocks differ by less than the grace period agree
     *     on what is garbage
     * @throws StorageException when the bucket does not answer, the credentials do not suffice, or two writers can
     *     win; the message says what to do
     */
    public static S3Storage open(S3Settings settings, Path scratchFolder, Clock clock) {
        Scratch scratch = Scratch.open(scratchFolder);
        S3Bucket bucket = new S3Bucket(settings);
        boolean opened = false;
        try {
            new BucketCheck(bucket).run();
            abortOldUploads(bucket, clock);
            opened = true;
        } finally {
            if (!opened) {
                bucket.close();
            }
        }
        LOG.info(
                "bucket is open s3.bucket={} s3.prefix={} s3.endpoint={}",
                settings.bucket(),
                settings.prefix(),
                settings.endpoint().map(Object::toString).orElse("AWS"));
        return new S3Storage(bucket, scratch, clock);
    }

    /** Not every user may, not every server can, and a lifecycle rule does the same. */
    private static void abortOldUploads(S3Bucket bucket, Clock clock) {
        try {
            bucket.abortUploadsBefore(clock.instant().minus(Limits.LATE_REQUEST));
        } catch (StorageException e) {
            LOG.warn(
                    "uploads that were never ended stay in the bucket; let a lifecycle rule give them up: {}",
                    e.getMessage());
        }
    }

    /** Released and uploaded bytes. */
    public ContentStore contents() {
        return contents;
    }

    /** Snapshots of the map. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** Write-once objects, under their paths as URLs have them. */
    public Archive archive() {
        return archive;
    }

    /** The static tree, below {@code tree/}. */
    public TreeStore tree() {
        return tree;
    }

    /** Waits for requests that run; a second call does nothing. */
    @Override
    public void close() {
        bucket.close();
    }
}
