package dev.lair.storage.embedded;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Arguments;
import dev.lair.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An {@link Archive} as files of a folder that one process has open:
 *
 * <pre>
 * lock           held while the folder is in use
 * objects/(path) one file per object, read-only for us once it is there; a web server may serve this folder
 * tmp            objects on their way
 * </pre>
 *
 * <p>Files are written by the steps of {@link DurableFolder} and linked to their name, which fails where one is. Unlike
 * in a bucket an object cannot be a folder of others: where {@code a} is, {@code a/b} is refused.
 */
public final class FolderArchive implements Archive, AutoCloseable {

    private static final String OBJECTS = "objects";

    private final FolderLock lock;
    private final DurableFolder folder;
    private final Path objects;

    /** Naming is one after the other: a second writer of a path must find the first one's file durable. */
    private final ReentrantLock naming = new ReentrantLock();

    /** Folders whose names, and all above them, were synced by this process; owned by {@link #naming}. */
    private final Set<Path> synced = ConcurrentHashMap.newKeySet();

    /**
     * Files that have their name but whose folder is not synced yet: absent for readers, who look here second. When the
     * sync fails the file goes on settling: a restart is to decide.
     */
    private final Set<Path> settling = ConcurrentHashMap.newKeySet();

    private FolderArchive(FolderLock lock, DurableFolder folder) {
        this.lock = lock;
        this.folder = folder;
        this.objects = folder.path().resolve(OBJECTS);
    }

    /**
     * Opens the folder, which is created when it is not there.
     *
     * @throws DataFolderInUseException when it is open already, here or in another process
     * @throws StorageException when it cannot be opened
     */
    public static FolderArchive open(Path folder) {
        return open(folder, DurableFolder.Probe.NONE);
    }

    static FolderArchive open(Path folder, DurableFolder.Probe probe) {
        FolderLock.create(folder);
        FolderLock lock = FolderLock.take(folder);
        FolderArchive opened = null;
        try {
            DurableFolder durable = DurableFolder.open(folder, probe);
            durable.createSubfolder(OBJECTS);
            durable.syncFolder(folder);
            opened = new FolderArchive(lock, durable);
            return opened;
        } catch (IOException e) {
            throw new StorageException("archive " + folder + " cannot be opened", e);
        } finally {
            if (opened == null) {
                lock.close();
            }
        }
    }

    @Override
    public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
        Arguments.requireArchivePath(path);
        Path file = objects.resolve(path);
        try {
            return !isThere(path, file, bytes) && putNew(path, file, bytes);
        } catch (IOException e) {
            throw failed("written", path, e);
        }
    }

    /** Whether these bytes are there, durably. */
    private boolean isThere(String path, Path file, byte[] bytes) throws IOException, ArchiveConflictException {
        naming.lock();
        try {
            // What settles under this lock is what an fsync failed for: the write that follows says so.
            if (!Files.exists(file) || settling.contains(file)) {
                return false;
            }
            createFolder(parent(file));
            if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
                throw new ArchiveConflictException(path);
            }
            return true;
        } finally {
            naming.unlock();
        }
    }

    private boolean putNew(String path, Path file, byte[] bytes) throws IOException, ArchiveConflictException {
        Path into = parent(file);
        try (DurableFolder.Draft draft = folder.create()) {
            draft.write(bytes, bytes.length);
            draft.sync();
            naming.lock();
            try {
                // Somebody else may have been faster.
                if (isThere(path, file, bytes)) {
                    return false;
                }
                createFolder(into);
                settling.add(file);
                draft.linkTo(into, String.valueOf(file.getFileName()));
                settling.remove(file);
                return true;
            } finally {
                naming.unlock();
            }
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalStateException(file + " is in no folder");
        }
        return parent;
    }

    /**
     * Makes the folder and all above it durable. One that is there may have been made, or filled, by a process that
     * died before it synced, so the first use in this process syncs what it holds and what holds it.
     */
    private void createFolder(Path path) throws IOException {
        if (path.equals(folder.path()) || synced.contains(path)) {
            return;
        }
        createFolder(parent(path));
        if (!Files.isDirectory(path)) {
            Files.createDirectory(path);
        }
        folder.syncFolder(parent(path));
        folder.syncFolder(path);
        synced.add(path);
    }

    @Override
    public Optional<byte[]> get(String path) {
        Arguments.requireArchivePath(path);
        Path file = objects.resolve(path);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            return settling.contains(file) ? Optional.empty() : Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", path, e);
        }
    }

    @Override
    public Optional<String> firstAfter(String prefix, String after) {
        return pathsAfter(prefix, after, 1).stream().findFirst();
    }

    /** Lists the folders on the way: a folder of a million objects costs a second, so this is for the start. */
    @Override
    public List<String> pathsAfter(String prefix, String after, int limit) {
        List<String> paths = new ArrayList<>();
        try {
            collect(objects, "", prefix, after, limit, paths);
        } catch (IOException e) {
            throw failed("listed under", prefix, e);
        }
        return paths;
    }

    private void collect(Path in, String path, String prefix, String after, int limit, List<String> paths)
            throws IOException {
        for (String name : names(in)) {
            if (paths.size() == limit) {
                return;
            }
            String next = path + name;
            boolean isFolder = name.endsWith("/");
            if (isFolder && mayHold(next, prefix, after)) {
                collect(objects.resolve(next), next, prefix, after, limit, paths);
            } else if (!isFolder && next.startsWith(prefix) && next.compareTo(after) > 0) {
                if (!settling.contains(objects.resolve(next))) {
                    paths.add(next);
                }
            }
        }
    }

    /** Whether a path of this folder may have the prefix and come behind {@code after}. */
    private static boolean mayHold(String folder, String prefix, String after) {
        boolean ofPrefix = folder.startsWith(prefix) || prefix.startsWith(folder);
        return ofPrefix && (folder.compareTo(after) > 0 || after.startsWith(folder));
    }

    /** The names in a folder, those of folders with their slash, which counts in the order of paths. */
    private static NavigableSet<String> names(Path folder) throws IOException {
        NavigableSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                // Other files are not ours.
                if (Arguments.isArchivePath(name)) {
                    names.add(Files.isDirectory(file) ? name + "/" : name);
                }
            }
        }
        return names;
    }

    private StorageException failed(String what, String path, IOException cause) {
        return new StorageException("`" + path + "` of archive " + folder.path() + " could not be " + what, cause);
    }

    /** Gives the folder up. */
    @Override
    public void close() {
        lock.close();
    }
}
