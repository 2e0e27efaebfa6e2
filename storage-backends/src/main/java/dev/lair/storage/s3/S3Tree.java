package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import dev.lair.storage.TreeStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The tree in a bucket, below {@code tree/}: point a CDN's origin there. An object appears whole or not at all, and replaces
 * what had its key.
 */
final class S3Tree implements TreeStore {

    /** Folder of the tree in the bucket. */
    static final String FOLDER = "tree";

    private final Bucket bucket;

    S3Tree(Bucket bucket) {
        this.bucket = bucket;
    }

    private static String object(String key) {
        return FOLDER + "/" + key;
    }

    @Override
    public boolean has(String key) {
        Optional<Bucket.Opened> opened = bucket.open(object(key));
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream unread = opened.get().bytes()) {
            return true;
        } catch (IOException e) {
            throw new StorageException("object " + object(key) + " cannot be looked at", e);
        }
    }

    @Override
    public Optional<byte[]> get(String key) {
        return bucket.get(object(key));
    }

    @Override
    public void put(String key, byte[] bytes) {
        bucket.put(object(key), bytes, kind(key));
    }

    /** A source of a bucket may be read in parts and again, so what it opens is skipped to the place. */
    @Override
    public void put(String key, long sizeBytes, Source source) {
        try {
            upload(key, sizeBytes, source);
        } catch (UncheckedIOException e) {
            throw new StorageException("the bytes of object " + object(key) + " cannot be read", e);
        }
    }

    private void upload(String key, long sizeBytes, Source source) {
        bucket.upload(
                object(key),
                new Bucket.Source() {
                    @Override
                    public long sizeBytes() {
                        return sizeBytes;
                    }

                    @Override
                    public InputStream open(long offset, long length) throws IOException {
                        try (InputStream in = source.open()) {
                            in.skipNBytes(offset);
                            return new ByteArrayInputStream(in.readNBytes(Math.toIntExact(length)));
                        }
                    }
                },
                kind(key));
    }

    private static Bucket.Kind kind(String key) {
        return key.startsWith("blob/") ? Bucket.Kind.CONTENT : Bucket.Kind.REPLACED;
    }
}
