package dev.lair.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a bench works.
 *
 * @param folder for generated data, on the disk that is measured
 * @param server how the server is run as a process
 * @param serverFlags of its JVM
 * @param benchProgram arguments behind {@code java} that run this bench again, in a process with other limits
 * @param console what people read
 */
record Workplace(
        Path folder,
        ServerProcess.Program server,
        List<String> serverFlags,
        List<String> benchProgram,
        Console console) {

    /** How the server's JVM is called, with file names instead of paths. */
    String serverLine(List<String> flags) {
        return Stream.concat(flags.stream(), server.arguments().stream())
                .map(argument -> argument.replaceAll("/\\S*/", ""))
                .collect(Collectors.joining(" "));
    }

    /** An empty folder of this name. */
    Path empty(String name) throws IOException {
        Path path = folder.resolve(name);
        delete(path);
        return Files.createDirectories(path);
    }

    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
