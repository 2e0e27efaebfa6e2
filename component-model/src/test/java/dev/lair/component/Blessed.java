package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Expected texts in files; {@code -Dbless} writes them anew, so that review sees the change. */
public final class Blessed {
    private Blessed() {}

    /** Compares a text with its file. */
    public static void check(Path file, String text) {
        try {
            if (System.getProperty("bless") != null) {
                Files.writeString(file, text);
            }
            assertThat(text).as("%s; -Dbless writes it anew", file).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder of this module's test resources. */
    public static Path resources(String folder) {
        return Workspace.repository()
                .resolve("component-model/src/test/resources")
                .resolve(folder);
    }
}
