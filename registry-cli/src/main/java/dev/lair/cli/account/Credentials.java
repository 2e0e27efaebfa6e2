package dev.lair.cli.account;

import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.DurableFile;
import dev.lair.registry.api.ApiJson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The logins of a person, one for each registry, in {@code credentials.json} (mode 0600). A file that others may read is
 * refused: what it holds may be known by now.
 */
public final class Credentials {

    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** File locks are the process's own; threads of one process need this one too. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path file;

    public Credentials(Path home) {
        this.file = home.resolve("credentials.json");
    }

    /**
     * A login that is kept.
     *
     * @param token {@code lair_pat_…}
     * @param kind {@code session} or {@code token}
     * @param login of the account, if the registry said it
     * @param expiresAt RFC 3339
     */
    public record Login(
            String token,
            String kind,
            @Nullable String login,
            @Nullable String expiresAt) {

        @Override
        public String toString() {
            return "Login[" + login + ", " + kind + ", until " + expiresAt + "]";
        }
    }

    /** What the file holds: logins by the URL of their registry. */
    record Kept(Map<String, Login> registries) {}

    /** The login at a registry; empty when there is none. */
    public Optional<Login> find(RegistryUrl registry) throws Fault {
        return Optional.ofNullable(read().get(registry.toString()));
    }

    /** Keeps a login in place of the one that the registry has here now. */
    public void keep(RegistryUrl registry, Login login) throws Fault {
        locked(() -> {
            Map<String, Login> logins = read();
            logins.put(registry.toString(), login);
            write(logins);
        });
    }

    /** Forgets the login at a registry. */
    public void forget(RegistryUrl registry) throws Fault {
        locked(() -> {
            Map<String, Login> logins = read();
            if (logins.remove(registry.toString()) != null) {
                write(logins);
            }
        });
    }

    private Map<String, Login> read() throws Fault {
        try {
            requireSecret();
            return new TreeMap<>(
                    ApiJson.read(Files.readAllBytes(file), Kept.class).registries());
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read the logins in `" + file + "`: " + e, e);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw ExitCode.LOCAL.fault(
                    "the logins in `" + file + "` are damaged; remove the file, and run `lair login` again", e);
        }
    }

    private void requireSecret() throws Fault, IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw ExitCode.LOCAL.fault("`" + file + "` can be read by others, so its tokens may be known: revoke them,"
                    + " remove the file, and run `lair login` again");
        }
    }

    private void write(Map<String, Login> logins) throws IOException {
        DurableFile.replace(file, ApiJson.write(new Kept(logins)));
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, Fault;
    }

    /** Two logins at once must not lose one. */
    private void locked(Work work) throws Fault {
        IN_PROCESS.lock();
        try {
            DurableFile.createFolder(file.toAbsolutePath().resolveSibling(""));
            Path lockFile = file.resolveSibling("credentials.lock");
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(lockFile, options, DurableFile.mode(lockFile, "rw-------"));
                    FileLock held = channel.lock()) {
                assert held.isValid();
                work.run();
            }
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot keep logins in `" + file + "`: " + e, e);
        } finally {
            IN_PROCESS.unlock();
        }
    }
}
