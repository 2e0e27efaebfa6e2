package dev.lair.cli.trust;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are written whole or not at all: the one way in which commands write what they will read again. A write goes to
 * another name beside the target, is forced to disk, gets its name, and the folder is forced. A crash leaves the old file or
 * the new one, and perhaps the other name, which nothing reads and the next write replaces. One writer at a time: callers
 * hold a lock, or the folder is that of one person's project.
 */
public final class DurableFile {

    private DurableFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a file that its owner alone may read (mode 0600), in place of what has its name now; over {@code NAME.tmp}. */
    public static void replace(Path file, byte[] bytes) throws IOException {
        replace(file, out -> out.write(bytes));
    }

    /** {@link #replace(Path, byte[])} with content that is too large to hold. */
    public static void replace(Path file, Content content) throws IOException {
        write(file, file.resolveSibling(file.getFileName() + ".tmp"), content, mode(file, "rw-------"));
    }

    /** Writes a file of a project, with the mode that new files have there; over {@code .lair-NAME.tmp}. */
    public static void replaceShared(Path file, byte[] bytes) throws IOException {
        Path temporary = file.resolveSibling(".lair-" + file.getFileName() + ".tmp");
        write(file, temporary, out -> out.write(bytes));
    }

    private static void write(Path file, Path temporary, Content content, FileAttribute<?>... mode) throws IOException {
        Files.deleteIfExists(temporary);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            try (FileChannel channel = FileChannel.open(temporary, options, mode);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(file);
    }

    /** Deletes durably; whether there was a file. */
    public static boolean delete(Path file) throws IOException {
        boolean existed = Files.deleteIfExists(file);
        if (existed) {
            forceFolder(file);
        }
        return existed;
    }

    /** Makes a folder of mode 0700, and its parents, unless it exists. */
    public static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder, mode(folder, "rwx------"));
    }

    private static void forceFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && hasModes(folder)) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** The mode as an attribute for the moment of creation, where the file system has modes. */
    public static FileAttribute<?>[] mode(Path near, String mode) {
        return hasModes(near)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
