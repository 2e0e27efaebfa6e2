package dev.lair.cli;

import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitDifference;
import dev.lair.cli.wit.WitDifference.Item;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.Resolved;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair wit diff}: what changed, item by item. */
@Command(
        name = "diff",
        description = {
            "Show how two WIT packages or components differ.",
            "Interfaces and worlds are compared one by one in their printed form, so that order of items, spaces and"
                    + " files do not count; each may be a binary, a text or a folder of texts."
        })
@SuppressWarnings("NullAway.Init")
final class WitDiffCommand implements Callable<Integer> {

    @ParentCommand
    private WitCommand parent;

    @Parameters(index = "0", paramLabel = "OLD", description = "A WIT package, a component or texts.")
    private Path old;

    @Parameters(index = "1", paramLabel = "NEW", description = "The other one.")
    private Path current;

    @Option(names = "--exit-code", description = "End with 9 when they differ.")
    private boolean exitCode;

    @Mixin
    private WitFeatures features;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        Path base = lair.environment().workingDirectory();
        Resolved before = new WitFiles(base, features.features()).load(old);
        Resolved after = new WitFiles(base, features.features()).load(current);
        List<Item> items = WitDifference.between(before, after);
        print(lair.console(), items);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("equal", items.isEmpty());
        members.put("old", before.main().name().toString());
        members.put("new", after.main().name().toString());
        members.put("items", items.stream().map(WitDiffCommand::members).toList());
        lair.console().json(members);
        return exitCode && !items.isEmpty() ? ExitCode.INVALID.number() : 0;
    }

    private void print(Console console, List<Item> items) {
        if (items.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("--- " + old + "\n+++ " + current + "\n");
        for (Item item : items) {
            text.append("@@ ")
                    .append(item.name())
                    .append(": ")
                    .append(label(item))
                    .append(" @@\n");
            item.lines().forEach(line -> text.append(line.stripTrailing()).append('\n'));
        }
        console.text(text.toString());
    }

    private static Map<String, Object> members(Item item) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("item", item.name());
        members.put("change", label(item));
        members.put("lines", item.lines());
        return members;
    }

    private static String label(Item item) {
        return item.change().name().toLowerCase(Locale.ROOT);
    }
}
