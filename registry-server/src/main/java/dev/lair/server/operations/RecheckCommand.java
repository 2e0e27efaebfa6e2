package dev.lair.server.operations;

import dev.lair.server.gate.Recheck;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what today's validator thinks of what was released under an older one. */
@Command(
        name = "recheck",
        description = "Runs the present validator and policies over every stored release, and compares with the verdict"
                + " that was kept when it was published.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "Reads only; nothing that is stored is altered. A data folder must not be in use; a database may be.",
            "Exit codes: 0 every verdict is the same, 1 could not be checked, 4 some verdict differs."
        })
final class RecheckCommand implements Callable<Integer> {

    @CommandLine.Mixin
    private RegistryOptions registry;

    @Option(names = "--all", description = "show releases whose verdict is the same, too")
    private boolean all;

    @Option(names = "--json", description = "one JSON object for each release, on a line of its own")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    RecheckCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (StoredRegistry stored = StoredRegistry.openExisting(registry.settings())) {
            Recheck.Counts counts = Recheck.run(stored.opened().storage(), stored.settings(), line -> show(out, line));
            if (!json) {
                out.println("rechecked " + counts.releases() + " releases: " + counts.differing() + " differ, "
                        + counts.unstored() + " had no verdict kept");
            }
            return counts.differing() == 0 ? 0 : FsckCommand.DIFFERENCE;
        }
    }

    private void show(PrintWriter out, Recheck.Line line) {
        if (json) {
            out.println(new String(line.json(), StandardCharsets.UTF_8));
        } else if (all || line.differs()) {
            out.println(line.text());
        }
    }
}
