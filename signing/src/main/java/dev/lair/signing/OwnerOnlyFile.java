package dev.lair.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Small files that only their owner may read (mode 0600), written whole or not at all.
 *
 * <p>A write goes to a temporary file beside the target that has mode 0600 from its first moment, is forced to disk,
 * gets its name, and the directory is forced. A crash before it has its name leaves {@code .NAME.tmp-*}, which nothing
 * reads and the operator may delete (mode 0600, but the secret may be in it); a crash after it leaves the new file,
 * perhaps with the temporary name as a second link. The target is never seen half written.
 *
 * <p>Reading follows symbolic links (mounted secrets are links) and checks the file they end at. Writing never follows
 * a link at the target: {@link #writeNew} refuses it, {@link #replace} replaces the link itself. On file systems without
 * POSIX modes nothing is checked and the directory's access rules apply.
 */
final class OwnerOnlyFile {

    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Makes temporary names differ within the process; other processes differ by their id or meet CREATE_NEW. */
    private static final AtomicLong TEMPORARY = new AtomicLong();

    private OwnerOnlyFile() {}

    /**
     * The first {@code maxBytes + 1} bytes, so that a file that is too long shows as such.
     *
     * @throws UnsafeFileModeException when group or others have any access
     * @throws IOException when it is absent, not a regular file or cannot be read
     */
    static byte[] read(Path file, int maxBytes) throws IOException {
        Path real = file.toRealPath();
        // Opening a FIFO would block for ever.
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.toString(), null, "it is not a regular file");
        }
        requireOwnerOnly(real, file);
        ByteBuffer buffer = ByteBuffer.allocate(maxBytes + 1);
        try (SeekableByteChannel in =
                Files.newByteChannel(real, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {
                // fill
            }
        }
        byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
        Arrays.fill(buffer.array(), (byte) 0);
        return bytes;
    }

    private static void requireOwnerOnly(Path real, Path shown) throws IOException {
        if (!hasModes(real)) {
            return;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(real, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER.containsAll(mode)) {
            throw new UnsafeFileModeException(shown, PosixFilePermissions.toString(mode));
        }
    }

    /**
     * Writes a file that does not exist yet.
     *
     * @throws FileAlreadyExistsException when the name is taken, by a dangling link too; the file there is untouched
     */
    static void writeNew(Path file, byte[] bytes) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary = writeTemporary(target, bytes);
        try {
            linkOrMove(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(parentOf(target));
    }

    /** A hard link fails when the name is taken, in one step; a move without REPLACE_EXISTING looks first. */
    private static void linkOrMove(Path temporary, Path target) throws IOException {
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException taken) {
            throw taken;
        } catch (FileSystemException | UnsupportedOperationException noLinksHere) {
            Files.move(temporary, target);
        }
    }

    /** Writes a file, in place of what has its name now, if anything. */
    static void replace(Path file, byte[] bytes) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary = writeTemporary(target, bytes);
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(parentOf(target));
    }

    /** Deletes durably; whether there was a file. The blocks on the disk are not wiped. */
    static boolean delete(Path file) throws IOException {
        boolean existed = Files.deleteIfExists(file);
        if (existed) {
            forceDirectory(parentOf(file.toAbsolutePath()));
        }
        return existed;
    }

    /** Makes a directory of mode 0700, and its parents, unless it exists; each is durable in its parent. */
    static void createDirectory(Path directory) throws IOException {
        Path target = directory.toAbsolutePath();
        if (Files.isDirectory(target)) {
            return;
        }
        createDirectory(parentOf(target));
        try {
            Files.createDirectory(target, modeOf(target, DIRECTORY_MODE));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
        forceDirectory(parentOf(target));
    }

    private static Path writeTemporary(Path target, byte[] bytes) throws IOException {
        while (true) {
            Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp-"
                    + ProcessHandle.current().pid() + "-" + TEMPORARY.incrementAndGet());
            Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel out = FileChannel.open(temporary, fresh, modeOf(target, FILE_MODE))) {
                writeAndForce(out, temporary, bytes);
                return temporary;
            } catch (FileAlreadyExistsException leftByACrash) {
                // The next number is free, or the one after it.
            }
        }
    }

    private static void writeAndForce(FileChannel out, Path temporary, byte[] bytes) throws IOException {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** Of a file that is made as this one. */
    static FileAttribute<?>[] mode(Path file) {
        return modeOf(file, FILE_MODE);
    }

    private static FileAttribute<?>[] modeOf(Path near, Set<PosixFilePermission> mode) {
        return hasModes(near)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static void forceDirectory(Path directory) throws IOException {
        // Windows opens no directories, and has no modes: the two go together.
        if (hasModes(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static Path parentOf(Path absolute) throws IOException {
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new FileSystemException(absolute.toString(), null, "it has no parent directory");
        }
        return parent;
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
