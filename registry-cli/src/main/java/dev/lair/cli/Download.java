package dev.lair.cli;

import dev.lair.cli.author.ContentFile;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content on its way into a file. It goes to a temporary file beside the target, is hashed as it arrives, and gets the
 * target's name only when the hash is the expected one and the bytes are on disk. An interrupted command leaves
 * {@code .NAME.lair-*.part} at worst, which nothing reads.
 */
final class Download implements AutoCloseable {

    private static final int NAME_BYTES = 6;

    private final Digest expected;
    private final ByteSize maxSize;
    private final Path temporary;
    private final Reporter reporter;
    private long sizeBytes;

    /**
     * Content for a file in {@code folder}.
     *
     * @param maxSize beyond which it is refused
     * @param name of the file that it will be
     */
    Download(Digest expected, ByteSize maxSize, Path folder, String name, SecureRandom random, Reporter reporter) {
        byte[] unique = new byte[NAME_BYTES];
        random.nextBytes(unique);
        this.expected = expected;
        this.maxSize = maxSize;
        this.temporary = folder.resolve("." + name + ".lair-" + HexFormat.of().formatHex(unique) + ".part");
        this.reporter = reporter;
    }

    /** Tries the registry's sources in order until one has the content. */
    void fetch(RegistryClient client) throws Fault, IOException {
        temporary.toFile().deleteOnExit();
        List<ContentSource> sources = sources(client);
        Fault last = null;
        for (ContentSource source : sources) {
            try {
                fetch(client, source);
                return;
            } catch (RegistryRefused e) {
                last = earlier(last, e.fault());
            } catch (Fault e) {
                last = earlier(last, e);
            }
        }
        throw last != null
                ? last
                : ExitCode.NOT_FOUND.fault("the registry names no source by http for content " + expected);
    }

    /** Wrong bytes weigh more than an unreachable mirror. */
    private static Fault earlier(@Nullable Fault before, Fault now) {
        return before != null && before.code() == ExitCode.UNVERIFIED ? before : now;
    }

    private List<ContentSource> sources(RegistryClient client) throws Fault {
        try {
            List<ContentSource> sources =
                    client.contentSources(expected).contentSources().get(expected);
            return sources == null
                    ? List.of()
                    : sources.stream()
                            .filter(source -> source.type().equals("httpGet"))
                            .toList();
        } catch (RegistryRefused e) {
            throw e.fault();
        }
    }

    private void fetch(RegistryClient client, ContentSource source) throws Fault, RegistryRefused, IOException {
        Files.deleteIfExists(temporary);
        if (source.size() != null) {
            requireAllowed(source.size());
        }
        MessageDigest sha = ContentFile.sha256();
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Sink sink = new Sink(Channels.newOutputStream(file), sha, source.size())) {
            client.download(source.url(), sink);
            sizeBytes = sink.received;
            file.force(true);
        }
        Digest found = Digest.ofBytes(sha.digest());
        if (!found.equals(expected)) {
            throw ExitCode.UNVERIFIED.fault("wrong content: `" + source.url() + "` gave " + found
                    + ", but the release is " + expected + "; nothing was kept");
        }
    }

    private void requireAllowed(long size) throws Fault {
        if (size > maxSize.bytes()) {
            throw ExitCode.LOCAL.fault("content " + expected + " is larger than --max-size allows (" + maxSize
                    + "); nothing was kept; allow more with --max-size if you want it");
        }
    }

    /** Hashes, counts and shows what arrives. */
    private final class Sink implements RegistryClient.ContentSink, AutoCloseable {

        private final OutputStream out;
        private final MessageDigest sha;
        private final @Nullable Long promisedBytes;
        private Reporter.@Nullable Progress progress;
        private long received;

        Sink(OutputStream out, MessageDigest sha, @Nullable Long promisedBytes) {
            this.out = out;
            this.sha = sha;
            this.promisedBytes = promisedBytes;
        }

        @Override
        public void begin(Optional<Long> announcedBytes) throws Fault {
            if (announcedBytes.isPresent() && promisedBytes == null) {
                requireAllowed(announcedBytes.get());
            }
            long total = promisedBytes != null ? promisedBytes : announcedBytes.orElse(-1L);
            progress = reporter.start("download", total, Reporter.Unit.BYTES);
        }

        @Override
        public void piece(List<ByteBuffer> buffers) throws Fault, IOException {
            buffers.forEach(buffer -> sha.update(buffer.duplicate()));
            long count = RegistryClient.write(buffers, out);
            received += count;
            // A source that never ends would fill the disk before its hash could be wrong.
            if (promisedBytes != null && received > promisedBytes) {
                throw ExitCode.UNVERIFIED.fault("wrong content: more than the " + promisedBytes
                        + " bytes that the registry announced for " + expected + "; nothing was kept");
            }
            requireAllowed(received);
            if (progress != null) {
                progress.advance(count);
            }
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }

    /** Bytes that arrived. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Gives the content its name, in place of what had it. */
    void moveTo(Path target) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes the content out. */
    void copyTo(OutputStream out) throws IOException {
        Files.copy(temporary, out);
        out.flush();
    }

    /** Removes what was not moved. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }
}
