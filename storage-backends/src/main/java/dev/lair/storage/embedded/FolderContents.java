package dev.lair.storage.embedded;

import dev.lair.storage.Arguments;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.ContentTooLargeException;
import dev.lair.storage.DigestMismatchException;
import dev.lair.storage.IncomingContent;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Contents as files {@code xx/<hex>} below one folder, where xx are the first two digits of the digest. A file's
 * modification time is its touch time. Files are written by the steps of {@link DurableFolder}, many at once and
 * without grouping, which was measured as fast as any grouping (ledger storage, "Contents").
 *
 * <p>Uploads stream without a lock. What decides is short and under the {@link Shelf} of the digest's first byte: to
 * name a file, to touch it, to delete it.
 */
final class FolderContents implements ContentStore {

    private final DurableFolder folder;
    private final Clock clock;
    private final Shelf[] shelves = new Shelf[Limits.CONTENT_FOLDERS];

    /**
     * Digests whose file has its name but whose folder is not synced yet: absent for readers. A reader looks at the
     * file first and here second, so that it cannot miss the moment.
     */
    private final Set<Digest> settling = ConcurrentHashMap.newKeySet();

    private FolderContents(DurableFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        for (int i = 0; i < shelves.length; i++) {
            shelves[i] = new Shelf();
        }
    }

    /** Opens the folder; its 256 subfolders are made now, so that no upload has to sync a new one. */
    static FolderContents open(DurableFolder folder, Clock clock) {
        try {
            for (int i = 0; i < Limits.CONTENT_FOLDERS; i++) {
                folder.createSubfolder(shelfName(i));
            }
            folder.syncFolder(folder.path());
        } catch (IOException e) {
            throw new StorageException("the content folders in " + folder.path() + " cannot be made", e);
        }
        return new FolderContents(folder, clock);
    }

    @Override
    public StoredContent put(Digest expected, InputStream bytes, long maxBytes)
            throws IOException, DigestMismatchException, ContentTooLargeException {
        IncomingContent incoming = new IncomingContent(expected, bytes, maxBytes);
        Shelf shelf = shelf(expected);
        if (shelf.locked(() -> isNamed(expected) && isThere(expected) && shelf.pin(expected))) {
            try {
                return putAgain(expected, incoming);
            } finally {
                shelf.locked(() -> shelf.unpin(expected));
            }
        }
        return putNew(expected, incoming);
    }

    /** The content is here and pinned, so that it cannot be deleted: read, check and drop the bytes, then touch. */
    private StoredContent putAgain(Digest expected, IncomingContent incoming)
            throws IOException, DigestMismatchException, ContentTooLargeException {
        byte[] buffer = new byte[Limits.COPY_BUFFER_BYTES];
        while (incoming.read(buffer) >= 0) {
            // Only the hash matters.
        }
        incoming.verify();
        return shelf(expected).locked(() -> touchFile(expected));
    }

    private StoredContent putNew(Digest expected, IncomingContent incoming)
            throws IOException, DigestMismatchException, ContentTooLargeException {
        Instant now = now();
        try (Upload upload = new Upload(expected)) {
            byte[] buffer = new byte[Limits.COPY_BUFFER_BYTES];
            for (int count = incoming.read(buffer); count >= 0; count = incoming.read(buffer)) {
                upload.write(buffer, count);
            }
            long sizeBytes = incoming.verify();
            upload.sync(now);
            return shelf(expected).locked(() -> {
                // Somebody else's upload of the same bytes may have been faster: keep theirs.
                if (isNamed(expected) && isThere(expected)) {
                    return touchFile(expected);
                }
                upload.publish();
                return new StoredContent(expected, sizeBytes, now);
            });
        }
    }

    @Override
    public void requireWritable() {
        folder.requireRunning();
    }

    @Override
    public Optional<StoredContent> find(Digest digest) {
        try {
            StoredContent found = stat(digest);
            return settling.contains(digest) ? Optional.empty() : Optional.of(found);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("looked up", digest, e);
        }
    }

    @Override
    public boolean touch(Digest digest) {
        return shelf(digest).locked(() -> {
            if (!isThere(digest)) {
                return false;
            }
            touchFile(digest);
            return true;
        });
    }

    @Override
    public InputStream open(Digest digest, long offset, long length) throws ContentNotFoundException {
        FileChannel channel = channel(digest);
        boolean handedOut = false;
        try {
            Objects.checkFromIndexSize(offset, length, channel.size());
            InputStream range = new FileRange(channel, offset, length);
            handedOut = true;
            return range;
        } catch (IOException e) {
            throw failed("read", digest, e);
        } finally {
            if (!handedOut) {
                close(channel);
            }
        }
    }

    @Override
    public <T> T read(Digest digest, Function<ByteBuffer, T> reader) throws ContentNotFoundException {
        ByteBuffer shown;
        try (FileChannel channel = channel(digest)) {
            long sizeBytes = channel.size();
            if (sizeBytes > Integer.MAX_VALUE) {
                throw new StorageException("content " + digest + " has " + sizeBytes
                        + " bytes, more than one buffer can show: open it as a stream");
            }
            shown = sizeBytes <= Limits.COPIED_CONTENT_BYTES
                    ? copy(channel, (int) sizeBytes)
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes);
        } catch (IOException e) {
            throw failed("mapped", digest, e);
        }
        return reader.apply(shown);
    }

    private static ByteBuffer copy(FileChannel channel, int sizeBytes) throws IOException {
        ByteBuffer copy = ByteBuffer.allocate(sizeBytes);
        while (copy.hasRemaining() && channel.read(copy, copy.position()) >= 0) {
            // A file that has its name does not change its length.
        }
        return copy.flip().asReadOnlyBuffer();
    }

    @Override
    public List<Digest> untouchedSince(Instant cutoff, @Nullable Digest after, int limit) {
        Arguments.requireLimit(limit);
        List<Digest> untouched = new ArrayList<>();
        for (int i = after == null ? 0 : shelfNumber(after); i < Limits.CONTENT_FOLDERS; i++) {
            for (Digest digest : list(i)) {
                if (untouched.size() == limit) {
                    return untouched;
                }
                if (after != null && digest.compareTo(after) <= 0) {
                    continue;
                }
                if (find(digest)
                        .filter(content -> content.touchedAt().isBefore(cutoff))
                        .isPresent()) {
                    untouched.add(digest);
                }
            }
        }
        return untouched;
    }

    @Override
    public boolean deleteIfUntouchedSince(Digest digest, Instant cutoff) {
        Shelf shelf = shelf(digest);
        return shelf.locked(() -> {
            if (shelf.isPinned(digest)
                    || find(digest)
                            .filter(content -> content.touchedAt().isBefore(cutoff))
                            .isEmpty()) {
                return false;
            }
            try {
                // Not synced: a crash brings back a file that the collector meets again.
                return Files.deleteIfExists(file(digest));
            } catch (IOException e) {
                throw failed("deleted", digest, e);
            }
        });
    }

    /** Sets the touch time to now unless it is later already. The caller holds the shelf's lock and knows it exists. */
    private StoredContent touchFile(Digest digest) {
        Instant now = now();
        try {
            StoredContent old = stat(digest);
            if (!now.isAfter(old.touchedAt())) {
                return old;
            }
            folder.setTime(file(digest), now);
            return new StoredContent(digest, old.sizeBytes(), now);
        } catch (IOException e) {
            throw failed("touched", digest, e);
        }
    }

    /**
     * Asked first where the answer is mostly no: {@link #find} of a file that is not there costs an exception.
     */
    private boolean isNamed(Digest digest) {
        return Files.exists(file(digest));
    }

    private boolean isThere(Digest digest) {
        return find(digest).isPresent();
    }

    private StoredContent stat(Digest digest) throws IOException {
        BasicFileAttributes file = Files.readAttributes(file(digest), BasicFileAttributes.class);
        return new StoredContent(digest, file.size(), file.lastModifiedTime().toInstant());
    }

    private FileChannel channel(Digest digest) throws ContentNotFoundException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file(digest), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new ContentNotFoundException(digest);
        } catch (IOException e) {
            throw failed("opened", digest, e);
        }
        if (settling.contains(digest)) {
            close(channel);
            throw new ContentNotFoundException(digest);
        }
        return channel;
    }

    private NavigableSet<Digest> list(int shelf) {
        NavigableSet<Digest> digests = new TreeSet<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder.path().resolve(shelfName(shelf)))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                // Other files are not ours and never deleted.
                if (name.matches("[0-9a-f]{64}")) {
                    digests.add(Digest.parseHexOnly(name));
                }
            }
        } catch (IOException e) {
            throw new StorageException("the contents in " + folder.path() + " cannot be listed", e);
        }
        return digests;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private Path file(Digest digest) {
        return folderOf(digest).resolve(digest.hex());
    }

    private Path folderOf(Digest digest) {
        return folder.path().resolve(shelfName(shelfNumber(digest)));
    }

    private Shelf shelf(Digest digest) {
        return shelves[shelfNumber(digest)];
    }

    private static int shelfNumber(Digest digest) {
        return digest.bytes()[0] & 0xff;
    }

    private static String shelfName(int number) {
        return HexFormat.of().toHexDigits((byte) number);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException("a content that was only read could not be closed", e);
        }
    }

    private static StorageException failed(String what, Digest digest, IOException cause) {
        return new StorageException("content " + digest + " could not be " + what, cause);
    }

    /** A new content on its way to disk; turns the disk's errors into ours, apart from those of the upload's source. */
    private final class Upload implements AutoCloseable {

        private final Digest digest;
        private final DurableFolder.Draft draft;

        Upload(Digest digest) {
            this.digest = digest;
            try {
                this.draft = folder.create();
            } catch (IOException e) {
                throw failed("created", digest, e);
            }
        }

        void write(byte[] bytes, int length) {
            try {
                draft.write(bytes, length);
            } catch (IOException e) {
                throw failed("written", digest, e);
            }
        }

        void sync(Instant touchedAt) {
            try {
                draft.sync(touchedAt);
            } catch (IOException e) {
                throw failed("synced", digest, e);
            }
        }

        /** When this fails the digest goes on settling: nobody sees the file before a restart, which is to decide. */
        void publish() {
            settling.add(digest);
            try {
                draft.moveTo(folderOf(digest), digest.hex());
            } catch (IOException e) {
                throw failed("named", digest, e);
            }
            settling.remove(digest);
        }

        @Override
        public void close() {
            try {
                draft.close();
            } catch (IOException e) {
                throw failed("cleaned up after", digest, e);
            }
        }
    }
}
