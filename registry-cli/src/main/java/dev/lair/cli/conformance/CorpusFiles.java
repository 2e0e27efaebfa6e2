package dev.lair.cli.conformance;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading of a corpus; trouble with its files ends the command. */
final class CorpusFiles {
    private static final JsonMapper JSON = new JsonMapper();

    private CorpusFiles() {}

    /** All files below a folder with this ending, sorted. */
    static List<Path> below(Path folder, String ending) throws Fault {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    static List<Path> in(Path folder) throws Fault {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    static String text(Path file) throws Fault {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static byte[] bytes(Path file) throws Fault {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static JsonNode json(Path file) throws Fault {
        try {
            return JSON.readTree(text(file));
        } catch (JacksonException e) {
            throw ExitCode.LOCAL.fault("`" + file + "` is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The text, or folder of texts, of a case: {@code NAME} or {@code NAME.wit} in a folder. */
    static Path texts(Path folder, String name) {
        return Files.isDirectory(folder.resolve(name)) ? folder.resolve(name) : folder.resolve(name + ".wit");
    }

    private static Fault unreadable(Path path, IOException cause) {
        return ExitCode.LOCAL.fault("cannot read `" + path + "` of the corpus: " + cause.getMessage(), cause);
    }
}
