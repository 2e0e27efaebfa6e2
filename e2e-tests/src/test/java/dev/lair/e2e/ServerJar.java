package dev.lair.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How tests run the server jar: taken apart and from an AOT cache, as the image and {@code ./lair serve} run it, which costs
 * two fifths of the processor time of a start from the jar. The suite starts a server some two hundred times. It is prepared
 * once for each JVM of tests, for the options that they use.
 */
final class ServerJar {

    /** Most servers of tests live for seconds: what the second compiler would gain is never earned. */
    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED");

    private static final int AOT_CACHE_SINCE = 25;
    private static final Duration TRAINED_WITHIN = Duration.ofMinutes(3);

    private ServerJar() {}

    /** The command line of the server jar on the JVM of this test, up to the mode; the mode and its arguments follow. */
    static List<String> line(List<String> arguments) {
        List<String> line = new ArrayList<>(Prepared.LINE);
        line.addAll(arguments);
        return line;
    }

    /** Prepared when the first test asks. */
    private static final class Prepared {

        static final List<String> LINE = prepare();

        private static List<String> prepare() {
            try {
                Path folder = Files.createTempDirectory("lair-e2e-server-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                run(List.of(
                        "sh",
                        Checkout.root().resolve("deploy/image/extract.sh").toString(),
                        Checkout.serverJar().toString(),
                        folder.toString()));
                List<String> line = new ArrayList<>();
                line.add(Checkout.java().toString());
                line.addAll(OPTIONS);
                line.add("-Dorg.sqlite.lib.path=" + folder.resolve("native"));
                if (Runtime.version().feature() >= AOT_CACHE_SINCE) {
                    Path cache = folder.resolve("lair.aot");
                    train(folder, line, cache);
                    // A program that fakes the clock makes the cache look older than the jar; it is then passed over.
                    line.addAll(List.of("-Xlog:aot=off", "-XX:AOTCache=" + cache));
                }
                line.addAll(List.of("-jar", folder.resolve("lair-server.jar").toString()));
                return List.copyOf(line);
            } catch (Exception e) {
                throw new AssertionError("the server jar could not be prepared", e);
            }
        }

        /** The cache is written between the signal and the end of the process. */
        private static void train(Path folder, List<String> options, Path cache) throws Exception {
            Path log = folder.resolve("training.log");
            List<String> line = new ArrayList<>(options);
            line.addAll(List.of(
                    "-XX:AOTCacheOutput=" + cache,
                    "-jar",
                    folder.resolve("lair-server.jar").toString(),
                    "serve",
                    "--data",
                    folder.resolve("data").toString(),
                    "--port",
                    "0",
                    "--namespace",
                    "training",
                    "--set",
                    "lair.metrics.port=0"));
            Process server = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                Await.isTrue(
                        "the server that is trained",
                        TRAINED_WITHIN,
                        () -> !server.isAlive() || Files.readString(log).contains("registry ready"));
                server.destroy();
                if (!server.waitFor(TRAINED_WITHIN.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
                    throw new AssertionError("no cache was written:\n" + Files.readString(log));
                }
            } finally {
                Processes.end(server);
            }
        }

        private static void run(List<String> line) throws IOException, InterruptedException {
            ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", line) + " failed:\n" + said);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> inside = Files.walk(folder)) {
                inside.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                System.err.println("left behind: " + folder + " (" + e + ")");
            }
        }
    }
}
