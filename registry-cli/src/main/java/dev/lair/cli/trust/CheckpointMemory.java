package dev.lair.cli.trust;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The remembered checkpoint of one registry, in {@code registries/<sha256 of its URL>/checkpoint.json} (mode 0600).
 *
 * <p>A crash leaves the old checkpoint or the new one ({@link DurableFile}). Writers hold a lock on {@code lock} beside it,
 * only for the moment of comparing and renaming, never while a registry is asked something. So what is remembered never
 * goes backwards, however many commands run.
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
        this.folder = folderOf(registries, registry);
        this.file = folder.resolve("checkpoint.json");
    }

    /** The folder of one registry among all. */
    public static Path folderOf(Path registries, String registry) {
        return registries.resolve(
                Digest.of(registry.getBytes(StandardCharsets.UTF_8)).hex());
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
                // Under the lock, so the one temporary name is enough.
                DurableFile.replace(file, WargJson.write(next));
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
            DurableFile.createFolder(folder);
            Path lockFile = folder.resolve("lock");
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(lockFile, options, DurableFile.mode(lockFile, "rw-------"));
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
}
