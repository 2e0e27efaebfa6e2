package dev.lair.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair key}: the author's keys. */
@Command(
        name = "key",
        description = "Make and list the keys that sign your releases.",
        subcommands = {KeyNewCommand.class, KeyListCommand.class, KeyGrantRegistryCommand.class})
@SuppressWarnings("NullAway.Init")
final class KeyCommand {

    @ParentCommand
    private Lair lair;

    Lair lair() {
        return lair;
    }
}
