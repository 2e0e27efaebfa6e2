package dev.lair.e2e;

import dev.lair.signing.KeyFile;
import dev.lair.signing.PrivateKey;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server jar as a process on a random port of the loopback. Started by a {@link Processes}, which also ends it. */
final class ServerProcess {

    /** Generous: the machine may be busy with the rest of a build. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);
    private static final Pattern READY = Pattern.compile("registry ready server\\.public_url=(\\S+)");

    private final Process process;
    private final Path logFile;
    private final URI url;
    private final Registry registry;

    private ServerProcess(Process process, Path logFile, URI url) {
        this.process = process;
        this.logFile = logFile;
        this.url = url;
        this.registry = new Registry(url);
    }

    /** A command line in the making; {@code work} gets logs and key files, the data folder is {@code work/data}. */
    static Options in(Path work) {
        return new Options(work);
    }

    static final class Options {

        private final Path work;
        private final List<String> before = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private Path data;

        private Options(Path work) {
            this.work = work;
            this.data = work.resolve("data");
        }

        Options data(Path folder) {
            data = folder;
            return this;
        }

        Options port(int port) {
            arguments.addAll(List.of("--port", String.valueOf(port)));
            return this;
        }

        Options storage(String kind) {
            arguments.addAll(List.of("--storage", kind));
            return this;
        }

        Options namespace(String namespace) {
            arguments.addAll(List.of("--namespace", namespace));
            return this;
        }

        /** Writes the key to a file of mode 0600 and begins the registry with it. */
        Options operatorKey(PrivateKey key) throws IOException {
            Path file = work.resolve("operator.key");
            KeyFile.replace(file, key);
            arguments.addAll(List.of("--operator-key", file.toString()));
            return this;
        }

        Options set(String key, String value) {
            arguments.addAll(List.of("--set", key + "=" + value));
            return this;
        }

        Options set(Map<String, String> settings) {
            settings.forEach(this::set);
            return this;
        }

        /** Runs the server under another program, such as a tracer. */
        Options under(List<String> program) {
            before.addAll(program);
            return this;
        }

        /** Starts without waiting, for servers that are not expected to come up. */
        Process begin(Processes processes, Path log) throws IOException {
            List<String> command = new ArrayList<>(before);
            command.addAll(ServerJar.line(List.of("serve", "--data", data.toString())));
            if (!arguments.contains("--port")) {
                command.addAll(List.of("--port", "0"));
            }
            command.addAll(arguments);
            return processes.started(new ProcessBuilder(command)
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start());
        }

        /** Starts a server that is expected to refuse the start; answers what it said. */
        String refused(Processes processes) throws Exception {
            Path log = Files.createTempFile(work, "refused-", ".log");
            Process process = begin(processes, log);
            if (!process.waitFor(READY_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the server of " + data + " did not end:\n" + Files.readString(log));
            }
            String said = Files.readString(log);
            if (process.exitValue() == 0 || READY.matcher(said).find()) {
                throw new AssertionError(
                        "the server was not refused, it ended with " + process.exitValue() + ":\n" + said);
            }
            return said;
        }

        /** Starts and waits until the server says that it is ready. */
        ServerProcess start(Processes processes) throws Exception {
            Path log = Files.createTempFile(work, "server-", ".log");
            Process process = begin(processes, log);
            String url = Await.answer("the server of " + data + " to be ready", READY_WITHIN, () -> {
                Matcher ready = READY.matcher(Files.readString(log));
                if (ready.find()) {
                    return Optional.of(ready.group(1));
                }
                if (!process.isAlive()) {
                    throw new AssertionError(
                            "the server ended with " + process.exitValue() + ":\n" + Files.readString(log));
                }
                return Optional.empty();
            });
            return new ServerProcess(process, log, URI.create(url));
        }
    }

    URI url() {
        return url;
    }

    int port() {
        return url.getPort();
    }

    Registry registry() {
        return registry;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its process id, for who attaches a tracer to it. */
    long pid() {
        return process.pid();
    }

    /** All that the server printed. */
    String log() throws IOException {
        return Files.readString(logFile, StandardCharsets.UTF_8);
    }

    /** {@code kill -9}: nothing of the server runs after this. */
    void kill() throws InterruptedException {
        Processes.end(process);
        awaitEnd();
    }

    /** SIGTERM to the server, also when it runs under another program; answers the exit code. */
    int stop() throws InterruptedException {
        List<ProcessHandle> inner = process.descendants().toList();
        if (inner.isEmpty()) {
            process.destroy();
        } else {
            inner.forEach(ProcessHandle::destroy);
        }
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOPPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the server did not end within " + STOPPED_WITHIN.toSeconds() + " s");
        }
    }
}
