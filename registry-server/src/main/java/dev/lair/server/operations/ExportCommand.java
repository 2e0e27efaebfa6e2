package dev.lair.server.operations;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.tree.TreeExport;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.storage.embedded.FolderTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the static tree into a folder, for a web server that answers without us. */
@Command(
        name = "export",
        description = {
            "Writes the static tree into a folder, byte for byte as the server answers it: all that a pull or a",
            "verification needs. Into the same folder again it writes what is new."
        },
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "May be broken off and run again at any time: every line in the folder leads to files that are there.",
            "A data folder must not be in use; a database may be. lair.public-url must be set: config.json names it.",
            "Exit codes: 0 written, 1 not written, 4 releases whose content is lost are left out (run fsck)."
        })
final class ExportCommand implements Callable<Integer> {

    @CommandLine.Mixin
    private RegistryOptions registry;

    @Parameters(paramLabel = "DIR", description = "folder that is to hold the tree; it may be there or not")
    private Path folder;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    ExportCommand() {}

    @Override
    public Integer call() throws Exception {
        Map<String, String> given = registry.settings();
        LairSettings settings = StoredRegistry.settings(given);
        StoredRegistry.requireRegistry(settings);
        if (settings.publicUrl() == null) {
            throw new IOException(
                    "the tree says in config.json where the registry is: name the URL that it is, or will be,"
                            + " reached at with --set lair.public-url=…");
        }
        if (settings.storage() == StorageKind.EMBEDDED && EmbeddedStorage.isInUse(settings.data())) {
            throw new IOException("`" + settings.data().toAbsolutePath()
                    + "` is in use: stop its server, or export a copy that `lair backup` made");
        }
        if (settings.storage() == StorageKind.POSTGRES) {
            // Before the ledger starts on it: that would begin a registry in an empty database.
            StoredRegistry.openExisting(given).close();
        }
        try (ConfigurableApplicationContext context = StoredRegistry.start(ExportApplication.class, given)) {
            TreeExport.Counts counts = context.getBean(TreeExport.class).run(FolderTree.open(folder));
            spec.commandLine()
                    .getOut()
                    .println("exported into " + folder + ": " + counts.written() + " files written, " + counts.kept()
                            + " unchanged" + (counts.lost() == 0 ? "" : ", " + counts.lost() + " releases left out"));
            return counts.lost() == 0 ? 0 : FsckCommand.DIFFERENCE;
        }
    }
}
