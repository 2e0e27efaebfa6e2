package dev.lair.server.operations;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.MasterKeySource;
import dev.lair.server.settings.NewMasterKey;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.server.settings.RegistryKeyStore;
import dev.lair.signing.WrongMasterKeyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Seals the registry's keys anew under another master key: {@link RegistryKeyStore#rotate}. */
@Command(
        name = "rekey",
        description = {
            "Seals every private key of the registry anew, so that another master key opens them and the old one none.",
            "The keys themselves stay: no log, client or witness notices."
        },
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "The new master key comes from --new-master-key, $LAIR_NEW_MASTER_KEY or --new-master-key-command. Without any of",
            "them, and where the present one is master.key in the data folder, a new one is made there and takes its name.",
            "A data folder's server must be stopped. Nodes on a database may run: each goes on with the keys that it holds, and",
            "signs for no package until it is started again with the new master key.",
            "Broken off, it is finished by running it again, or by the next start with the new master key.",
            "Exit codes: 0 done, 1 could not be done, 2 wrong usage."
        })
final class RekeyCommand implements Callable<Integer> {

    @CommandLine.Mixin
    private RegistryOptions registry;

    @Option(
            names = "--new-master-key",
            paramLabel = "FILE",
            description = "the new master key, 32 raw bytes; made when it is not there")
    private @Nullable Path newMasterKey;

    @Option(
            names = "--new-master-key-command",
            paramLabel = "PROGRAM[,ARG...]",
            split = ",",
            description = "prints the new master key as text; run without a shell")
    private List<String> newCommand = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    RekeyCommand() {}

    @Override
    public Integer call() throws IOException {
        LairSettings settings = StoredRegistry.settings(registry.settings());
        StoredRegistry.requireRegistry(settings);
        MasterKeySource present = MasterKeySource.of(settings);
        MasterKeySource named = NewMasterKey.named(present, absolute(newMasterKey), newCommand, System.getenv());
        SecureRandom random = new SecureRandom();
        PrintWriter out = spec.commandLine().getOut();
        try (OpenedStorage opened = OpenedStorage.openExisting(settings, present, random, Clock.systemUTC())) {
            int keys = RegistryKeyStore.rotate(opened.keys(), present, named, random);
            out.println("sealed " + keys + " keys anew; they are opened by the new master key alone");
        } catch (WrongMasterKeyException e) {
            finishStopped(settings, named, random, e);
            out.println("the keys are opened by the new master key already; nothing of an earlier run is left to do");
        }
        tellWhatIsLeft(settings, present, named);
        return 0;
    }

    /** The present key does not open the store. If the new one does, an earlier run got that far, and opening ends it. */
    private static void finishStopped(
            LairSettings settings, @Nullable MasterKeySource named, SecureRandom random, WrongMasterKeyException wrong)
            throws IOException {
        if (named == null) {
            throw wrong;
        }
        try {
            OpenedStorage.openExisting(settings, named, random, Clock.systemUTC())
                    .close();
        } catch (IOException neither) {
            // As the file of a new key that is not there.
            wrong.addSuppressed(neither);
            throw wrong;
        }
    }

    private void tellWhatIsLeft(LairSettings settings, MasterKeySource present, @Nullable MasterKeySource named) {
        PrintWriter out = spec.commandLine().getOut();
        if (named == null) {
            out.println("the new master key is in " + present.describe() + ", where the old one was");
        } else {
            out.println("in the registry's settings name " + named.describe()
                    + (named instanceof MasterKeySource.InVariable
                            ? " (there as " + MasterKeySource.VARIABLE + ")"
                            : "")
                    + " in place of " + present.describe());
        }
        if (settings.storage() == StorageKind.POSTGRES) {
            out.println("start every node again with it: until then a node signs for no package");
        }
        out.println(
                "copies of before, backups too, are opened by the old master key: keep it for them, or destroy both");
    }

    private static @Nullable Path absolute(@Nullable Path file) {
        return file == null ? null : file.toAbsolutePath();
    }
}
