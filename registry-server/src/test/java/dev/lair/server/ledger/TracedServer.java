package dev.lair.server.ledger;

import dev.lair.server.LairServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** The server as a process of its own, from the classes that are being tested; under strace, or alone. */
final class TracedServer implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("registry ready server\\.public_url=(\\S+)");

    /** All calls that change files, also such as this registry should not use; and those that write replies. */
    private static final String CALLS = "trace=openat,creat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,"
            + "ftruncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
            + "symlink,symlinkat,mkdir,mkdirat,rmdir,sendfile,copy_file_range,splice";

    private final Process process;
    private final Path log;
    private final URI url;

    private TracedServer(Process process, Path log, URI url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /** strace with what it needs to write {@code trace}, tried out first: containers may forbid it. */
    static List<String> strace(Path trace) throws IOException, InterruptedException {
        for (List<String> speed : List.of(List.of("--seccomp-bpf"), List.<String>of())) {
            List<String> line =
                    new ArrayList<>(List.of("strace", "-f", "-y", "-xx", "-s", "4000000", "-e", CALLS, "-o"));
            line.add(trace.toString());
            line.addAll(speed);
            List<String> trial = new ArrayList<>(line);
            trial.add("true");
            try {
                Process tried = new ProcessBuilder(trial)
                        .redirectErrorStream(true)
                        .redirectOutput(nowhere())
                        .start();
                if (tried.waitFor(20, TimeUnit.SECONDS) && tried.exitValue() == 0) {
                    return line;
                }
                tried.destroyForcibly();
            } catch (IOException e) {
                // Not installed.
            }
        }
        String skipped = "SKIPPED: strace is not here or may not trace: no test of dropped unsynced writes";
        System.err.println(skipped);
        Assumptions.abort(skipped);
        throw new AssertionError("unreachable");
    }

    private static ProcessBuilder.Redirect nowhere() {
        return ProcessBuilder.Redirect.to(new File("/dev/null"));
    }

    /** Starts a server on any port over this data folder, under the program of {@code before} if any; waits until it is ready. */
    static TracedServer start(List<String> before, Path data) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                LairServer.class.getName(),
                "serve",
                "--port",
                "0",
                "--namespace",
                "test",
                "--set",
                "lair.ledger.origin=registry.example/unsynced",
                "--set",
                "lair.ledger.snapshot-records=15",
                "--data",
                data.toString()));
        Path log = Files.createTempFile(data.getParent(), "server-", ".log");
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ready = false;
        try {
            long begun = System.nanoTime();
            while (process.isAlive() && System.nanoTime() - begun < READY_WITHIN.toNanos()) {
                Matcher said = READY.matcher(Files.readString(log));
                if (said.find()) {
                    ready = true;
                    return new TracedServer(process, log, URI.create(said.group(1)));
                }
                LockSupport.parkNanos(20_000_000);
            }
            throw new AssertionError("the server of " + data + " did not start:\n" + Files.readString(log));
        } finally {
            if (!ready) {
                end(process);
            }
        }
    }

    /** Without the tests' own classes, some of which a start would take for parts of the server. */
    private static String classPath() throws URISyntaxException {
        String tests = Path.of(TracedServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).toString().equals(tests))
                .collect(Collectors.joining(File.pathSeparator));
    }

    URI url() {
        return url;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** SIGKILL; whatever traces it ends by itself, with all that it saw written down. */
    void kill() throws InterruptedException {
        List<ProcessHandle> traced = process.descendants().toList();
        (traced.isEmpty() ? List.of(process.toHandle()) : traced).forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    /** SIGTERM. */
    void stop() throws InterruptedException {
        List<ProcessHandle> traced = process.descendants().toList();
        (traced.isEmpty() ? List.of(process.toHandle()) : traced).forEach(ProcessHandle::destroy);
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException {
        if (!process.waitFor(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the server did not end within " + ENDS_WITHIN.toSeconds() + " s");
        }
    }

    /** The traced process first: a tracer that dies first would leave it running. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        end(process);
    }
}
