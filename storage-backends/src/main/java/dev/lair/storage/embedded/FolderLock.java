package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lair.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use a data folder: an operating-system lock on its file {@code lock}, held for the life of the process
 * or until closed. A crash gives it up by itself; the file stays and holds the last owner's process id.
 *
 * <p>Folders open in this JVM are also kept in a set, asked first. Not for the error text alone: closing ANY channel on
 * a file drops all POSIX locks that the process has on it, so a second attempt must not even open the file. For the
 * same reason nothing in this process may open {@code ledger.db} beside SQLite.
 */
final class FolderLock implements AutoCloseable {

    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** Takes the lock of an existing folder. */
    static FolderLock take(Path folder) {
        Path real;
        try {
            real = folder.toRealPath();
        } catch (IOException e) {
            throw new StorageException("data folder " + folder + " cannot be read", e);
        }
        if (!OPEN_HERE.add(real)) {
            throw new DataFolderInUseException(real, "this process");
        }
        boolean taken = false;
        try {
            FolderLock lock = new FolderLock(real, lockFile(real));
            taken = true;
            return lock;
        } finally {
            if (!taken) {
                OPEN_HERE.remove(real);
            }
        }
    }

    private static FileChannel lockFile(Path folder) {
        Path file = folder.resolve("lock");
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                throw new DataFolderInUseException(folder, "process " + owner(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)));
            return channel;
        } catch (IOException e) {
            lock = null;
            throw new StorageException("the lock file " + file + " cannot be taken", e);
        } finally {
            if (channel != null && lock == null) {
                closeQuietly(channel);
            }
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), US_ASCII);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock was not taken or is given up with the process; there is nothing to lose.
        }
    }

    /** Gives the folder up. */
    @Override
    public void close() {
        if (channel.isOpen()) {
            closeQuietly(channel);
            OPEN_HERE.remove(folder);
        }
    }

    /** Other users of the machine have no business among unreleased contents and records that wait. */
    private static void createForOwnerOnly(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(folder);
        }
    }

    /** Makes sure that the folder exists, with all folders above it. */
    static void create(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Path parent = folder.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                createForOwnerOnly(folder);
            }
        } catch (IOException e) {
            throw new StorageException("data folder " + folder + " cannot be created", e);
        }
    }
}
