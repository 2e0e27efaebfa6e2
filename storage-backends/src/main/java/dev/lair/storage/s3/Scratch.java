package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A local folder for bytes on their way to or from the bucket. Nothing in it outlives a process: what a crash leaves is
 * removed by the next {@link #open}. Nothing is synced, and only the owner may read it.
 */
final class Scratch {

    private static final String SUFFIX = ".scratch";

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /** Opens or creates the folder, which no other process may use. */
    static Scratch open(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                for (Path leftover : leftovers) {
                    Files.delete(leftover);
                }
            }
        } catch (IOException e) {
            throw new StorageException("scratch folder " + folder + " cannot be used", e);
        }
        return new Scratch(folder);
    }

    /** An empty spool. */
    Spool spool() {
        return new Spool();
    }

    /**
     * Bytes that are written once and then read as often as need be; in the heap while they are few. Errors of the disk
     * are {@link StorageException}s, so that they are not taken for those of whoever writes. For one thread at a time.
     */
    final class Spool extends OutputStream implements Bucket.Source, AutoCloseable {

        private ByteArrayOutputStream heap = new ByteArrayOutputStream();
        private @Nullable Path file;
        private @Nullable FileChannel channel;
        private @Nullable OutputStream out;
        private long sizeBytes;

        private Spool() {}

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                if (file == null && sizeBytes + length <= Limits.HEAP_BYTES) {
                    heap.write(bytes, offset, length);
                } else {
                    spill().write(bytes, offset, length);
                }
            } catch (IOException e) {
                throw failed("written", e);
            }
            sizeBytes += length;
        }

        private OutputStream spill() throws IOException {
            OutputStream spilling = out;
            if (spilling == null) {
                Path path = folder.resolve(UUID.randomUUID() + SUFFIX);
                FileChannel created = FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
                file = path;
                channel = created;
                spilling = Channels.newOutputStream(created);
                out = spilling;
                heap.writeTo(spilling);
                heap = new ByteArrayOutputStream();
            }
            return spilling;
        }

        @Override
        public long sizeBytes() {
            return sizeBytes;
        }

        /** All bytes, when they are in the heap. */
        byte @Nullable [] bytesInHeap() {
            return file == null ? heap.toByteArray() : null;
        }

        /** The scratch file, when they are not. */
        @Nullable
        FileChannel channel() {
            return channel;
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            Path path = file;
            if (path == null) {
                return new ByteArrayInputStream(heap.toByteArray(), (int) offset, (int) length);
            }
            return new FilePart(FileChannel.open(path, StandardOpenOption.READ), offset, length);
        }

        @Override
        public void close() {
            try {
                if (channel != null) {
                    channel.close();
                }
                if (file != null) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw failed("removed", e);
            }
        }

        private StorageException failed(String what, IOException cause) {
            return new StorageException("a scratch file in " + folder + " could not be " + what, cause);
        }
    }

    /** A range of a scratch file. The kernel keeps it readable after its name is gone. */
    private static final class FilePart extends InputStream {

        private final FileChannel channel;
        private final InputStream bytes;
        private long left;

        FilePart(FileChannel channel, long offset, long length) throws IOException {
            this.channel = channel;
            this.bytes = Channels.newInputStream(channel.position(offset));
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int count = bytes.read(target, offset, (int) Math.min(length, left));
            if (count > 0) {
                left -= count;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
