package dev.lair.storage.embedded;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
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
 *   <li>write a draft, {@code tmp/<random>}: a temporary file, removed by the next {@link #open};
 *   <li>fsync it: the same, now on disk;
 *   <li>rename it to its name, or link it there when it must not replace anything: the old state or the new, as the
 *       file system's journal got to; the file is complete in both cases because its bytes were synced before;
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
        NAMED,
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
    private final String draftPrefix;
    private final Probe probe;
    private volatile @Nullable Throwable stoppedBy;

    private DurableFolder(Path folder, Path temporary, String draftPrefix, Probe probe) {
        this.folder = folder;
        this.temporary = temporary;
        this.draftPrefix = draftPrefix;
        this.probe = probe;
    }

    /** Opens or creates the folder and removes what a crash left in {@code tmp}. */
    static DurableFolder open(Path folder, Probe probe) {
        DurableFolder opened = new DurableFolder(folder, folder.resolve("tmp"), "", probe);
        try {
            Files.createDirectories(opened.temporary);
            opened.removeDrafts();
            opened.syncFolder(folder);
            syncName(folder);
        } catch (IOException e) {
            throw cannotOpen(folder, e);
        }
        return opened;
    }

    /**
     * Opens an existing folder that holds the files of others too: drafts lie beside their targets, with names that begin with
     * {@code draftPrefix}, and only such are removed.
     */
    static DurableFolder openAmongOthers(Path folder, String draftPrefix, Probe probe) {
        DurableFolder opened = new DurableFolder(folder, folder, draftPrefix, probe);
        try {
            opened.removeDrafts();
        } catch (IOException e) {
            throw cannotOpen(folder, e);
        }
        return opened;
    }

    private static StorageException cannotOpen(Path folder, IOException cause) {
        return new StorageException("folder " + folder + " cannot be opened", cause);
    }

    private void removeDrafts() throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(temporary, this::isDraft)) {
            for (Path draft : drafts) {
                Files.delete(draft);
            }
        }
    }

    private boolean isDraft(Path file) {
        return String.valueOf(file.getFileName()).startsWith(draftPrefix);
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
        Path path = temporary.resolve(draftPrefix + UUID.randomUUID());
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

    /** @throws StorageStoppedException when an fsync failed: what the disk holds is unknown, and nothing is written any more */
    void requireRunning() {
        Throwable cause = stoppedBy;
        if (cause != null) {
            throw new StorageStoppedException(
                    "folder " + folder + " takes no writes since an fsync failed: check the disk, then restart", cause);
        }
    }

    /** A file that has no name yet. Closing it without {@link #moveTo} or {@link #linkTo} removes it. */
    final class Draft implements AutoCloseable {

        private final Path path;
        private final FileChannel channel;
        private boolean moved;

        private Draft(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        /** Where the draft lies, for who writes by path. */
        Path path() {
            return path;
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
            sync();
        }

        /** Ends writing: the bytes are on disk after this. */
        void sync() throws IOException {
            probe.after(Step.WRITTEN, path);
            DurableFolder.this.sync(channel, Step.SYNCED, path);
            channel.close();
        }

        /** Gives the synced file a name in {@code into}, replacing what has it: durable after this. */
        void moveTo(Path into, String name) throws IOException {
            requireRunning();
            Path target = into.resolve(name);
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
            probe.after(Step.NAMED, target);
            syncFolder(into);
        }

        /**
         * Gives the synced file a name in {@code into} that is free: durable after this.
         *
         * @throws FileAlreadyExistsException when the name is taken; what has it stays
         */
        void linkTo(Path into, String name) throws IOException {
            requireRunning();
            Path target = into.resolve(name);
            // A rename would replace; a link is the one step that names a file only where there is none.
            Files.createLink(target, path);
            probe.after(Step.NAMED, target);
            syncFolder(into);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (!moved) {
                Files.deleteIfExists(path);
            }
        }
    }
}
