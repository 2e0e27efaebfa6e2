package dev.lair.server;

import dev.lair.signing.KeyFile;
import dev.lair.signing.PrivateKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** One operator key for all tests, in a file, so that a registry over memory can be closed and opened again. */
public final class OperatorKeyFile {

    public static final PrivateKey KEY = PrivateKey.generate(new SecureRandom());
    public static final Path PATH = write();

    private OperatorKeyFile() {}

    private static Path write() {
        try {
            Path folder = Files.createTempDirectory("lair-operator-key");
            Path file = folder.resolve("operator.key");
            KeyFile.create(file, KEY);
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
