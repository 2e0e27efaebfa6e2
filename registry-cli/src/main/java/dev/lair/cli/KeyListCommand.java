package dev.lair.cli;

import dev.lair.cli.author.AuthorKeys.Listed;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair key list}: the author's keys. */
@Command(name = "list", description = "List your keys. Needs no passphrase.")
@SuppressWarnings("NullAway.Init")
final class KeyListCommand implements Callable<Integer> {

    @ParentCommand
    private KeyCommand parent;

    @Override
    public Integer call() throws Fault {
        Console console = parent.lair().console();
        List<Listed> keys = parent.lair().keys().list();
        for (Listed key : keys) {
            String state = key.sealed() ? "sealed" : "plain";
            if (key.publicKey() == null) {
                console.warn("key `" + key.name() + "` cannot be used: " + key.problem());
            } else {
                console.result(String.format(
                        "%-16s %-6s %s", key.name(), state, key.publicKey().keyId()));
            }
        }
        if (keys.isEmpty()) {
            console.result("no keys yet; make one with: lair key new");
        }
        console.json(Map.of("keys", keys.stream().map(KeyNewCommand::members).toList()));
        return 0;
    }
}
