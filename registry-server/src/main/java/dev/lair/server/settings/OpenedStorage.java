package dev.lair.server.settings;

import dev.lair.server.settings.LairSettings.PostgresSettings;
import dev.lair.server.settings.LairSettings.S3Settings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.signing.SealedFiles;
import dev.lair.storage.Archive;
import dev.lair.storage.ContentStore;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.TreeStore;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.storage.embedded.FolderStores;
import dev.lair.storage.memory.MemorySealedFiles;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.postgres.PostgresLedger;
import dev.lair.storage.postgres.PostgresStorage;
import dev.lair.storage.s3.S3Credentials;
import dev.lair.storage.s3.S3Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stores of this registry and the keys that belong to them, put together from the backends that the settings name. A
 * database holds ledger, evidence, submissions and sealed keys; contents, snapshots and the archive are beside it, in the
 * data folder or in a bucket.
 *
 * @param storage the stores
 * @param keys the registry's private keys
 */
public record OpenedStorage(Storage storage, KeyStore keys) implements AutoCloseable {

    /** Opens what the settings name; a registry that is not there begins. */
    public static OpenedStorage open(LairSettings settings, SecureRandom random, Clock clock) throws IOException {
        return open(settings, MasterKeySource.of(settings), random, clock);
    }

    private static OpenedStorage open(LairSettings settings, MasterKeySource master, SecureRandom random, Clock clock)
            throws IOException {
        return switch (settings.storage()) {
            case MEMORY -> memory(random, clock);
            case EMBEDDED -> embedded(settings, master, random, clock);
            case POSTGRES -> postgres(settings, master, random, clock, RegistryKeyStore::openOrCreate);
        };
    }

    /**
     * Opens a registry that is there.
     *
     * @throws IOException when the settings name a database in which no registry ever ran; a mistyped name would
     *     otherwise begin one. A data folder was looked at before this is called
     */
    public static OpenedStorage openExisting(LairSettings settings, SecureRandom random, Clock clock)
            throws IOException {
        return openExisting(settings, MasterKeySource.of(settings), random, clock);
    }

    /** The same by a master key from another source than the settings name. */
    public static OpenedStorage openExisting(
            LairSettings settings, MasterKeySource master, SecureRandom random, Clock clock) throws IOException {
        return settings.storage() == StorageKind.POSTGRES
                ? postgres(settings, master, random, clock, OpenedStorage::existingKeys)
                : open(settings, master, random, clock);
    }

    /** How the sealed keys in a database are opened. */
    private interface KeyOpening {
        KeyStore open(SealedFiles files, MasterKey master, SecureRandom random, Clock clock) throws IOException;
    }

    private static KeyStore existingKeys(SealedFiles files, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        try {
            return RegistryKeyStore.openExisting(files, master, random, clock);
        } catch (NoSuchFileException none) {
            throw new IOException(
                    "no registry ever ran in this database: it holds no keys; is lair.postgres.url right?");
        }
    }

    /** Nothing outlives the process, neither the log nor its keys. */
    private static OpenedStorage memory(SecureRandom random, Clock clock) throws IOException {
        byte[] master = new byte[32];
        random.nextBytes(master);
        KeyStore keys = KeyStore.create(new MemorySealedFiles(), MasterKey.ofBytes(master), random, clock);
        return new OpenedStorage(MemoryStorage.open(clock), keys);
    }

    private static OpenedStorage embedded(
            LairSettings settings, MasterKeySource master, SecureRandom random, Clock clock) throws IOException {
        if (Files.exists(settings.data().resolve(DataFolder.MOVED_AWAY))) {
            throw new IOException("the registry of `" + settings.data().toAbsolutePath()
                    + "` was moved to a database; started from here it would tell a second history of its log");
        }
        try (Opening opening = new Opening()) {
            Storage folder = opening.add(EmbeddedStorage.open(settings.data(), clock));
            Storage storage = folder;
            S3Settings s3 = settings.s3();
            if (s3 != null) {
                S3Storage bucket = opening.add(openBucket(s3, settings.data(), clock));
                storage = new Storage(
                        folder.ledger(),
                        folder.evidence(),
                        folder.submissions(),
                        folder.snapshots(),
                        bucket.contents(),
                        folder.facts(),
                        folder.registry(),
                        Optional.of(bucket.archive()),
                        Optional.of(bucket.tree()),
                        Sharing.EXCLUSIVE,
                        opening::closeAll);
            }
            KeyStore keys = RegistryKeyStore.openFolder(settings.data(), master, random, clock);
            return opening.done(new OpenedStorage(storage, keys));
        }
    }

    private static OpenedStorage postgres(
            LairSettings settings, MasterKeySource master, SecureRandom random, Clock clock, KeyOpening keyOpening)
            throws IOException {
        PostgresSettings postgres = settings.postgres();
        if (master instanceof MasterKeySource.InFolder || postgres == null) {
            throw new IllegalArgumentException("lair.master-key-file is required with lair.storage=postgres, or "
                    + MasterKeySource.VARIABLE
                    + ", or lair.master-key-command: the sealed keys are in the database, and"
                    + " all nodes open them with this one key");
        }
        // Before the database is opened: a key that cannot be had is said at once.
        MasterKey masterKey = master.read();
        try (Opening opening = new Opening()) {
            PostgresLedger database = opening.add(PostgresStorage.open(dev.lair.storage.postgres.PostgresSettings.of(
                    postgres.url(), postgres.user(), secret(postgres.passwordFile()))));
            ContentStore contents;
            SnapshotStore snapshots;
            Optional<Archive> archive;
            Optional<TreeStore> tree = Optional.empty();
            S3Settings s3 = settings.s3();
            if (s3 == null) {
                FolderStores folder = opening.add(FolderStores.open(settings.data(), clock));
                contents = folder.contents();
                snapshots = database.snapshots();
                archive = Optional.empty();
            } else {
                S3Storage bucket = opening.add(openBucket(s3, settings.data(), clock));
                contents = bucket.contents();
                snapshots = bucket.snapshots();
                archive = Optional.of(bucket.archive());
                tree = Optional.of(bucket.tree());
            }
            Storage storage = new Storage(
                    database.ledger(),
                    database.evidence(),
                    database.submissions(),
                    snapshots,
                    contents,
                    database.facts(),
                    database.registry(),
                    archive,
                    tree,
                    Sharing.SHARED,
                    opening::closeAll);
            KeyStore keys = keyOpening.open(database.sealedFiles(), masterKey, random, clock);
            return opening.done(new OpenedStorage(storage, keys));
        }
    }

    private static S3Storage openBucket(S3Settings s3, Path data, Clock clock) throws IOException {
        dev.lair.storage.s3.S3Settings bucket =
                dev.lair.storage.s3.S3Settings.of(s3.region(), s3.bucket()).withPrefix(s3.prefix());
        if (s3.endpoint() != null) {
            bucket = bucket.withEndpoint(s3.endpoint(), s3.pathStyle());
        }
        if (s3.accessKeyFile() != null) {
            bucket = bucket.withCredentials(S3Credentials.of(secret(s3.accessKeyFile()), secret(s3.secretKeyFile())));
        }
        if (s3.redirectDownloads().isPositive()) {
            bucket = bucket.withPresign(s3.redirectDownloads());
        }
        if (s3.publicEndpoint() != null) {
            bucket = bucket.withPublicEndpoint(s3.publicEndpoint());
        }
        return S3Storage.open(bucket, data.resolve(DataFolder.SCRATCH), clock);
    }

    /** The one line of a file; empty without a file. */
    private static String secret(@Nullable Path file) throws IOException {
        return file == null
                ? ""
                : Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        storage.close();
    }
}
