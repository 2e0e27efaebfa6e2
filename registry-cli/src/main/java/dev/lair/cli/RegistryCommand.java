package dev.lair.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair registry}: what is remembered about registries. */
@Command(
        name = "registry",
        description = "Manage what is remembered about registries.",
        subcommands = RegistryForgetCommand.class)
@SuppressWarnings("NullAway.Init")
final class RegistryCommand {

    @ParentCommand
    private Lair lair;

    Lair lair() {
        return lair;
    }
}
