package dev.lair.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Where things lie in the checked-out repository, and what the machine offers beside it. */
final class Checkout {

    /** What runs is a copy: a build that replaces the jar meanwhile would pull it away under running processes. */
    private static final Map<Path, Path> COPIES = new ConcurrentHashMap<>();

    private Checkout() {}

    static Path root() {
        return Path.of(System.getProperty("lair.e2e.root", ".."))
                .toAbsolutePath()
                .normalize();
    }

    static Path serverJar() {
        return jar("lair.e2e.server-jar", "registry-server/target/lair-server.jar");
    }

    static Path cliJar() {
        return jar("lair.e2e.cli-jar", "registry-cli/target/lair-cli.jar");
    }

    private static Path jar(String property, String built) {
        Path jar = Path.of(System.getProperty(property, root().resolve(built).toString()));
        if (!Files.exists(jar)) {
            throw new AssertionError("`" + jar + "` is not built; run `mvn verify` on the whole repository");
        }
        return COPIES.computeIfAbsent(jar, Checkout::copy);
    }

    private static Path copy(Path jar) {
        try {
            Path copy = Files.createTempFile("lair-e2e-", ".jar");
            copy.toFile().deleteOnExit();
            return Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM that runs this test. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    static Path greeter() {
        return root().resolve("examples/greeter/greeter.wasm");
    }

    static Path greeterWit() {
        return root().resolve("examples/greeter/greeter-wit.wasm");
    }

    /** A second version of it: the same with a custom section behind it. */
    static Path greeterAgain() throws IOException {
        Path again = Files.createTempFile("lair-e2e-", ".wasm");
        again.toFile().deleteOnExit();
        Files.write(again, Files.readAllBytes(greeter()));
        return Files.write(again, new byte[] {0, 6, 5, 'a', 'g', 'a', 'i', 'n'}, StandardOpenOption.APPEND);
    }

    /** Components that other people's tools made; the test is skipped where the corpus is absent. */
    static List<Path> realComponents() throws IOException {
        Path real = root().resolve("../shared/corpus/real").normalize();
        assumeTrue(Files.isDirectory(real), "SKIPPED: no components of other tools at " + real);
        try (Stream<Path> files = Files.list(real)) {
            return files.filter(file -> file.toString().endsWith(".wasm"))
                    .sorted()
                    .toList();
        }
    }

    /** A program on PATH; the test is skipped where it is absent. */
    static Path program(String name) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(":", -1)) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        String skipped = "SKIPPED: `" + name + "` is not on PATH";
        System.err.println(skipped);
        assumeTrue(false, skipped);
        throw new AssertionError("unreachable");
    }
}
