package dev.lair.server.operations;

import dev.lair.server.ledger.LogIdentity;
import dev.lair.server.settings.OpenedStorage;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets a registry go on from an older state of its storage, under new log names. */
@Command(
        name = "restore",
        description = {
            "Lets a registry go on whose storage was put back to an older state.",
            "What was published behind that state is lost, and every client that saw it will say so. The logs go on under"
                    + " new names and keys, because under the old ones they would tell a second history."
        },
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "The registry must be stopped, over a database all of its nodes: one that runs would go on signing under the",
            "old names.",
            "Exit codes: 0 done, 1 could not be done, 2 not asked for by --accept-fork."
        })
final class RestoreCommand implements Callable<Integer> {

    @CommandLine.Mixin
    private RegistryOptions registry;

    @Option(
            names = "--accept-fork",
            required = true,
            description = "yes, what is not in this storage is lost, and clients will notice")
    private boolean acceptFork;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    RestoreCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (StoredRegistry stored = StoredRegistry.openExisting(registry.settings())) {
            OpenedStorage opened = stored.opened();
            LogIdentity.fork(opened.keys(), new SecureRandom());
            LogIdentity now = LogIdentity.find(opened.keys()).orElseThrow();
            out.println(
                    "the logs go on from " + opened.storage().ledger().state().treeSize() + " leaves as generation "
                            + now.generation() + ", named " + now.origin());
            out.println("tell your users: lair registry forget, and give witnesses and monitors the new keys");
            return 0;
        }
    }
}
