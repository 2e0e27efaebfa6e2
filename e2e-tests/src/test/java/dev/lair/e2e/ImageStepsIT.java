package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of the Dockerfile that make the image's files, on this machine: take the jar apart, train, start. */
class ImageStepsIT {

    private static final Pattern READY = Pattern.compile("registry ready server\\.public_url=(\\S+)");
    private static final Duration WITHIN = Duration.ofSeconds(300);

    @TempDir
    Path work;

    @Test
    void extractedServerStartsFromTheCacheThatItsTrainingRunMade() throws Exception {
        Checkout.program("sh");
        Path image = Checkout.root().resolve("deploy/image");
        Path folder = work.resolve("lair");
        shell(image.resolve("extract.sh"), Checkout.serverJar(), folder);
        assertThat(folder.resolve("lair-server.jar")).exists();
        assertThat(folder.resolve("native/libsqlitejdbc.so")).exists();

        shell(image.resolve("train.sh"), folder, Checkout.cliJar(), Checkout.greeter());
        assertThat(folder.resolve("lair.aot")).isNotEmptyFile();

        // The options of the image, and one that makes the JVM end when it cannot use the cache.
        Path arguments = work.resolve("server.args");
        Files.writeString(
                arguments, Files.readString(image.resolve("server.args")).replace("/opt/lair", folder.toString()));
        try (Processes processes = new Processes()) {
            Path log = work.resolve("server.log");
            Process server = processes.started(new ProcessBuilder(
                            Checkout.java().toString(),
                            "-XX:AOTMode=on",
                            "@" + arguments,
                            "serve",
                            "--data",
                            work.resolve("data").toString(),
                            "--port",
                            "0")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
            String url = Await.answer("the trained server to be ready", WITHIN, () -> {
                Matcher ready = READY.matcher(Files.readString(log));
                assertThat(server.isAlive()).as(Files.readString(log)).isTrue();
                return ready.find() ? java.util.Optional.of(ready.group(1)) : java.util.Optional.empty();
            });
            assertThat(Files.readString(log)).doesNotContain("[warning]");

            Command.Result health = Command.jar(
                            work, folder.resolve("lair-server.jar"), List.of("health", "--url", url))
                    .run()
                    .succeeded();
            assertThat(health.out()).contains("\"status\":\"up\"");
            server.destroy();
            server.waitFor();
            assertThat(Command.jar(work, folder.resolve("lair-server.jar"), List.of("health", "--url", url))
                            .run()
                            .exitCode())
                    .isEqualTo(1);
        }
    }

    private void shell(Path script, Path... arguments) throws Exception {
        List<String> line = new java.util.ArrayList<>(List.of("sh", script.toString()));
        for (Path argument : arguments) {
            line.add(argument.toString());
        }
        Command.of(work, line)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .within(WITHIN)
                .run()
                .succeeded();
    }
}
