package dev.lair.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A bucket in the heap, to try thousands of orders of events. Keeps what {@link Bucket} promises and no more. */
final class HeapBucket implements Bucket {

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Stored(byte[] bytes, Instant modifiedAt) {}

    private final Clock clock;
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();

    /** {@code clock} is the server's. */
    HeapBucket(Clock clock) {
        this.clock = clock;
    }

    List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    @Override
    public Iterator<Listed> list(String prefix, String after) {
        return objects.tailMap(after, false).entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .map(object -> new Listed(
                        object.getKey(),
                        object.getValue().bytes().length,
                        object.getValue().modifiedAt()))
                .toList()
                .iterator();
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(objects.get(key))
                .map(stored -> stored.bytes().clone());
    }

    @Override
    public Optional<Opened> open(String key) {
        return get(key).map(bytes -> new Opened(bytes.length, new ByteArrayInputStream(bytes)));
    }

    @Override
    public Optional<InputStream> open(String key, long offset, long length) {
        return get(key).map(bytes -> {
            Objects.checkFromIndexSize(offset, length, (long) bytes.length);
            return new ByteArrayInputStream(bytes, (int) offset, (int) length);
        });
    }

    @Override
    public void put(String key, byte[] bytes, Kind kind) {
        objects.put(key, new Stored(bytes.clone(), clock.instant()));
    }

    @Override
    public boolean putIfAbsent(String key, byte[] bytes, Kind kind) {
        return objects.putIfAbsent(key, new Stored(bytes.clone(), clock.instant())) == null;
    }

    @Override
    public void upload(String key, Source source, Kind kind) {
        put(key, bytes(source), kind);
    }

    @Override
    public void uploadIfAbsent(String key, Source source, Kind kind) {
        putIfAbsent(key, bytes(source), kind);
    }

    private static byte[] bytes(Source source) {
        try (InputStream in = source.open(0, source.sizeBytes())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public Optional<URI> presign(String key, Duration life) {
        return Optional.empty();
    }
}
