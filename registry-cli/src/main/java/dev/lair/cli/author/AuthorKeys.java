package dev.lair.cli.author;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.signing.KeyFile;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.MasterKey;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.PublicKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The author's keys: in the clear as {@code keys/NAME.key} (mode 0600), or sealed by a passphrase in the store
 * {@code sealed-keys/}. A name belongs to one key, wherever it lies; nothing is ever overwritten.
 */
public final class AuthorKeys {

    private static final String SUFFIX = ".key";

    private final Path plain;
    private final Path sealed;
    private final SecureRandom random;
    private final Clock clock;

    public AuthorKeys(Path home, SecureRandom random, Clock clock) {
        this.plain = home.resolve("keys");
        this.sealed = home.resolve("sealed-keys");
        this.random = random;
        this.clock = clock;
    }

    /**
     * A key that is there.
     *
     * @param publicKey null when the file cannot be read
     * @param problem why not, else null
     */
    public record Listed(
            String name,
            boolean sealed,
            @Nullable PublicKey publicKey,
            @Nullable String problem) {}

    /** Makes a key; sealed when there is a passphrase. */
    public Listed create(KeyLabel name, @Nullable MasterKey passphrase) throws Fault {
        PrivateKey key = PrivateKey.generate(random);
        try {
            if (Files.exists(fileOf(name)) || isSealed(name)) {
                throw new FileAlreadyExistsException(name.value());
            }
            if (passphrase == null) {
                makeDirectory(plain);
                KeyFile.create(fileOf(name), key);
            } else {
                store(passphrase).add(name, key);
            }
        } catch (FileAlreadyExistsException e) {
            throw ExitCode.LOCAL.fault(
                    "there is a key called `" + name + "` already, and keys are never overwritten; choose another name",
                    e);
        } catch (IOException e) {
            throw unusable(name, e);
        }
        return new Listed(name.value(), passphrase != null, key.publicKey(), null);
    }

    private KeyStore store(MasterKey passphrase) throws IOException {
        try {
            return KeyStore.open(sealed, passphrase, random, clock);
        } catch (NoSuchFileException e) {
            return KeyStore.create(sealed, passphrase, random, clock);
        }
    }

    /** The key of a name, to sign with. */
    public PrivateKey open(KeyLabel name, Passphrase passphrase) throws Fault {
        try {
            if (Files.exists(fileOf(name))) {
                return KeyFile.read(fileOf(name));
            }
            if (isSealed(name)) {
                MasterKey master = passphrase.masterKey();
                if (master == null) {
                    throw ExitCode.LOCAL.fault("key `" + name + "` is sealed by a passphrase; give it with"
                            + " --passphrase-file or in LAIR_KEY_PASSPHRASE");
                }
                Optional<PrivateKey> key =
                        KeyStore.open(sealed, master, random, clock).get(name);
                if (key.isPresent()) {
                    return key.get();
                }
            }
        } catch (IOException | MalformedKeyException e) {
            throw unusable(name, e);
        }
        throw ExitCode.LOCAL.fault("there is no key called `" + name + "` in `" + plain.getParent()
                + "`; make one with: lair key new " + name);
    }

    /** Where a passphrase comes from, asked only when a key needs one. */
    @FunctionalInterface
    public interface Passphrase {
        /** The passphrase, or null when none was given. */
        @Nullable
        MasterKey masterKey() throws Fault;
    }

    /** Every key, by name. A file that cannot be read is listed with its problem. */
    public List<Listed> list() throws Fault {
        List<Listed> keys = new ArrayList<>();
        try {
            if (Files.isDirectory(plain)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(plain, "[!.]*" + SUFFIX)) {
                    files.forEach(file -> keys.add(listed(file)));
                }
            }
            for (KeyStore.Entry entry : sealedKeys()) {
                keys.add(new Listed(entry.label().value(), true, entry.publicKey(), null));
            }
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot list the keys in `" + plain.getParent() + "`: " + e.getMessage(), e);
        }
        keys.sort(Comparator.comparing(Listed::name));
        return keys;
    }

    private static Listed listed(Path file) {
        String fileName = String.valueOf(file.getFileName());
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        try {
            return new Listed(name, false, KeyFile.read(file).publicKey(), null);
        } catch (IOException | MalformedKeyException e) {
            return new Listed(name, false, null, e.getMessage());
        }
    }

    private boolean isSealed(KeyLabel name) throws IOException {
        return sealedKeys().stream().anyMatch(entry -> entry.label().equals(name));
    }

    private List<KeyStore.Entry> sealedKeys() throws IOException {
        return Files.isDirectory(sealed) ? KeyStore.list(sealed) : List.of();
    }

    private Path fileOf(KeyLabel name) {
        return plain.resolve(name + SUFFIX);
    }

    private static Fault unusable(KeyLabel name, Exception why) {
        return ExitCode.LOCAL.fault("key `" + name + "` cannot be used: " + why.getMessage(), why);
    }

    private static void makeDirectory(Path directory) throws IOException {
        boolean modes = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = modes
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(directory, ownerOnly);
    }
}
