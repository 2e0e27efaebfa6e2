package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this backend asks of a bucket, and all that its arguments rest on:
 *
 * <ul>
 *   <li>an object appears whole or not at all, and once a put or delete has answered, every get and list sees it;
 *   <li>of several {@link #putIfAbsent} under one key that is free, one wins.
 * </ul>
 *
 * <p>Deletes and plain puts have no condition: not every server knows one. A request whose answer is lost was carried
 * out, was not, or still will be. Keys are relative to the settings' prefix. Every method may throw
 * {@link StorageException}; then the outcome is unknown.
 */
interface Bucket {

    /** One object of a listing. */
    record Listed(String key, long sizeBytes, Instant modifiedAt) {}

    /** An open object: its whole size, and its bytes as a stream that the caller closes. */
    record Opened(long sizeBytes, InputStream bytes) {}

    /** Bytes to upload; they can be read more than once, in parts. */
    interface Source {
        long sizeBytes();

        InputStream open(long offset, long length) throws IOException;
    }

    /** How a server hands an object out to those who ask it without us. */
    enum Kind {
        /** Nobody's business. */
        INTERNAL(null, null),
        /** Bytes of strangers: a browser must not show them. */
        CONTENT(null, "attachment"),
        /** Readers ask again soon. */
        REPLACED("public, max-age=60", null),
        /** Never replaced, so it may be cached for ever. */
        WRITE_ONCE("public, max-age=31536000, immutable", null);

        private final @Nullable String cacheControl;
        private final @Nullable String contentDisposition;

        Kind(@Nullable String cacheControl, @Nullable String contentDisposition) {
            this.cacheControl = cacheControl;
            this.contentDisposition = contentDisposition;
        }

        @Nullable
        String cacheControl() {
            return cacheControl;
        }

        @Nullable
        String contentDisposition() {
            return contentDisposition;
        }
    }

    /** The objects whose key starts with {@code prefix} and is greater than {@code after}, by key; fetched in pages. */
    Iterator<Listed> list(String prefix, String after);

    /** A small object's bytes. */
    Optional<byte[]> get(String key);

    /** Opens a whole object. */
    Optional<Opened> open(String key);

    /**
     * Opens 1 or more bytes of an object.
     *
     * @throws IndexOutOfBoundsException when the object ends before
     */
    Optional<InputStream> open(String key, long offset, long length);

    /** Puts a small object, whatever was there. */
    void put(String key, byte[] bytes, Kind kind);

    /** Puts a small object where none is; false when there is one, perhaps from a try whose answer was lost. */
    boolean putIfAbsent(String key, byte[] bytes, Kind kind);

    /** Puts an object of any size, whatever was there. */
    void upload(String key, Source source, Kind kind);

    /** Puts an object of any size where none is, or leaves the one that is there. */
    void uploadIfAbsent(String key, Source source, Kind kind);

    /** Deletes an object if it is there. */
    void delete(String key);

    /** A URL that reads the object for as long as {@code life}; empty when the settings allow none. */
    Optional<URI> presign(String key, Duration life);
}
