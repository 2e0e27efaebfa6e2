package dev.lair.e2e;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders as a backup program treats them: copied as they are, put back as they were. */
final class FolderCopy {

    private FolderCopy() {}

    /** Copies a folder that nobody uses; {@code to} must not exist. */
    static Path copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return copied(folder);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return copied(file);
            }

            private FileVisitResult copied(Path one) throws IOException {
                Files.copy(one, to.resolve(from.relativize(one).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    /** Puts {@code backup} where {@code folder} is. */
    static void putBack(Path backup, Path folder) throws IOException {
        delete(folder);
        copy(backup, folder);
    }

    private static void delete(Path folder) throws IOException {
        for (Path one :
                everythingIn(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(one);
        }
    }

    /** All files and folders in it, and itself. */
    static List<Path> everythingIn(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.toList();
        }
    }
}
