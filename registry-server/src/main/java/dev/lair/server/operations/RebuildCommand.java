package dev.lair.server.operations;

import dev.lair.server.ledger.LedgerException;
import dev.lair.server.operations.DerivedState.Derived;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Makes everything again that follows from the signed records. */
@Command(
        name = "rebuild",
        description =
                "Derives again what follows from signed records and contents: the index of entries, snapshots of the"
                        + " map, the facts of releases, the catalog, the search index.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "Changes nothing that was signed or uploaded, and may be broken off and run again at any time.",
            "A data folder must not be in use; a database may be.",
            "Exit codes: 0 rebuilt, 1 could not be rebuilt, 4 the records do not lead to what was committed (run fsck)."
        })
final class RebuildCommand implements Callable<Integer> {

    @CommandLine.Mixin
    private RegistryOptions registry;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    RebuildCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (StoredRegistry stored = StoredRegistry.openExisting(registry.settings())) {
            for (Derived derived : DerivedState.ALL) {
                out.println("rebuilt " + derived.name() + ": "
                        + derived.rebuild().run(stored.opened().storage(), stored.settings()));
            }
            return 0;
        } catch (LedgerException.Corrupt e) {
            spec.commandLine().getErr().println("difference: " + e.getMessage());
            return FsckCommand.DIFFERENCE;
        }
    }
}
