package dev.lair.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair wit}: WIT texts and packages on this machine. */
@Command(
        name = "wit",
        description = "Check, build, print and compare WIT, and fetch what it depends on.",
        subcommands = {
            WitCheckCommand.class,
            WitBuildCommand.class,
            WitPrintCommand.class,
            WitDiffCommand.class,
            DependenciesCommand.Fetch.class,
            DependenciesCommand.Update.class
        })
@SuppressWarnings("NullAway.Init")
final class WitCommand {

    @ParentCommand
    private Lair lair;

    Lair lair() {
        return lair;
    }
}
