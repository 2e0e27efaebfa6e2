package dev.lair.cli;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.BinaryFile;
import dev.lair.cli.wit.FactsReport;
import dev.lair.cli.wit.Inspection;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.Validity;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.facts.FactsOf;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair inspect}: what there is to know about a local binary. */
@Command(
        name = "inspect",
        description = {
            "Show what a WebAssembly binary is, asks for and contains.",
            "Kind, verdict, digest, metadata and producers; worlds, imports, exports and the packages that they are of;"
                    + " what the imports ask of a host; embedded core modules and components with their digests; the"
                    + " WIT. An invalid binary is shown as far as it can be read, and ends the command with 9."
        })
@SuppressWarnings("NullAway.Init")
final class InspectCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(index = "0", paramLabel = "FILE", description = "A binary of at most 100 MiB.")
    private Path file;

    @Option(names = "--no-wit", description = "Leave the WIT out.")
    private boolean noWit;

    @Mixin
    private FeatureSwitches switches;

    @Override
    public Integer call() throws Fault {
        Inspection inspection = Inspection.of(BinaryFile.map(lair.path(file), file), switches.features());
        BinaryFacts facts = inspection.facts();
        lair.console().text(FactsReport.text(facts, !noWit));
        if (lair.console().isJson()) {
            ContentFacts content = FactsOf.of(facts, switches.features(), noWit ? null : inspection.wit());
            lair.console().json(FactsReport.members(file, facts, content));
        }
        return facts.validity() instanceof Validity.Invalid ? ExitCode.INVALID.number() : 0;
    }
}
