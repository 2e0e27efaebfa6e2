package dev.lair.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.storage.Required;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server from packaged binaries, as processes of this machine: on the loopback address at a free port, with
 * a password, syncing its commits. A test may crash it and start it again at the same port, and copy it into a standby.
 *
 * <p>The server refuses to run as root; where the tests do, its processes run as the user {@code nobody}, or in a user
 * namespace where that is not possible. All files are in one temporary folder, which goes away with {@link #close} or the
 * JVM.
 */
public final class PostgresProcess implements AutoCloseable {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String USER = "lair";
    private static final int NOBODY = 65_534;
    private static final String OPEN = "rwxr-xr-x";
    private static final long COMMAND_SECONDS = 60;

    /** Ways to run a command, by what has to be put before it. */
    private static final List<String> PLAIN = List.of();

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
    private static final List<String> IN_A_NAMESPACE = List.of("unshare", "-U");

    private static @Nullable Path binaries;

    private final Path folder;
    private final List<String> runner;
    private final String password;
    private final int port;
    private final Thread stopper = new Thread(this::stopQuietly);

    private PostgresProcess(Path folder, List<String> runner, String password, int port) {
        this.folder = folder;
        this.runner = runner;
        this.password = password;
        this.port = port;
    }

    /**
     * Starts a new server.
     *
     * @throws Required.Missing when the binaries do not run here
     */
    public static PostgresProcess start() throws Required.Missing {
        Path folder = null;
        try {
            folder = sharedFolder("lair-postgres-");
            PostgresProcess process = create(folder);
            Runtime.getRuntime().addShutdownHook(process.stopper);
            process.run();
            return process;
        } catch (IOException e) {
            if (folder != null) {
                deleteTree(folder);
            }
            throw new Required.Missing(e.toString());
        }
    }

    private static PostgresProcess create(Path folder) throws IOException, Required.Missing {
        Path initdb = binaries().resolve("bin/initdb");
        String password = HexFormat.of().formatHex(new SecureRandom().generateSeed(12));
        Path passwordFile = Files.writeString(folder.resolve("password"), password);
        IOException last = null;
        for (List<String> runner : isRoot() ? List.of(AS_NOBODY, IN_A_NAMESPACE) : List.of(PLAIN)) {
            try {
                PostgresProcess process = new PostgresProcess(folder, runner, password, freePort());
                process.prepareData();
                process.command(
                        initdb.toString(),
                        "-D",
                        process.data().toString(),
                        "-U",
                        USER,
                        "-A",
                        "scram-sha-256",
                        "--pwfile=" + passwordFile,
                        "-E",
                        "UTF8",
                        "--locale=C",
                        "--no-sync");
                return process;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("initdb failed: " + (last == null ? "" : last.getMessage()), last);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The folder of the database, which belongs to whoever runs the server. */
    private void prepareData() throws IOException {
        if (Files.notExists(data())) {
            Files.createDirectory(
                    data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.setAttribute(
                data(), "unix:uid", runner.equals(AS_NOBODY) ? NOBODY : Files.getAttribute(folder, "unix:uid"));
    }

    Path data() {
        return folder.resolve("data");
    }

    /** How to connect, as a superuser. */
    public PostgresSettings settings() {
        return PostgresSettings.of("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, password);
    }

    /** The server's port on the loopback address. */
    public int port() {
        return port;
    }

    /** Starts the server again after {@link #crash}; returns when it has recovered and answers. */
    public void run() throws IOException {
        control(
                "start",
                "-l",
                folder.resolve("data/server.log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
    }

    /** Ends the server in order. */
    public void stop() throws IOException {
        control("stop", "-m", "fast");
    }

    /**
     * Copies this server, which must be stopped, and starts the copy as its standby; start this one again then.
     *
     * @throws Required.Missing never when this one was started
     */
    public PostgresProcess startStandby() throws IOException, Required.Missing {
        Path copy = sharedFolder("lair-postgres-standby-");
        PostgresProcess standby = new PostgresProcess(copy, runner, password, freePort());
        Runtime.getRuntime().addShutdownHook(standby.stopper);
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        standby.data().resolve(data().relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        standby.write("standby.signal", "");
        standby.write(
                "postgresql.auto.conf",
                "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=" + USER + " password=" + password + "'\n");
        standby.run();
        return standby;
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(data().resolve(name), text);
        Files.setAttribute(file, "unix:uid", Files.getAttribute(data(), "unix:uid"));
    }

    /** Ends all server processes at once, without a checkpoint: the next start has to recover from the log. */
    public void crash() throws IOException {
        control("stop", "-m", "immediate");
    }

    /** Makes a standby the primary. */
    public void promote() throws IOException {
        control("promote");
    }

    private void control(String action, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                binaries == null ? "" : binaries + "/bin/pg_ctl",
                action,
                "-D",
                data().toString(),
                "-w",
                "-t",
                String.valueOf(COMMAND_SECONDS - 5)));
        command.addAll(List.of(options));
        command(command.toArray(String[]::new));
    }

    private void command(String... command) throws IOException {
        List<String> whole = new ArrayList<>(runner);
        whole.addAll(List.of(command));
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // Messages in English, and nothing of the developer's own settings.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
        try {
            Process process = builder.start();
            boolean ended = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": "
                        + Files.readString(output, UTF_8).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + String.join(" ", command), e);
        } finally {
            Files.delete(output);
        }
    }

    private void stopQuietly() {
        try {
            crash();
        } catch (IOException e) {
            // It is not running, or something is badly wrong with the machine.
        }
        deleteTree(folder);
    }

    /** Ends the server and deletes its files. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(stopper);
        stopQuietly();
    }

    /** A folder of ours that every user may look into, because the server may be another user. */
    private static Path sharedFolder(String prefix) throws IOException {
        Path folder = Files.createTempDirectory(prefix);
        setMode(folder, OPEN);
        return folder;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static synchronized Path binaries() throws IOException, Required.Missing {
        Path unpacked = binaries;
        if (unpacked == null) {
            URL archive = PostgresProcess.class.getResource(ARCHIVE);
            String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
            if (archive == null || !machine.equals("Linux amd64")) {
                throw new Required.Missing("the packaged binaries are for Linux on x86-64, this is " + machine);
            }
            unpacked = sharedFolder("lair-postgres-binaries-");
            Path folder = unpacked;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(folder)));
            unpack(archive, unpacked);
            binaries = unpacked;
        }
        return unpacked;
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (InputStream packed = archive.openStream();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException("the archive has a file outside its folder: " + entry.getName());
                }
                Files.createDirectories(entry.isDirectory() ? file : file.resolveSibling("."));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (!entry.isDirectory()) {
                    Files.copy(tar, file);
                    setMode(file, (entry.getMode() & 0100) == 0 ? "rw-r--r--" : OPEN);
                }
            }
        }
        // Whatever the mask of this process is, the server's user has to get at the files.
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path directory : files.filter(Files::isDirectory).toList()) {
                setMode(directory, OPEN);
            }
        }
    }

    private static void setMode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // The system's own cleaning of temporary files gets what is left.
        }
    }
}
