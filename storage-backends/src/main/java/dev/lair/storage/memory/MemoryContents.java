package dev.lair.storage.memory;

import dev.lair.storage.Arguments;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.ContentTooLargeException;
import dev.lair.storage.DigestMismatchException;
import dev.lair.storage.IncomingContent;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Contents in the heap. The bytes of a held content never change; each change of the map is one atomic operation on
 * its key, which is what makes a deletion lose against a put or touch.
 */
final class MemoryContents implements ContentStore {

    private static final int BUFFER_BYTES = 8192;

    @SuppressWarnings("ArrayRecordComponent") // Never compared and never handed out.
    private record Held(byte[] bytes, Instant touchedAt) {}

    private final Clock clock;
    private final ConcurrentSkipListMap<Digest, Held> contents = new ConcurrentSkipListMap<>();

    MemoryContents(Clock clock) {
        this.clock = clock;
    }

    @Override
    public StoredContent put(Digest expected, InputStream bytes, long maxBytes)
            throws IOException, DigestMismatchException, ContentTooLargeException {
        IncomingContent incoming = new IncomingContent(expected, bytes, maxBytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = incoming.read(buffer); count >= 0; count = incoming.read(buffer)) {
            kept.write(buffer, 0, count);
        }
        incoming.verify();
        Held held = contents.merge(
                expected, new Held(kept.toByteArray(), now()), (old, fresh) -> touched(old, fresh.touchedAt()));
        return stored(expected, held);
    }

    @Override
    public Optional<StoredContent> find(Digest digest) {
        return Optional.ofNullable(contents.get(digest)).map(held -> stored(digest, held));
    }

    @Override
    public boolean touch(Digest digest) {
        Instant now = now();
        return contents.computeIfPresent(digest, (key, held) -> touched(held, now)) != null;
    }

    @Override
    public InputStream open(Digest digest, long offset, long length) throws ContentNotFoundException {
        byte[] bytes = get(digest);
        Objects.checkFromIndexSize(offset, length, (long) bytes.length);
        return new ByteArrayInputStream(bytes, (int) offset, (int) length);
    }

    @Override
    public <T> T read(Digest digest, Function<ByteBuffer, T> reader) throws ContentNotFoundException {
        return reader.apply(ByteBuffer.wrap(get(digest)).asReadOnlyBuffer());
    }

    @Override
    public List<Digest> untouchedSince(Instant cutoff, @Nullable Digest after, int limit) {
        Arguments.requireLimit(limit);
        NavigableMap<Digest, Held> walked = after == null ? contents : contents.tailMap(after, false);
        return walked.entrySet().stream()
                .filter(entry -> entry.getValue().touchedAt().isBefore(cutoff))
                .limit(limit)
                .map(entry -> entry.getKey())
                .toList();
    }

    @Override
    public boolean deleteIfUntouchedSince(Digest digest, Instant cutoff) {
        Held held = contents.get(digest);
        return held != null && held.touchedAt().isBefore(cutoff) && contents.remove(digest, held);
    }

    private byte[] get(Digest digest) throws ContentNotFoundException {
        Held held = contents.get(digest);
        if (held == null) {
            throw new ContentNotFoundException(digest);
        }
        return held.bytes();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static Held touched(Held held, Instant now) {
        return new Held(held.bytes(), now.isAfter(held.touchedAt()) ? now : held.touchedAt());
    }

    private static StoredContent stored(Digest digest, Held held) {
        return new StoredContent(digest, held.bytes().length, held.touchedAt());
    }
}
