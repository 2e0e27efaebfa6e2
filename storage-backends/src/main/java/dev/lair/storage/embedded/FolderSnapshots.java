package dev.lair.storage.embedded;

import dev.lair.storage.Arguments;
import dev.lair.storage.SnapshotNotFoundException;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.SnapshotWriter;
import dev.lair.storage.StorageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Snapshots as files {@code <tree size>.map}, written by the steps of {@link DurableFolder}. */
final class FolderSnapshots implements SnapshotStore {

    private static final String SUFFIX = ".map";

    private final DurableFolder folder;
    private final Clock clock;

    FolderSnapshots(DurableFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public void save(long treeSize, SnapshotWriter writer) {
        Arguments.requireNotNegative(treeSize);
        try (DurableFolder.Draft draft = folder.create()) {
            OutputStream out =
                    new BufferedOutputStream(Channels.newOutputStream(draft.channel()), Limits.COPY_BUFFER_BYTES);
            writer.write(out);
            out.flush();
            draft.sync(clock.instant());
            draft.moveTo(folder.path(), treeSize + SUFFIX);
        } catch (IOException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " could not be written", e);
        }
    }

    @Override
    public NavigableSet<Long> sizes() {
        return sizes(folder.path());
    }

    /** The newest one of a folder that nobody needs to have open: a file under its name is whole, and stays as it is. */
    static Optional<Path> newest(Path folder) {
        NavigableSet<Long> sizes = Files.isDirectory(folder) ? sizes(folder) : new TreeSet<>();
        return sizes.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(sizes.last() + SUFFIX));
    }

    private static NavigableSet<Long> sizes(Path folder) {
        NavigableSet<Long> sizes = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String size = name.substring(0, name.length() - SUFFIX.length());
                // Other files are not ours: an operator may keep a copy beside.
                if (size.matches("0|[1-9][0-9]{0,17}")) {
                    sizes.add(Long.valueOf(size));
                }
            }
        } catch (IOException e) {
            throw new StorageException("the snapshots in " + folder + " cannot be listed", e);
        }
        return sizes;
    }

    @Override
    public InputStream open(long treeSize) {
        try {
            return Files.newInputStream(file(treeSize));
        } catch (NoSuchFileException e) {
            throw new SnapshotNotFoundException(treeSize);
        } catch (IOException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " cannot be read", e);
        }
    }

    @Override
    public void delete(long treeSize) {
        try {
            Files.deleteIfExists(file(treeSize));
        } catch (IOException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " cannot be deleted", e);
        }
    }

    private Path file(long treeSize) {
        return folder.path().resolve(treeSize + SUFFIX);
    }
}
