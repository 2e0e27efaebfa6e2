package dev.lair.server.operations;

import dev.lair.server.ledger.LedgerCopy;
import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.MasterKeySource;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.PublicKey;
import dev.lair.storage.registry.RegistryCopy;
import dev.lair.transparency.LogId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Moves a registry from its data folder to PostgreSQL and, if a bucket is named, S3. */
@Command(
        name = "migrate",
        description = "Moves a registry from its data folder to a database, and verifies it root for root.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "The registry must be stopped. Name the target with --set, as serve takes it:",
            "  lair migrate --data DIR --to postgres --master-key FILE \\",
            "    --set lair.postgres.url=jdbc:postgresql://host/lair --set lair.postgres.password-file=FILE \\",
            "    --set lair.s3.bucket=lair",
            "Run it again if it breaks off: it goes on where it stopped. Afterwards the old folder does not start any more."
        })
final class MigrateCommand implements Callable<Integer> {

    /** The only way there is, named so that the command reads as what it does. */
    enum Target {
        POSTGRES(StorageKind.POSTGRES);

        private final StorageKind kind;

        Target(StorageKind kind) {
            this.kind = kind;
        }
    }

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "the registry's data folder")
    private Path data = Path.of(LairSettings.DEFAULT_DATA);

    @Option(names = "--to", paramLabel = "KIND", required = true, description = "postgres")
    private Target target = Target.POSTGRES;

    @Option(
            names = "--target-data",
            paramLabel = "DIR",
            description = "data folder of the new nodes: scratch space, and contents when there is no bucket"
                    + " (default: the old folder with -migrated behind it)")
    private @Nullable Path targetData;

    @Option(
            names = "--master-key",
            paramLabel = "FILE",
            description = "opens the keys, here and in the database (default: master.key in the data folder)")
    private @Nullable Path masterKey;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any setting of the target; may be given again")
    private Map<String, String> settings = Map.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    MigrateCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = data.toAbsolutePath();
        Path master = masterKeyFile(folder);
        Path newData = targetData == null ? folder.resolveSibling(folder.getFileName() + "-migrated") : targetData;
        try (StoredRegistry old = StoredRegistry.openExisting(
                        RegistryOptions.settings(data, StorageKind.EMBEDDED, master, Map.of()));
                StoredRegistry fresh =
                        StoredRegistry.open(RegistryOptions.settings(newData, target.kind, master, settings))) {
            OpenedStorage from = old.opened();
            OpenedStorage to = fresh.opened();
            requireNoOtherKeys(from.keys(), to.keys());
            LedgerCopy.run(from.storage(), to.storage(), out::println);
            copyKeys(from.keys(), to.keys());
            long rows = RegistryCopy.run(from.storage().registry(), to.storage().registry());
            out.println("moved " + rows + " rows of accounts, rights and tokens");
            closeOldFolder(data);
            out.println("moved " + to.storage().ledger().state() + "; the old folder does not start any more");
            return 0;
        }
    }

    /**
     * The one file for both sides; null where another source is named. What the environment names opens both then, what
     * {@code --set} names the target's alone.
     */
    private @Nullable Path masterKeyFile(Path folder) {
        boolean named = masterKey != null
                || !(MasterKeySource.of(StoredRegistry.settings(settings)) instanceof MasterKeySource.InFolder);
        return named ? masterKey : folder.resolve(DataFolder.MASTER_KEY);
    }

    /** Before anything is written: keys that the source does not have are those of a registry that runs there already. */
    static void requireNoOtherKeys(KeyStore from, KeyStore to) throws IOException {
        boolean logs = from.listNoteKeys().stream()
                .map(KeyStore.NoteEntry::key)
                .collect(Collectors.toSet())
                .containsAll(
                        to.listNoteKeys().stream().map(KeyStore.NoteEntry::key).toList());
        boolean operators = from.list().stream()
                .map(KeyStore.Entry::keyId)
                .collect(Collectors.toSet())
                .containsAll(to.list().stream().map(KeyStore.Entry::keyId).toList());
        if (!logs || !operators || holdsOtherPackageKeys(from, to)) {
            throw new IOException("the target holds keys of another registry; name an empty database");
        }
    }

    /** Opens what the target has, which is nothing, or what a run that broke off copied. */
    private static boolean holdsOtherPackageKeys(KeyStore from, KeyStore to) throws IOException {
        for (LogId log : to.packageLogs()) {
            Optional<PublicKey> ours = from.packageKey(log).map(PrivateKey::publicKey);
            if (!ours.equals(to.packageKey(log).map(PrivateKey::publicKey))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Last of all: a crash before this leaves two whole registries of which nobody has started the new one, and running
     * the command again ends it. Synced, so that a power cut does not bring the old one back.
     */
    private static void closeOldFolder(Path data) throws IOException {
        Path note = data.resolve(DataFolder.MOVED_AWAY);
        Files.writeString(
                note, "This registry was moved. Started from here it would tell a second history of the same log.\n");
        for (Path written : List.of(note, data)) {
            try (FileChannel channel = FileChannel.open(written, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * Opened and sealed anew: each store has a key of its own. A crash leaves some of them, and running this again copies the
     * others.
     */
    static void copyKeys(KeyStore from, KeyStore to) throws IOException {
        for (KeyStore.Entry entry : from.list()) {
            if (to.get(entry.label()).isEmpty()) {
                to.add(entry.label(), from.get(entry.label()).orElseThrow());
            }
        }
        for (KeyStore.NoteEntry entry : from.listNoteKeys()) {
            if (to.noteKey(entry.label()).isEmpty()) {
                to.addNoteKey(entry.label(), from.noteKey(entry.label()).orElseThrow());
            }
        }
        for (LogId log : from.packageLogs()) {
            if (to.packageKey(log).isEmpty()) {
                to.addPackageKey(log, from.packageKey(log).orElseThrow());
            }
        }
    }
}
