package dev.lair.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where tests find files: the repository, and beside it the shared corpus, which is not part of it. */
public final class Workspace {
    private Workspace() {}

    /** The repository root: the closest folder upwards that holds `examples`. */
    public static Path repository() {
        Path folder = Path.of(System.getProperty("user.dir", "")).toAbsolutePath();
        for (Path at = folder; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("examples")) && Files.isRegularFile(at.resolve("pom.xml"))) {
                return at;
            }
        }
        throw new IllegalStateException("no folder with examples/ and pom.xml above " + folder);
    }

    /** A folder of the shared corpus; the test is skipped, and says so, where it is absent. */
    public static Path corpus(String folder) {
        Path path = repository().resolveSibling("shared").resolve("corpus").resolve(folder);
        boolean present = Files.isDirectory(path);
        if (!present) {
            System.err.println("SKIPPED: the shared corpus is absent: " + folder);
        }
        Assumptions.assumeTrue(present, "the shared corpus is absent: " + folder);
        return path;
    }

    /** All files below a folder with this ending, sorted. */
    public static List<Path> files(Path folder, String ending) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A read-only mapping of a file, as the server uses it. */
    public static ByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
