package dev.lair.cli;

import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair wit check}: do these texts make sense? */
@Command(
        name = "check",
        description = {
            "Check WIT texts: syntax, names, uses and feature gates.",
            "DIR is a folder of .wit files; dependencies lie in DIR/deps, each as a file, a folder or a package binary."
                    + " An error shows its line with a caret."
        })
@SuppressWarnings("NullAway.Init")
final class WitCheckCommand implements Callable<Integer> {

    @ParentCommand
    private WitCommand parent;

    @Parameters(index = "0", paramLabel = "DIR|FILE", description = "The texts of one package.")
    private Path path;

    @Mixin
    private WitFeatures features;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        Resolved resolved = new WitFiles(lair.environment().workingDirectory(), features.features()).resolve(path);
        try {
            WitEncoder.encode(resolved, new EncodeOptions(true, "lair", Lair.Version.ofBuild()));
        } catch (WitException refused) {
            lair.console().warn("the text is WIT, but has no binary form: " + refused.getMessage());
        }
        WitPackage main = resolved.main();
        int dependencies = resolved.packages().size() - 1;
        lair.console()
                .result("valid      " + main.name() + ": "
                        + Counted.of(main.interfaces().size(), "interface") + ", "
                        + Counted.of(main.worlds().size(), "world") + ", "
                        + Counted.of(dependencies, "other package"));
        lair.console().json(members(resolved, main));
        return 0;
    }

    private static Map<String, Object> members(Resolved resolved, WitPackage main) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("valid", true);
        members.put("package", main.name().toString());
        members.put(
                "interfaces",
                main.interfaces().stream()
                        .map(each -> ((Owner.InterfaceId) each.id()).name())
                        .toList());
        members.put("worlds", main.worlds().stream().map(WitWorld::name).toList());
        List<String> others = resolved.packages().stream()
                .filter(each -> !each.name().equals(main.name()))
                .map(each -> each.name().toString())
                .toList();
        members.put("otherPackages", others);
        return members;
    }
}
