package dev.lair.signing;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;

/**
 * Where a {@link KeyStore} keeps its files: small byte arrays (at most 4 KiB) under names. {@link SealedFolder} is a
 * directory; a database may hold them as well, so that several servers share one store.
 *
 * <p>Names are one or two parts of {@code a-z 0-9 . _ -} joined by a slash, each part starting with a letter or digit:
 * {@code key-store}, {@code keys/alice.key}. Each write is one step that others see whole or not at all, durable when the
 * method returns. Contents are sealed, so a reader learns no secret; who may write can delete keys and put back old ones.
 */
public interface SealedFiles {

    /** The bytes of a file; empty when there is none. Of a file longer than 4 KiB the first 4 KiB and one byte are enough. */
    Optional<byte[]> read(String name) throws IOException;

    /**
     * Writes a file that does not exist yet.
     *
     * @throws FileAlreadyExistsException when the name is taken; the file there stays. Of two that write one name at the
     *     same time exactly one gets this
     */
    void writeNew(String name, byte[] bytes) throws IOException;

    /** Writes a file, in place of the one that has its name now, if any. */
    void replace(String name, byte[] bytes) throws IOException;

    /**
     * Writes a file in place of one that holds exactly {@code expected}; false, and nothing is written, when it holds
     * something else or is gone. Of several that replace the same bytes exactly one succeeds.
     */
    boolean replaceIf(String name, byte[] expected, byte[] bytes) throws IOException;

    /** Deletes a file; whether there was one. */
    boolean delete(String name) throws IOException;

    /** The names of the files in a folder, the folder's name and a slash included; empty when there is none such. */
    List<String> list(String folder) throws IOException;

    /** How messages call a file, or the whole place for an empty name: what an operator can look for. */
    String describe(String name);
}
