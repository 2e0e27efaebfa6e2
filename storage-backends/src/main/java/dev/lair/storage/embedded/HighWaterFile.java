package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file with the newest signed checkpoint, better on another disk than the data folder: a data folder that was put back
 * to an older state does not take it along. Each write is one durable step of {@link DurableFolder}, so a crash leaves
 * the old text or the new one, whole, and perhaps a hidden draft beside it, which the next start removes.
 */
public final class HighWaterFile {

    private final DurableFolder folder;
    private final Path file;

    private HighWaterFile(DurableFolder folder, Path file) {
        this.folder = folder;
        this.file = file;
    }

    /**
     * The file of this path. It need not exist, but its folder must: without the disk that holds it a registry would
     * take itself for new.
     *
     * @throws StorageException when there is no such folder
     */
    public static HighWaterFile at(Path file) {
        return at(file, DurableFolder.Probe.NONE);
    }

    static HighWaterFile at(Path file, DurableFolder.Probe probe) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new StorageException("the folder of the high-water file " + absolute
                    + " is not there: mount it, or create it if the registry is new");
        }
        String drafts = "." + absolute.getFileName() + ".draft-";
        return new HighWaterFile(DurableFolder.openAmongOthers(parent, drafts, probe), absolute);
    }

    /** What was written last; empty when nothing ever was. */
    public Optional<String> read() {
        try {
            return Optional.of(Files.readString(file, UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StorageException("the high-water file " + file + " cannot be read", e);
        }
    }

    /**
     * Writes {@code note} in place of what is there; durable when it returns.
     *
     * @throws StorageStoppedException when an earlier write ended with a failed fsync
     */
    public synchronized void replace(String note) {
        byte[] bytes = note.getBytes(UTF_8);
        try (DurableFolder.Draft draft = folder.create()) {
            draft.write(bytes, bytes.length);
            draft.sync();
            draft.moveTo(folder.path(), String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new StorageException("the high-water file " + file + " cannot be written", e);
        }
    }
}
