package dev.lair.server.operations;

import dev.lair.server.ledger.LogIdentity;
import dev.lair.server.settings.OpenedStorage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
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
        versionProvider = ServerVersion.class)
final class RestoreCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "data folder (default: lair-data)")
    private @Nullable Path data;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any setting; may be given again")
    private Map<String, String> settings = Map.of();

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
        try (ConfigurableApplicationContext context = StorageApplication.openExisting(data, settings)) {
            OpenedStorage opened = context.getBean(OpenedStorage.class);
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
