package dev.lair.e2e;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code lair witness} as a process on the loopback. Started by a {@link Processes}, which also ends it. */
final class WitnessProcess {

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("witness ready witness\\.url=(\\S+)");

    private final Process process;
    private final URI url;

    private WitnessProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** The keys that {@code lair witness --show-key} prints. */
    static List<String> keys(Path work, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("witness", "--show-key", "--data", data(work)));
        arguments.addAll(List.of(options));
        return Command.server(work, arguments).run().succeeded().out().lines().toList();
    }

    private static String data(Path work) {
        return work.resolve("witness").toString();
    }

    static WitnessProcess start(Processes processes, Path work, int port, List<String> logKeys) throws Exception {
        Path log = Files.createTempFile(work, "witness-", ".log");
        List<String> command = new ArrayList<>(
                ServerJar.line(List.of("witness", "--data", data(work), "--port", Integer.toString(port))));
        logKeys.forEach(key -> command.addAll(List.of("--log", key)));
        Process process = processes.started(new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start());
        String url = Await.answer("the witness to be ready", READY_WITHIN, () -> {
            Matcher ready = READY.matcher(Files.readString(log));
            if (ready.find()) {
                return Optional.of(ready.group(1));
            }
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the witness ended with " + process.exitValue() + ":\n" + Files.readString(log));
            }
            return Optional.empty();
        });
        return new WitnessProcess(process, URI.create(url));
    }

    URI url() {
        return url;
    }

    /** {@code kill -9}. */
    void kill() throws IOException, InterruptedException {
        Processes.end(process);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("the witness did not end");
        }
    }
}
