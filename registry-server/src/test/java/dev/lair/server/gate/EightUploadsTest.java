package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight uploads of 100 MB at once are validated within 1.5 GB of heap: their bytes stay in files, and the budget queues what
 * validating costs. With a thread for each, so that nothing else queues them.
 */
class EightUploadsTest {

    private static final long LEAST_BYTES = 8L * 100_000_000;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eightUploadsOfAHundredMegabytesAtOnceFitAHeapOfOneAndAHalfGigabytes() throws Exception {
        Path told = folder.resolve("told");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1500m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EightUploads.class.getName(),
                        folder.resolve("data").toString(),
                        "publish.validation-threads",
                        "8",
                        "publish.validation-deadline",
                        "9m")
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            int exit = process.waitFor();
            String output = Files.readString(told, StandardCharsets.UTF_8);
            assertThat(exit).as(output).isZero();
            String last = output.lines()
                    .filter(line -> line.startsWith("published "))
                    .findFirst()
                    .orElseThrow();
            assertThat(Long.parseLong(last.split(" ")[1])).isGreaterThanOrEqualTo(LEAST_BYTES);
        } finally {
            process.destroyForcibly();
        }
    }
}
