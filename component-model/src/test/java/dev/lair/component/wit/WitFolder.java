package dev.lair.component.wit;

import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads WIT files and directories, with {@code deps}, as tools do. */
final class WitFolder {
    private WitFolder() {}

    /** Resolves a file, or a directory with its dependencies. */
    static Resolved resolve(Path path, Features features) throws WitException {
        WitResolver resolver = new WitResolver(features);
        Path deps = path.resolve("deps");
        if (Files.isDirectory(deps)) {
            for (Path dependency : entries(deps)) {
                SourceGroup group = group(dependency);
                if (!group.sources().isEmpty()) {
                    resolver.with(group);
                }
            }
        }
        return resolver.resolve(group(path));
    }

    /** The {@code .wit} files of a directory, or one file. */
    static SourceGroup group(Path path) {
        List<WitSource> sources = new ArrayList<>();
        List<Path> files = Files.isDirectory(path) ? entries(path) : List.of(path);
        for (Path file : files) {
            if (Files.isRegularFile(file) && file.toString().endsWith(".wit")) {
                sources.add(new WitSource(file.toString(), read(file)));
            }
        }
        return new SourceGroup(path.toString(), sources);
    }

    static List<Path> entries(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
