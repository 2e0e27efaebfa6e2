package dev.lair.storage;

import java.io.InputStream;
import java.util.Optional;

/**
 * A place outside the registry that holds the static tree, for somebody else to serve. A key is the path of a file, segments
 * joined by {@code /}; none is a folder of others.
 *
 * <p>A file appears whole or not at all, and replaces what had its key: a reader sees the old bytes or the new. When a put
 * returns the file is durable. Every method may throw {@link StorageException}; then a put may have happened. One writer at a
 * time.
 */
public interface TreeStore {

    /** Bytes that can be read again. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws java.io.IOException;
    }

    /** Whether a file is there, in whatever state. */
    boolean has(String key);

    /** The bytes of a file that fits into memory. */
    Optional<byte[]> get(String key);

    /** Puts a file that fits into memory. */
    void put(String key, byte[] bytes);

    /** Puts a file of any size. */
    void put(String key, long sizeBytes, Source source);
}
