package dev.lair.server.search;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The index where the settings have it: in the data folder, in memory with a registry in memory, in a folder that lives as long
 * as the process where a database holds the registry, unless they name a folder.
 */
final class OpenedIndex implements AutoCloseable {

    private final SearchIndex index;
    private final @Nullable Path temporary;
    private boolean isClosed;

    private OpenedIndex(SearchIndex index, @Nullable Path temporary) {
        this.index = index;
        this.temporary = temporary;
    }

    static OpenedIndex open(LairSettings settings) throws IOException {
        Path folder = folder(settings);
        if (folder != null) {
            return new OpenedIndex(SearchIndex.open(directory(folder)), null);
        }
        if (settings.storage() == StorageKind.MEMORY) {
            return new OpenedIndex(SearchIndex.open(new ByteBuffersDirectory()), null);
        }
        Path temporary = Files.createTempDirectory("lair-search-");
        return new OpenedIndex(SearchIndex.open(FSDirectory.open(temporary)), temporary);
    }

    /** A lock of Lucene's is empty. One that is not was damaged, is held by nobody, and would be refused for ever. */
    static Directory directory(Path folder) throws IOException {
        Path lock = folder.resolve(IndexWriter.WRITE_LOCK_NAME);
        if (Files.exists(lock) && Files.size(lock) > 0) {
            Files.delete(lock);
        }
        return FSDirectory.open(folder);
    }

    /** Where the index stays when the process ends; null where it does not. */
    static @Nullable Path folder(LairSettings settings) {
        Path named = settings.search().folder();
        if (named != null) {
            return named;
        }
        return settings.storage() == StorageKind.EMBEDDED ? settings.data().resolve(DataFolder.SEARCH) : null;
    }

    SearchIndex index() {
        return index;
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        index.close();
        if (temporary != null) {
            try (Stream<Path> files = Files.list(temporary)) {
                files.forEach(OpenedIndex::delete);
            }
            Files.deleteIfExists(temporary);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
