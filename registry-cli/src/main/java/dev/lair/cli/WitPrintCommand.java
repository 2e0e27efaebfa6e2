package dev.lair.cli;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.print.WitPrinter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair wit print}: one stable text for whatever has WIT. */
@Command(
        name = "print",
        description = {
            "Print the WIT of a package, a component or texts.",
            "The form is stable: equal packages print equally, and what is printed reads back as the same package."
                    + " A component is shown as the world `root` of the package `root:component`."
        })
@SuppressWarnings("NullAway.Init")
final class WitPrintCommand implements Callable<Integer> {

    @ParentCommand
    private WitCommand parent;

    @Parameters(
            index = "0",
            paramLabel = "FILE|DIR",
            description = "A WIT package, a component, a text or a folder of texts.")
    private Path path;

    @Option(
            names = "--no-deps",
            description = "Print the package alone; by default the packages that it uses follow, nested.")
    private boolean alone;

    @Mixin
    private WitFeatures features;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        Resolved resolved = new WitFiles(lair.environment().workingDirectory(), features.features()).load(path);
        String text = alone ? WitPrinter.print(resolved, resolved.main()) : WitPrinter.print(resolved);
        String printed = text.endsWith("\n") ? text : text + "\n";
        lair.console().text(printed);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", resolved.main().name().toString());
        members.put("wit", printed);
        lair.console().json(members);
        return 0;
    }
}
