package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose files appear whole or not at all, and stay. The durable write of every file here (transparency log,
 * section 2), and what a crash behind each step leaves:
 *
 * <ol>
 *   <li>write {@code tmp/<random>}: a temporary file, removed by the next {@link #open};
 *   <li>fsync it: the same, now on disk;
 *   <li>rename it to its name: the old state or the new, as the file system's journal got to; the file is complete in
 *       both cases because its bytes were synced before;
 *   <li>fsync the folder of its name: the new state.
 * </ol>
 *
 * <p>After a failed fsync the kernel may have dropped the dirty pages and report success the next time, so every later
 * write is refused with {@link StorageStoppedException} until the process opens the folder again.
 */
final class DurableFolder {

    /** The points of a durable write at which tests stop it. */
    enum Step {
        WRITTEN,
        SYNCED,
        RENAMED,
        FOLDER_SYNCED
    }

    /** Told of every step; an exception from here counts as the failure of the disk operation just before. */
    @FunctionalInterface
    interface Probe {
        Probe NONE = (step, target) -> {};

        void after(Step step, Path target) throws IOException;
    }

    private final Path folder;
    private final Path temporary;
    private final Probe probe;
    private volatile @Nullable Throwable stoppedBy;

    private DurableFolder(Path folder, Probe probe) {
        this.folder = folder;
        this.temporary = folder.resolve("tmp");
        this.probe = probe;
    }

    /** Opens or creates the folder and removes what a crash left in {@code tmp}. */
    static DurableFolder open(Path folder, Probe probe) {
        DurableFolder opened = new DurableFolder(folder, probe);
        try {
            Files.createDirectories(opened.temporary);
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(opened.temporary)) {
                for (Path leftover : leftovers) {
                    Files.delete(leftover);
                }
            }
            opened.syncFolder(folder);
            syncName(folder);
        } catch (IOException e) {
            throw new StorageException("folder " + folder + " cannot be opened", e);
        }
        return opened;
    }

    /** Makes the name of an existing file or folder durable. */
    static void syncName(Path named) throws IOException {
        Path parent = named.toAbsolutePath().getParent();
        if (parent != null) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The folder itself. */
    Path path() {
        return folder;
    }

    /** Creates a subfolder if it is not there; durable after {@link #syncFolder} of this folder. */
    void createSubfolder(String name) throws IOException {
        Files.createDirectories(folder.resolve(name));
    }

    /** Starts a file. */
    Draft create() throws IOException {
        requireRunning();
        Path path = temporary.resolve(UUID.randomUUID().toString());
        return new Draft(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Sets a file's time, durably. */
    void setTime(Path file, Instant time) throws IOException {
        requireRunning();
        Files.setLastModifiedTime(file, FileTime.from(time));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            sync(channel, Step.SYNCED, file);
        }
    }

    /** Syncs the names in a folder. */
    void syncFolder(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            sync(channel, Step.FOLDER_SYNCED, path);
        }
    }

    private void sync(FileChannel channel, Step step, Path target) throws IOException {
        try {
            channel.force(true);
            probe.after(step, target);
        } catch (IOException e) {
            stoppedBy = e;
            throw e;
        }
    }

    private void requireRunning() {
        Throwable cause = stoppedBy;
        if (cause != null) {
            throw new StorageStoppedException(
                    "folder " + folder + " takes no writes since an fsync failed: check the disk, then restart", cause);
        }
    }

    /** A file that has no name yet. Closing it without {@link #moveTo} removes it. */
    final class Draft implements AutoCloseable {

        private final Path path;
        private final FileChannel channel;

        private Draft(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        /** The open file, for writing; it must not be closed. */
        FileChannel channel() {
            return channel;
        }

        /** Appends bytes. */
        void write(byte[] bytes, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        /** Ends writing: the bytes, and {@code time} as the file's time, are on disk after this. */
        void sync(Instant time) throws IOException {
            Files.setLastModifiedTime(path, FileTime.from(time));
            probe.after(Step.WRITTEN, path);
            DurableFolder.this.sync(channel, Step.SYNCED, path);
            channel.close();
        }

        /** Gives the synced file a name in {@code into}, replacing what has it: durable after this. */
        void moveTo(Path into, String name) throws IOException {
            requireRunning();
            Path target = into.resolve(name);
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            probe.after(Step.RENAMED, target);
            syncFolder(into);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }
    }
}
