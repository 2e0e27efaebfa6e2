package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lair.storage.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Finds out at start whether a bucket keeps what {@link Bucket} promises, instead of in a year by a loss. Eight writers
 * put one new object at the same time and exactly one may win; then a list, a get and a delete must each see it at once.
 * Servers were released that let two such writers win, some only when they come together. The check finds these and
 * those that ignore the condition; it is no proof.
 */
final class BucketCheck {

    private static final String FOLDER = "probe/";

    private final Bucket bucket;

    BucketCheck(Bucket bucket) {
        this.bucket = bucket;
    }

    /** @throws StorageException when the bucket does not answer, or is not fit */
    void run() {
        String key = FOLDER + UUID.randomUUID();
        try {
            byte[] winner = race(key);
            if (!Arrays.equals(bucket.get(key).orElse(new byte[0]), winner)) {
                throw unfit("an object that was put with `If-None-Match: *` is not the one that is read");
            }
            requireListed(key, true);
        } catch (StorageException e) {
            deleteAfter(e, key);
            throw e;
        }
        bucket.delete(key);
        requireListed(key, false);
    }

    private void deleteAfter(StorageException failure, String key) {
        try {
            bucket.delete(key);
        } catch (StorageException e) {
            failure.addSuppressed(e);
        }
    }

    /** Lets all writers at it, twice, and answers what the one winner wrote. */
    private byte[] race(String key) {
        List<byte[]> winners = new ArrayList<>(together(key));
        winners.addAll(together(key));
        if (winners.size() != 1) {
            throw unfit("of " + 2 * Limits.PROBE_WRITERS + " writers with `If-None-Match: *` under one key "
                    + winners.size() + " were told that they won, not 1");
        }
        return winners.getFirst();
    }

    private List<byte[]> together(String key) {
        List<byte[]> bodies = new ArrayList<>();
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < Limits.PROBE_WRITERS; i++) {
            byte[] body = UUID.randomUUID().toString().getBytes(US_ASCII);
            bodies.add(body);
            writers.add(() -> bucket.putIfAbsent(key, body, Bucket.Kind.INTERNAL));
        }
        List<byte[]> winners = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = threads.invokeAll(writers);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).get()) {
                    winners.add(bodies.get(i));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while the bucket was checked", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
        return winners;
    }

    private void requireListed(String key, boolean expected) {
        boolean listed = bucket.list(key, "").hasNext();
        if (listed != expected) {
            throw unfit("a list " + (expected ? "does not show an object that was" : "still shows an object that was")
                    + (expected ? " put" : " deleted") + " before");
        }
    }

    private static StorageException unfit(String reason) {
        return new StorageException("this S3 server cannot be used: " + reason
                + ". Writers would overwrite each other and lose what was acknowledged; use AWS or a server that honours"
                + " conditional puts and lists at once what was put");
    }
}
