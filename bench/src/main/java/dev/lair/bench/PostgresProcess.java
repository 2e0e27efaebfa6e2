package dev.lair.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server: the one of the environment, or a process of our own with durability as it is shipped ({@code fsync},
 * {@code full_page_writes} and {@code synchronous_commit} on) and its data on the bench's disk.
 */
final class PostgresProcess implements AutoCloseable {

    /** A JDBC URL of a server that may be used, as the tests have it; the bench makes a database of its own there. */
    static final String URL_VARIABLE = "LAIR_TEST_POSTGRES_URL";

    /** What an operator of a registry of this size would set; nothing here weakens durability. */
    static final List<String> SETTINGS = List.of("shared_buffers=1GB", "max_wal_size=4GB", "max_connections=50");

    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String USER = "postgres";
    private static final String BINARIES = "/postgres-linux-x86_64.txz";

    private static final Pattern DATABASE = Pattern.compile("(jdbc:postgresql://[^/]*/)([^?]*)(.*)");

    private final String url;
    private final @Nullable Process process;

    /** A server that was there, and the database that was made in it. */
    private final @Nullable Given given;

    private record Given(String url, String database) {}

    private PostgresProcess(String url, @Nullable Process process, @Nullable Given given) {
        this.url = url;
        this.process = process;
        this.given = given;
    }

    /**
     * Finds or starts a server.
     *
     * @param folder for its programs and data; readable for everybody, because it does not run as root
     * @throws IOException when there is none and none can be started
     */
    static PostgresProcess start(Path folder) throws IOException, InterruptedException {
        String given = System.getenv(URL_VARIABLE);
        if (given != null && !given.isEmpty()) {
            return inGiven(given);
        }
        Path programs = programs(folder);
        Path data = Files.createDirectories(folder.resolve("data"));
        List<String> user = otherUser(data);
        run(
                user,
                List.of(
                        programs.resolve("initdb").toString(),
                        "-D",
                        data.toString(),
                        "-U",
                        USER,
                        "-A",
                        "trust",
                        "-E",
                        "UTF8",
                        "--no-locale"));
        int port = freePort();
        List<String> command = new ArrayList<>(user);
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
        command.addAll(List.of("-p", String.valueOf(port), "-h", "127.0.0.1", "-k", ""));
        SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
        Process process = new ProcessBuilder(command)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("postgres.log").toFile())
                .start();
        PostgresProcess server =
                new PostgresProcess("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER, process, null);
        try {
            server.await();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** The settings under which a registry uses this database; a password goes to a file in {@code folder}. */
    Map<String, String> settings(Path folder) throws IOException {
        Map<String, String> settings = new HashMap<>();
        int parameters = url.indexOf('?');
        settings.put("lair.postgres.url", parameters < 0 ? url : url.substring(0, parameters));
        settings.put("lair.postgres.user", USER);
        for (String parameter :
                parameters < 0 ? new String[0] : url.substring(parameters + 1).split("&")) {
            String value = URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8);
            if (parameter.startsWith("user=")) {
                settings.put("lair.postgres.user", value);
            } else if (parameter.startsWith("password=")) {
                Path file = Files.writeString(folder.resolve("password"), value);
                settings.put("lair.postgres.password-file", file.toString());
            }
        }
        return settings;
    }

    private static PostgresProcess inGiven(String url) throws IOException {
        Matcher parts = DATABASE.matcher(url);
        if (!parts.matches()) {
            throw new IOException(URL_VARIABLE + " must be like jdbc:postgresql://host/database?user=name");
        }
        String database = "lair_bench_" + ProcessHandle.current().pid();
        execute(url, "CREATE DATABASE " + database);
        return new PostgresProcess(parts.group(1) + database + parts.group(3), null, new Given(url, database));
    }

    private static void execute(String url, String command) throws IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException e) {
            throw new IOException("PostgreSQL refused `" + command + "`: " + e.getMessage(), e);
        }
    }

    /** The JDBC URL of its database. */
    String url() {
        return url;
    }

    /** What the server says of a setting or of itself. */
    String ask(String question) throws IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                var answer = statement.executeQuery(question)) {
            return answer.next() ? answer.getString(1) : "";
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not answer: " + e.getMessage(), e);
        }
    }

    /**
     * Does now what the server would do in its own time after much was written: what one part of a bench leaves behind is not
     * the next part's load.
     */
    void settle() throws IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM (ANALYZE)");
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not settle: " + e.getMessage(), e);
        }
    }

    /** Processor time of all its processes; zero of a server that is not ours. */
    Duration cpu() {
        if (process == null) {
            return Duration.ZERO;
        }
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (true) {
            try {
                ask("SELECT 1");
                return;
            } catch (IOException e) {
                if (process == null || !process.isAlive() || System.nanoTime() > end) {
                    throw e;
                }
                Pace.rest(Duration.ofMillis(50));
            }
        }
    }

    /** PostgreSQL refuses to run as root; then it runs as nobody, who gets the data folder. */
    private static List<String> otherUser(Path data) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        run(List.of(), List.of("chown", "nobody:nogroup", data.toString()));
        return List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    }

    private static void run(List<String> before, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The folder of {@code initdb} and {@code postgres}: those that came with the bench, or the machine's. */
    private static Path programs(Path folder) throws IOException {
        try (InputStream packed = PostgresProcess.class.getResourceAsStream(BINARIES)) {
            if (packed != null) {
                Path unpacked = folder.resolve("programs");
                unpack(packed, unpacked);
                return unpacked.resolve("bin");
            }
        }
        return installed()
                .orElseThrow(() -> new IOException("no PostgreSQL here: set " + URL_VARIABLE
                        + " to a JDBC URL, or install it (Debian: apt-get install postgresql)"));
    }

    private static Optional<Path> installed() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(versions)) {
            return all.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Path::compareTo);
        }
    }

    private static void unpack(InputStream packed, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive has an entry outside its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(target.getParent());
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(target, permissions(entry.getMode()));
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        return PosixFilePermissions.fromString((mode & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--");
    }

    /** A fast shutdown: it writes what it has and ends. A server that was there loses only our database. */
    @Override
    public void close() throws IOException {
        if (given != null) {
            execute(given.url(), "DROP DATABASE IF EXISTS " + given.database() + " WITH (FORCE)");
        }
        if (process == null) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (!process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
