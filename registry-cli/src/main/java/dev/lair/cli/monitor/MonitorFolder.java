package dev.lair.cli.monitor;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.DurableFile;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.transparency.MalformedSnapshotException;
import dev.lair.transparency.MapSnapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a monitor keeps how far it got, {@code registries/<sha256 of the URL>/monitor/}: {@code cursor.json} and {@code
 * map-<size>.snapshot}. Held by one process at a time.
 *
 * <p>Order of a save: the snapshot, then the cursor that names it, then older snapshots go. A crash leaves the old cursor
 * with its snapshot, or the new one; at worst a snapshot that no cursor names, which the next save removes.
 */
public final class MonitorFolder implements AutoCloseable {

    private static final String SNAPSHOTS = "map-";

    private final String registry;
    private final Path folder;
    private final FileChannel lockFile;
    private final FileLock lock;

    private MonitorFolder(String registry, Path folder, FileChannel lockFile, FileLock lock) {
        this.registry = registry;
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Opens the folder, or makes it.
     *
     * @param registry base URL in its one spelling
     */
    public static MonitorFolder open(String registry, Path folder) throws Fault {
        FileChannel channel = null;
        try {
            DurableFile.createFolder(folder);
            Path file = folder.resolve("lock");
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    DurableFile.mode(file, "rw-------"));
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw ExitCode.LOCAL.fault("another `lair monitor` follows " + registry + " with `" + folder
                        + "`; stop it, or use another LAIR_HOME");
            }
            return new MonitorFolder(registry, folder, channel, lock);
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot use the monitor's folder `" + folder + "`: " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /** How far the registry was checked; empty before the first save. */
    Optional<Cursor> cursor() throws Fault {
        Path file = folder.resolve("cursor.json");
        try {
            return Optional.of(WargJson.readReply(Files.readAllBytes(file), Cursor.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read `" + file + "`: " + e, e);
        } catch (MalformedBodyException e) {
            throw ExitCode.LOCAL.fault(
                    "`" + file + "` is damaged: " + e.getMessage() + "; restore it, or check " + registry
                            + " from its first record with: lair monitor --restart",
                    e);
        }
    }

    /** The snapshot of the map after so many records; empty when it is missing or damaged, which costs reading only. */
    Optional<MapSnapshot> snapshot(long size) throws Fault {
        Path file = snapshotFile(size);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            MapSnapshot snapshot = MapSnapshot.readFrom(in);
            return snapshot.logSize() == size ? Optional.of(snapshot) : Optional.empty();
        } catch (NoSuchFileException | MalformedSnapshotException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read `" + file + "`: " + e, e);
        }
    }

    /** Keeps a snapshot that a later cursor will name. */
    void write(MapSnapshot snapshot) throws Fault {
        Path file = snapshotFile(snapshot.logSize());
        try {
            DurableFile.replace(file, snapshot::writeTo);
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot write `" + file + "`: " + e, e);
        }
    }

    /** Keeps how far the registry was checked, and removes the snapshots that nothing names any more. */
    void write(Cursor cursor) throws Fault {
        try {
            DurableFile.replace(folder.resolve("cursor.json"), WargJson.write(cursor));
            removeSnapshotsBut(cursor.snapshotSize());
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot keep how far " + registry + " was checked in `" + folder + "`: " + e, e);
        }
    }

    /** Forgets everything: the next round starts at the first record. */
    public void clear() throws Fault {
        try {
            // The cursor first: a snapshot without a cursor is nothing.
            DurableFile.delete(folder.resolve("cursor.json"));
            removeSnapshotsBut(-1);
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot empty the monitor's folder `" + folder + "`: " + e, e);
        }
    }

    private void removeSnapshotsBut(long size) throws IOException {
        Path kept = snapshotFile(size);
        try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(folder, SNAPSHOTS + "*")) {
            for (Path snapshot : snapshots) {
                if (!snapshot.equals(kept)) {
                    Files.deleteIfExists(snapshot);
                }
            }
        }
    }

    private Path snapshotFile(long size) {
        return folder.resolve(SNAPSHOTS + size + ".snapshot");
    }

    @Override
    public void close() throws Fault {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot leave the monitor's folder `" + folder + "`: " + e, e);
        }
    }
}
