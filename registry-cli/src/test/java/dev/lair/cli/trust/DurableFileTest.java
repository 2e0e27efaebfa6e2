package dev.lair.cli.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one way in which commands write what they will read again. */
class DurableFileTest {

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "lair", "cli");

    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> String.valueOf(each.getFileName())).sorted().toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsTrustedLockedOrFetchedIsWrittenNoOtherWay() throws IOException {
        for (String part : List.of("trust", "deps", "monitor")) {
            try (Stream<Path> all = Files.walk(SOURCES.resolve(part))) {
                assertThat(all.filter(each -> each.toString().endsWith(".java"))
                                .filter(each -> text(each).matches("(?s).*Files\\.(move|write|writeString|copy)\\(.*"))
                                .map(each -> String.valueOf(each.getFileName())))
                        .as(part)
                        .isSubsetOf("DurableFile.java");
            }
        }
    }

    @Test
    void fileOfAProjectHasTheModeOfOtherFilesThere() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "by an editor");
        Path file = folder.resolve("lair.lock");
        DurableFile.replaceShared(file, "one".getBytes(StandardCharsets.UTF_8));
        DurableFile.replaceShared(file, "two".getBytes(StandardCharsets.UTF_8));
        assertThat(file).hasContent("two");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
        assertThat(names()).containsExactly("lair.lock", "other");
    }

    @Test
    void writeThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("cursor.json");
        DurableFile.replace(file, "old".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> DurableFile.replace(file, out -> {
                    out.write('n');
                    throw new IOException("full");
                }))
                .hasMessage("full");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("cursor.json");
    }
}
