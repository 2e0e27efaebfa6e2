package dev.lair.server.operations;

import dev.lair.server.ledger.LedgerCheck;
import dev.lair.server.ledger.LogIdentity;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.signing.EcdsaP256;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Derives every hash and verdict again from the stored records and contents. */
@Command(
        name = "fsck",
        description =
                "Derives everything again from the stored records and contents, and reports the first difference.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "Reads only. A data folder must not be in use; a database may be.",
            "Exit codes: 0 all is as it should be, 1 could not be checked, 4 a difference was found."
        })
final class FsckCommand implements Callable<Integer> {

    static final int DIFFERENCE = 4;

    @CommandLine.Mixin
    private RegistryOptions registry;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    FsckCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (StoredRegistry stored = StoredRegistry.openExisting(registry.settings())) {
            OpenedStorage opened = stored.opened();
            Optional<LogIdentity> identity = LogIdentity.find(opened.keys());
            if (identity.isEmpty()) {
                throw new IllegalStateException("the key store has no log keys: no registry has run here yet");
            }
            LedgerCheck.Passed passed = LedgerCheck.run(opened.storage(), identity.get(), EcdsaP256.INSTANCE);
            out.println("checked " + passed.leaves() + " leaves of " + passed.packages() + " packages, "
                    + passed.checkpoints() + " checkpoints, " + passed.contentBytes() + " bytes of contents, "
                    + passed.evidenceEntries() + " evidence entries, " + passed.archivedObjects()
                    + " archived tiles and bundles: no difference");
            return 0;
        } catch (LedgerCheck.Difference e) {
            spec.commandLine().getErr().println("difference: " + e.getMessage());
            return DIFFERENCE;
        }
    }
}
