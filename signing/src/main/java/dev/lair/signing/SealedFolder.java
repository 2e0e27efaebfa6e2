package dev.lair.signing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * {@link SealedFiles} in a directory: mode 0700, files of mode 0600.
 *
 * <p><b>Crashes.</b> Each write makes one file appear, change or vanish whole ({@link OwnerOnlyFile}); what is left of an
 * interrupted one is a file starting with a dot, which is never read, holds nothing unsealed and may be deleted. Many
 * threads and processes may share a folder.
 */
public final class SealedFolder implements SealedFiles {

    private static final String PART = "[a-z0-9][a-z0-9._-]*";
    private static final Pattern NAME = Pattern.compile(PART + "(/" + PART + ")?");

    /** File locks are the process's own; threads of one process need this one too. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path directory;

    /** The files of {@code directory}, which need not exist before the first write. */
    public SealedFolder(Path directory) {
        this.directory = directory;
    }

    /**
     * {@inheritDoc}
     *
     * @throws UnsafeFileModeException when group or others have access to the file
     */
    @Override
    public Optional<byte[]> read(String name) throws IOException {
        try {
            return Optional.of(OwnerOnlyFile.read(fileOf(name), Limits.KEY_STORE_FILE_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void writeNew(String name, byte[] bytes) throws IOException {
        OwnerOnlyFile.writeNew(inMadeFolder(name), bytes);
    }

    @Override
    public void replace(String name, byte[] bytes) throws IOException {
        OwnerOnlyFile.replace(inMadeFolder(name), bytes);
    }

    @Override
    public boolean replaceIf(String name, byte[] expected, byte[] bytes) throws IOException {
        Path file = fileOf(name);
        return locked(() -> {
            boolean same =
                    read(name).filter(found -> Arrays.equals(found, expected)).isPresent();
            if (same) {
                OwnerOnlyFile.replace(file, bytes);
            }
            return same;
        });
    }

    @Override
    public boolean delete(String name) throws IOException {
        Path file = fileOf(name);
        return locked(() -> OwnerOnlyFile.delete(file));
    }

    @FunctionalInterface
    private interface Change {
        boolean run() throws IOException;
    }

    /**
     * Comparing and replacing are two steps, between which nobody else may take one that counts: another replacing, or a
     * deletion, which would be undone. The lock file is empty, stays, and holds nothing up after a crash.
     */
    private boolean locked(Change change) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        IN_PROCESS.lock();
        try {
            Path lockFile = directory.resolve(".lock");
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(lockFile, options, OwnerOnlyFile.mode(lockFile));
                    FileLock held = channel.lock()) {
                assert held.isValid();
                return change.run();
            }
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws NoSuchFileException when the directory itself does not exist
     */
    @Override
    public List<String> list(String folder) throws IOException {
        Path listed = fileOf(folder);
        if (!Files.exists(listed) && Files.isDirectory(directory)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(listed)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (!name.startsWith(".")) {
                    names.add(folder + "/" + name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public String describe(String name) {
        return directory.resolve(name).toString();
    }

    /** Makes a folder of mode 0700 in the directory, and the directory, unless they exist. */
    void makeFolder(String folder) throws IOException {
        OwnerOnlyFile.createDirectory(directory);
        OwnerOnlyFile.createDirectory(fileOf(folder));
    }

    private Path inMadeFolder(String name) throws IOException {
        Path file = fileOf(name);
        Path parent = file.getParent();
        if (parent != null) {
            OwnerOnlyFile.createDirectory(parent);
        }
        return file;
    }

    private Path fileOf(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no file of a key store is named `" + name + "`");
        }
        return directory.resolve(name);
    }
}
