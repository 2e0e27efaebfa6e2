package dev.lair.storage;

import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps contents under their SHA-256. It knows nothing of packages: which content may be served, and which is garbage,
 * is decided elsewhere.
 *
 * <p><b>Durability.</b> A content is visible only when it is complete, checked and durable. A crash during
 * {@link #put} leaves nothing that can be seen; what was half written is removed at the next open. A crash just before
 * the return may leave the whole content, which is then ordinary garbage or a head start for the next upload.
 *
 * <p><b>Garbage.</b> Each put and touch sets the touch time to now, durably and never backwards. The collector lists
 * what was not touched for a grace period, drops from the list what is referenced, and deletes the rest with
 * {@link #deleteIfUntouchedSince}, which loses against every put or touch that began before it.
 *
 * <p>All methods may be called from many threads, also for one digest. Any may throw {@link StorageException}; after
 * a failed fsync, puts and touches throw {@link StorageStoppedException} until the store is opened again.
 */
public interface ContentStore {

    /**
     * Reads {@code bytes} to its end, once, and keeps them. When they are there already the bytes are still read and
     * checked, so that nobody can touch a content that they do not have. The stream is left open.
     *
     * @throws IOException when reading {@code bytes} failed
     * @throws DigestMismatchException when they are not what {@code expected} names
     * @throws ContentTooLargeException when there are more than {@code maxBytes}
     */
    StoredContent put(Digest expected, InputStream bytes, long maxBytes)
            throws IOException, DigestMismatchException, ContentTooLargeException;

    /** Size and touch time, if the content is there. */
    Optional<StoredContent> find(Digest digest);

    /** Sets the touch time to now, which restarts the grace period. False when the content is not there. */
    boolean touch(Digest digest);

    /**
     * Opens {@code length} bytes from {@code offset}; the caller closes the stream, which stays readable when the
     * content is deleted meanwhile.
     *
     * @throws ContentNotFoundException when the content is not there
     * @throws IndexOutOfBoundsException when the range is not inside the content
     */
    InputStream open(Digest digest, long offset, long length) throws ContentNotFoundException;

    /**
     * Lets {@code reader} look at the whole content without a copy in the heap where the backend can. The buffer is
     * read-only and must not be kept beyond the call.
     *
     * @throws ContentNotFoundException when the content is not there
     * @throws StorageException when it is larger than a buffer can be, 2^31 - 1 bytes
     */
    <T> T read(Digest digest, Function<ByteBuffer, T> reader) throws ContentNotFoundException;

    /**
     * Up to {@code limit} (1 or more) contents with a touch time before {@code cutoff}, in order of digest, from the
     * first or behind {@code after}. Contents that stay referenced stay in this list: walk it with {@code after}.
     */
    List<Digest> untouchedSince(Instant cutoff, @Nullable Digest after, int limit);

    /**
     * Deletes the content if its touch time is before {@code cutoff} and nobody is putting it; true when it did. Atomic
     * against put and touch. A crash may bring the content back, untouched: the collector meets it again.
     */
    boolean deleteIfUntouchedSince(Digest digest, Instant cutoff);

    /**
     * Returns while puts and touches are not refused for good: what a health check asks, since reads go on.
     *
     * @throws StorageStoppedException when they are, until the store is opened again
     */
    default void requireWritable() {}

    /**
     * An address from which a client may fetch the content itself for a while, without credentials, as a download
     * ({@code Content-Disposition: attachment}). Whoever gets it can pass it on, so the caller decides first who may read.
     *
     * @param life how long it works; a backend may give less
     * @return empty when this backend or its settings give none, or when the content is not there: then {@link #open} it
     */
    default Optional<URI> directUrl(Digest digest, Duration life) {
        return Optional.empty();
    }
}
