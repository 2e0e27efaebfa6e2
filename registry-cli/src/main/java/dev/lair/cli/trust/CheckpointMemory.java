package dev.lair.cli.trust;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The remembered checkpoint of one registry, in {@code registries/<sha256 of its URL>/checkpoint.json} (mode 0600).
 *
 * <p>A write goes to a temporary file that is forced to disk, renamed, and the directory is forced: a crash leaves the old
 * checkpoint or the new one. Writers hold a lock on {@code lock} beside it, only for the moment of comparing and renaming,
 * never while a registry is asked something. So what is remembered never goes backwards, however many commands run.
 */
public final class CheckpointMemory {

    /** File locks are held by the process: threads of one process need a lock of their own. */
    private static final Lock IN_PROCESS = new ReentrantLock();

    private final String registry;
    private final Path folder;
    private final Path file;

    /**
     * @param registries the folder of all registries, made when something is to be remembered
     * @param registry base URL in its one spelling
     */
    public CheckpointMemory(Path registries, String registry) {
        this.registry = registry;
        this.folder = registries.resolve(
                Digest.of(registry.getBytes(StandardCharsets.UTF_8)).hex());
        this.file = folder.resolve("checkpoint.json");
    }

    /** What is remembered; empty before first use. */
    public Optional<Remembered> read() throws Fault {
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read what is remembered of " + registry + " in `" + file + "`: " + e, e);
        }
        try {
            return Optional.of(WargJson.readReply(json, Remembered.class));
        } catch (MalformedBodyException e) {
            throw ExitCode.LOCAL.fault(
                    "what is remembered of " + registry + " in `" + file + "` is damaged: " + e.getMessage()
                            + "; restore the file, or give up its protection with: lair registry forget " + registry,
                    e);
        }
    }

    /**
     * Remembers {@code next}, which was checked against {@code checkedAgainst}.
     *
     * @return empty when that is done, or when what is remembered covers as much already; else what another command has
     *     remembered meanwhile: check against that and call again
     */
    Optional<Remembered> advance(Optional<Remembered> checkedAgainst, Remembered next) throws Fault {
        return locked(() -> {
            Optional<Remembered> current = read();
            if (!current.map(Remembered::checkpoint).equals(checkedAgainst.map(Remembered::checkpoint))) {
                return current;
            }
            if (current.isEmpty() || isNewer(next, current.get())) {
                replace(WargJson.write(next));
            }
            return Optional.empty();
        });
    }

    private static boolean isNewer(Remembered next, Remembered current) {
        return next.size() > current.size()
                || (next.size() == current.size()
                        && next.checkpoint().contents().timestamp()
                                > current.checkpoint().contents().timestamp());
    }

    /** Drops what is remembered; whether there was something. The next contact is first use again. */
    public boolean forget() throws Fault {
        if (!Files.exists(folder)) {
            return false;
        }
        return locked(() -> Files.deleteIfExists(file));
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException, Fault;
    }

    private <T> T locked(Work<T> work) throws Fault {
        IN_PROCESS.lock();
        try {
            Files.createDirectories(folder, mode(folder, "rwx------"));
            Path lockFile = folder.resolve("lock");
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(lockFile, options, mode(lockFile, "rw-------"));
                    FileLock held = channel.lock()) {
                assert held.isValid();
                return work.run();
            }
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault(
                    "cannot remember the checkpoint of " + registry + " in `" + folder + "`: " + e, e);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /** Under the lock, so one temporary name is enough; what a crash left there is overwritten. */
    private void replace(byte[] json) throws IOException {
        Path temporary = folder.resolve("checkpoint.json.tmp");
        Files.deleteIfExists(temporary);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(temporary, options, mode(temporary, "rw-------"))) {
            ByteBuffer bytes = ByteBuffer.wrap(json);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (hasModes(folder)) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private static FileAttribute<?>[] mode(Path near, String mode) {
        return hasModes(near)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
