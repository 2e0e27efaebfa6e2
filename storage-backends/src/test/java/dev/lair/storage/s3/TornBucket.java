package dev.lair.storage.s3;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A bucket whose lists are gathered over some time, as servers with many index shards do: an object that came or went
 * meanwhile may be in it or not. Takes two looks with a request's room between and asks for each such object.
 */
final class TornBucket implements Bucket {

    private final Bucket bucket;
    private final Predicate<String> shown;

    TornBucket(Bucket bucket, Predicate<String> shown) {
        this.bucket = bucket;
        this.shown = shown;
    }

    @Override
    public Iterator<Listed> list(String prefix, String after) {
        NavigableMap<String, Listed> first = new TreeMap<>();
        bucket.list(prefix, after).forEachRemaining(object -> first.put(object.key(), object));
        NavigableMap<String, Listed> second = new TreeMap<>();
        bucket.list(prefix, after).forEachRemaining(object -> second.put(object.key(), object));
        NavigableMap<String, Listed> torn = new TreeMap<>(first);
        torn.putAll(second);
        torn.keySet().removeIf(key -> (!first.containsKey(key) || !second.containsKey(key)) && !shown.test(key));
        return torn.values().iterator();
    }

    @Override
    public Optional<byte[]> get(String key) {
        return bucket.get(key);
    }

    @Override
    public Optional<Opened> open(String key) {
        return bucket.open(key);
    }

    @Override
    public Optional<InputStream> open(String key, long offset, long length) {
        return bucket.open(key, offset, length);
    }

    @Override
    public void put(String key, byte[] bytes, Kind kind) {
        bucket.put(key, bytes, kind);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] bytes, Kind kind) {
        return bucket.putIfAbsent(key, bytes, kind);
    }

    @Override
    public void upload(String key, Source source, Kind kind) {
        bucket.upload(key, source, kind);
    }

    @Override
    public void uploadIfAbsent(String key, Source source, Kind kind) {
        bucket.uploadIfAbsent(key, source, kind);
    }

    @Override
    public void delete(String key) {
        bucket.delete(key);
    }

    @Override
    public Optional<URI> presign(String key, Duration life) {
        return bucket.presign(key, life);
    }
}
