package dev.lair.storage.s3;

import dev.lair.storage.Arguments;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.ContentTooLargeException;
import dev.lair.storage.DigestMismatchException;
import dev.lair.storage.IncomingContent;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Contents as objects of a bucket, under the keys of {@link ContentKey}. {@link Lives} decides what is there; here bytes
 * are moved. An upload is spooled and checked before the bucket sees anything of it.
 *
 * <p>Costs in requests: a new content 4, a touch 3 and a delete, a look-up 1 list, an open 1 get while the content is in
 * its first life. The walk of {@link #untouchedSince} reads about 500 contents with each list and asks for none of them
 * alone.
 */
final class S3Contents implements ContentStore {

    private final Bucket bucket;
    private final Scratch scratch;
    private final Lives lives;

    S3Contents(Bucket bucket, Scratch scratch, Clock clock) {
        this.bucket = bucket;
        this.scratch = scratch;
        this.lives = new Lives(bucket, clock);
    }

    @Override
    public StoredContent put(Digest expected, InputStream bytes, long maxBytes)
            throws IOException, DigestMismatchException, ContentTooLargeException {
        IncomingContent incoming = new IncomingContent(expected, bytes, maxBytes);
        try (Scratch.Spool spool = scratch.spool()) {
            byte[] buffer = new byte[Limits.COPY_BUFFER_BYTES];
            for (int count = incoming.read(buffer); count >= 0; count = incoming.read(buffer)) {
                spool.write(buffer, 0, count);
            }
            long sizeBytes = incoming.verify();
            StoredContent stored = put(expected, spool);
            if (stored.sizeBytes() != sizeBytes) {
                throw new StorageException(
                        "content " + expected + " has " + sizeBytes + " bytes, its object in the bucket "
                                + stored.sizeBytes() + ": it is damaged; remove the object, then upload again");
            }
            return stored;
        }
    }

    private StoredContent put(Digest digest, Bucket.Source bytes) {
        for (int round = 0; round < Limits.LOST_RACES; round++) {
            Holding held = lives.look(digest);
            Optional<StoredContent> stored = held.isAlive() ? lives.touch(held) : lives.begin(held, bytes);
            if (stored.isPresent()) {
                return stored.get();
            }
        }
        throw new StorageException("content " + digest + " was deleted " + Limits.LOST_RACES
                + " times while it was put: does a node collect garbage with a clock that is ahead?");
    }

    @Override
    public Optional<StoredContent> find(Digest digest) {
        Holding held = lives.look(digest);
        return held.isAlive() ? Optional.of(lives.stored(held)) : Optional.empty();
    }

    @Override
    public boolean touch(Digest digest) {
        return lives.touch(lives.look(digest)).isPresent();
    }

    @Override
    public InputStream open(Digest digest, long offset, long length) throws ContentNotFoundException {
        if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
            StoredContent found = find(digest).orElseThrow(() -> new ContentNotFoundException(digest));
            Objects.checkFromIndexSize(offset, length, found.sizeBytes());
            return InputStream.nullInputStream();
        }
        return opened(digest, key -> bucket.open(key, offset, length));
    }

    @Override
    public <T> T read(Digest digest, Function<ByteBuffer, T> reader) throws ContentNotFoundException {
        Bucket.Opened opened = opened(digest, bucket::open);
        try (InputStream bytes = opened.bytes();
                Scratch.Spool spool = scratch.spool()) {
            if (opened.sizeBytes() > Integer.MAX_VALUE) {
                throw new StorageException("content " + digest + " has " + opened.sizeBytes()
                        + " bytes, more than one buffer can show: open it as a stream");
            }
            fetch(digest, bytes, spool);
            return reader.apply(buffer(spool));
        } catch (IOException e) {
            throw new StorageException("content " + digest + " could not be read", e);
        }
    }

    /** Fetches a whole content and checks it: it comes over a network, and whoever reads it decides by it. */
    private static void fetch(Digest digest, InputStream bytes, Scratch.Spool spool) throws IOException {
        try {
            IncomingContent incoming = new IncomingContent(digest, bytes, Integer.MAX_VALUE);
            byte[] buffer = new byte[Limits.COPY_BUFFER_BYTES];
            for (int count = incoming.read(buffer); count >= 0; count = incoming.read(buffer)) {
                spool.write(buffer, 0, count);
            }
            incoming.verify();
        } catch (DigestMismatchException | ContentTooLargeException e) {
            throw new StorageException(
                    "the bucket gave other bytes for content " + digest + " than were put: the object is damaged", e);
        }
    }

    private static ByteBuffer buffer(Scratch.Spool spool) throws IOException {
        byte[] heap = spool.bytesInHeap();
        FileChannel channel = spool.channel();
        if (heap != null || channel == null) {
            return ByteBuffer.wrap(heap == null ? new byte[0] : heap).asReadOnlyBuffer();
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, spool.sizeBytes());
    }

    @FunctionalInterface
    private interface Opening<T> {
        Optional<T> open(String key);
    }

    /**
     * Tries the first life without a look: nearly all contents are in it. Its bytes are right whatever became of it, so
     * they may be served even if it just ended.
     */
    private <T> T opened(Digest digest, Opening<T> opening) throws ContentNotFoundException {
        Optional<T> opened = opening.open(ContentKey.bytes(digest, 0).format());
        for (int round = 0; opened.isEmpty() && round < Limits.LOST_RACES; round++) {
            Holding held = lives.look(digest);
            if (!held.isAlive()) {
                break;
            }
            opened = opening.open(ContentKey.bytes(digest, held.life()).format());
        }
        return opened.orElseThrow(() -> new ContentNotFoundException(digest));
    }

    /** The walk also sweeps, so a registry that collects its garbage needs no other job for this. */
    @Override
    public List<Digest> untouchedSince(Instant cutoff, @Nullable Digest after, int limit) {
        Arguments.requireLimit(limit);
        List<Digest> untouched = new ArrayList<>();
        Walk walk = new Walk(bucket.list(ContentKey.FOLDER, after == null ? "" : ContentKey.behind(after)));
        for (Holding held = walk.next(); held != null && untouched.size() < limit; held = walk.next()) {
            lives.sweep(held);
            if (held.isAlive() && held.isTouchedBefore(cutoff)) {
                untouched.add(held.digest());
            }
        }
        return untouched;
    }

    @Override
    public boolean deleteIfUntouchedSince(Digest digest, Instant cutoff) {
        return lives.end(digest, cutoff);
    }

    @Override
    public Optional<URI> directUrl(Digest digest, Duration life) {
        Optional<URI> first = bucket.presign(ContentKey.bytes(digest, 0).format(), life);
        if (first.isEmpty()) {
            return first;
        }
        Holding held = lives.look(digest);
        if (!held.isAlive()) {
            return Optional.empty();
        }
        return held.life() == 0
                ? first
                : bucket.presign(ContentKey.bytes(digest, held.life()).format(), life);
    }

    /** Gathers what a listing says about one content after the other; keys that are not ours are passed over. */
    private static final class Walk {

        private record Part(Digest digest, Bucket.Listed object) {}

        private final Iterator<Bucket.Listed> listing;

        /** First object of the next content. */
        private @Nullable Part ahead;

        Walk(Iterator<Bucket.Listed> listing) {
            this.listing = listing;
            this.ahead = pull();
        }

        private @Nullable Part pull() {
            while (listing.hasNext()) {
                Bucket.Listed object = listing.next();
                Optional<ContentKey> key = ContentKey.parse(object.key());
                if (key.isPresent()) {
                    return new Part(key.get().digest(), object);
                }
            }
            return null;
        }

        @Nullable
        Holding next() {
            Part part = ahead;
            if (part == null) {
                return null;
            }
            Digest digest = part.digest();
            List<Bucket.Listed> objects = new ArrayList<>();
            while (part != null && part.digest().equals(digest)) {
                objects.add(part.object());
                part = pull();
            }
            ahead = part;
            return Holding.of(digest, objects);
        }
    }
}
