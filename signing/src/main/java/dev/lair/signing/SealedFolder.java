package dev.lair.signing;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public boolean delete(String name) throws IOException {
        return OwnerOnlyFile.delete(fileOf(name));
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
