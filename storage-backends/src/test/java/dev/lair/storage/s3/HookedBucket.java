package dev.lair.storage.s3;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/** A bucket with somebody standing at every request, who may delay it, refuse it, or let it happen late. */
final class HookedBucket implements Bucket {

    /** A request that can be sent. */
    @FunctionalInterface
    interface Sending<T> {
        T send();
    }

    /** Decides about each request. */
    interface Hook {

        /** Lets a request that changes nothing happen. */
        default <T> T read(Sending<T> request) {
            return request.send();
        }

        /** Lets a request that changes something happen, or not. */
        <T> T write(Sending<T> request);
    }

    private final Bucket bucket;
    private final Hook hook;

    HookedBucket(Bucket bucket, Hook hook) {
        this.bucket = bucket;
        this.hook = hook;
    }

    @Override
    public Iterator<Listed> list(String prefix, String after) {
        return hook.read(() -> bucket.list(prefix, after));
    }

    @Override
    public Optional<byte[]> get(String key) {
        return hook.read(() -> bucket.get(key));
    }

    @Override
    public Optional<Opened> open(String key) {
        return hook.read(() -> bucket.open(key));
    }

    @Override
    public Optional<InputStream> open(String key, long offset, long length) {
        return hook.read(() -> bucket.open(key, offset, length));
    }

    @Override
    public void put(String key, byte[] bytes, Kind kind) {
        hook.write(() -> {
            bucket.put(key, bytes, kind);
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String key, byte[] bytes, Kind kind) {
        return hook.write(() -> bucket.putIfAbsent(key, bytes, kind));
    }

    @Override
    public void upload(String key, Source source, Kind kind) {
        hook.write(() -> {
            bucket.upload(key, source, kind);
            return true;
        });
    }

    @Override
    public void uploadIfAbsent(String key, Source source, Kind kind) {
        hook.write(() -> {
            bucket.uploadIfAbsent(key, source, kind);
            return true;
        });
    }

    @Override
    public void delete(String key) {
        hook.write(() -> {
            bucket.delete(key);
            return true;
        });
    }

    @Override
    public Optional<URI> presign(String key, Duration life) {
        return bucket.presign(key, life);
    }
}
