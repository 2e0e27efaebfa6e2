package dev.lair.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as a process of its own on a port of the loopback. */
final class ServerProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("registry ready server\\.public_url=(\\S+)");
    private static final int KEPT_LINES = 50;

    private final Process process;
    private final CompletableFuture<URI> url = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    /** How the server is run: the shipped jar, or classes that are on a path. */
    record Program(List<String> arguments) {

        static Program jar(Path jar) {
            return new Program(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        }

        static Program classes(String classPath) {
            return new Program(
                    List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath, "dev.lair.server.LairServer"));
        }
    }

    private ServerProcess(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().name("server-output").start(this::follow);
    }

    /** Starts without waiting. */
    static ServerProcess begin(Program program, List<String> flags, int port, Map<String, String> settings)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(program.arguments());
        command.addAll(List.of("serve", "--port", String.valueOf(port)));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return new ServerProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start());
    }

    /** Starts on any port and waits until the server is ready. */
    static ServerProcess start(Program program, List<String> flags, Map<String, String> settings)
            throws IOException, InterruptedException {
        ServerProcess server = begin(program, flags, 0, settings);
        try {
            server.address();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private void follow() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (lastLines) {
                    lastLines.add(line);
                    if (lastLines.size() > KEPT_LINES) {
                        lastLines.remove();
                    }
                }
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    url.complete(URI.create(ready.group(1)));
                }
            }
            url.completeExceptionally(new IOException("the server ended before it was ready:\n" + output()));
        } catch (IOException e) {
            url.completeExceptionally(e);
        }
    }

    /** What it printed last. */
    String output() {
        synchronized (lastLines) {
            return String.join("\n", lastLines);
        }
    }

    /** Where it listens, once it is ready. */
    InetSocketAddress address() throws IOException, InterruptedException {
        try {
            URI ready = url.get(READY_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return new InetSocketAddress(ready.getHost(), ready.getPort());
        } catch (ExecutionException e) {
            throw new IOException("the server did not start: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the server was not ready within " + READY_WITHIN.toSeconds() + " s:\n" + output(), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Processor time since its start. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** A memory figure of {@code /proc/PID/status} in MB, such as {@code VmRSS}; NaN where there is none. */
    double memoryMb(String key) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(key + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return Double.NaN;
    }

    /** SIGTERM, and waits for the end; SIGKILL if it does not come. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
