package dev.lair.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair registry}: what is remembered and demanded of registries. */
@Command(
        name = "registry",
        description = "Manage what is remembered and demanded of registries.",
        subcommands = {RegistryPolicyCommand.class, RegistryTrustCommand.class, RegistryForgetCommand.class})
@SuppressWarnings("NullAway.Init")
final class RegistryCommand {

    @ParentCommand
    private Lair lair;

    Lair lair() {
        return lair;
    }
}
