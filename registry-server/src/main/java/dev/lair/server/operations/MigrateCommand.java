package dev.lair.server.operations;

import dev.lair.server.ledger.LedgerCopy;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.signing.KeyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
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
        POSTGRES
    }

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "the registry's data folder")
    private Path data = Path.of("lair-data");

    @Option(names = "--to", paramLabel = "KIND", required = true, description = "postgres")
    private Target target = Target.POSTGRES;

    @Option(
            names = "--target-data",
            paramLabel = "DIR",
            description = "data folder of the new nodes: scratch space, and contents when there is no bucket"
                    + " (default: the old folder with -migrated behind it)")
    private Path targetData = Path.of("");

    @Option(
            names = "--master-key",
            paramLabel = "FILE",
            description = "opens the keys, here and in the database (default: master.key in the data folder)")
    private Path masterKey = Path.of("");

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any setting of the target; may be given again")
    private Map<String, String> settings = Map.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    MigrateCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path master = masterKey.toString().isEmpty() ? data.resolve("master.key") : masterKey;
        Path newData =
                targetData.toString().isEmpty() ? data.resolveSibling(data.getFileName() + "-migrated") : targetData;
        Map<String, String> source = new HashMap<>();
        source.put("lair.storage", "embedded");
        source.put("lair.master-key-file", master.toAbsolutePath().toString());
        Map<String, String> goal = new HashMap<>(settings);
        goal.put("lair.storage", target.name());
        goal.put("lair.master-key-file", master.toAbsolutePath().toString());
        try (ConfigurableApplicationContext old = StorageApplication.openExisting(data, source);
                ConfigurableApplicationContext fresh = StorageApplication.open(newData, goal)) {
            OpenedStorage from = old.getBean(OpenedStorage.class);
            OpenedStorage to = fresh.getBean(OpenedStorage.class);
            LedgerCopy.run(from.storage(), to.storage(), out::println);
            copyKeys(from.keys(), to.keys());
            Files.writeString(
                    data.resolve(OpenedStorage.MOVED),
                    "This registry was moved. Started from here it would tell a second history of the same log.\n");
            out.println("moved " + to.storage().ledger().state() + "; the old folder does not start any more");
            return 0;
        }
    }

    /** Opened and sealed anew: each store has a key of its own. */
    private static void copyKeys(KeyStore from, KeyStore to) throws IOException {
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
        if (!to.listNoteKeys().stream()
                .map(KeyStore.NoteEntry::key)
                .toList()
                .equals(from.listNoteKeys().stream()
                        .map(KeyStore.NoteEntry::key)
                        .toList())) {
            throw new IOException("the target holds keys of another registry");
        }
    }
}
