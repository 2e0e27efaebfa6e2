package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import dev.lair.storage.TreeStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The tree in a folder: a key is a path below it. Files are written by the steps of {@link DurableFolder}, with drafts in
 * {@code .lair-drafts}, which no web server is to show. Names of new folders are not synced: what a loss of power takes is
 * missing as a whole, and written again by the next run.
 */
public final class FolderTree implements TreeStore {

    /** Where drafts lie; nothing to serve. */
    public static final String DRAFTS = ".lair-drafts";

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;
    private final DurableFolder drafts;

    private FolderTree(Path folder, DurableFolder drafts) {
        this.folder = folder;
        this.drafts = drafts;
    }

    /** Opens the folder, which is created when it is not there, and removes what a crash left half written. */
    public static FolderTree open(Path folder) {
        return new FolderTree(folder, DurableFolder.open(folder.resolve(DRAFTS), DurableFolder.Probe.NONE));
    }

    private Path file(String key) {
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".") || segment.indexOf('\\') >= 0) {
                throw new IllegalArgumentException("`" + key + "` is no key of a tree");
            }
        }
        return folder.resolve(key);
    }

    @Override
    public boolean has(String key) {
        return Files.isRegularFile(file(key));
    }

    @Override
    public Optional<byte[]> get(String key) {
        try {
            return Optional.of(Files.readAllBytes(file(key)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StorageException("file " + file(key) + " of the tree cannot be read", e);
        }
    }

    @Override
    public void put(String key, byte[] bytes) {
        put(key, bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    @Override
    public void put(String key, long sizeBytes, Source source) {
        Path file = file(key);
        try (DurableFolder.Draft draft = drafts.create();
                InputStream in = source.open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long copied = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                draft.write(buffer, read);
                copied += read;
            }
            if (copied != sizeBytes) {
                throw new IOException(copied + " bytes came instead of " + sizeBytes);
            }
            draft.sync();
            Path into = file.getParent() == null ? folder : file.getParent();
            Files.createDirectories(into);
            draft.moveTo(into, String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new StorageException("file " + file + " of the tree cannot be written", e);
        }
    }
}
