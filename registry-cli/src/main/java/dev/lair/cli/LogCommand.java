package dev.lair.cli;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackagePermission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair log}: what happened to a package, from its verified log. */
@Command(name = "log", description = "Show the log of a package, verified: who signed what, and when.")
@SuppressWarnings("NullAway.Init")
final class LogCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(index = "0", paramLabel = "NS:NAME", description = "The package.")
    private PackageName name;

    @Override
    public Integer call() throws Fault {
        Console console = lair.console();
        try (RegistryClient client = lair.client()) {
            VerifiedView view = lair.trust(client).verify(Set.of(name));
            VerifiedLog log = view.require(name);
            log.records().forEach(logged -> print(console, logged));
            console.result(Counted.of(log.records().size(), "record") + " of " + name + ", verified at a checkpoint of "
                    + view.size());
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("package", name.toString());
            members.put("registry", view.registry());
            members.put("checkpointSize", view.size());
            members.put(
                    "records", log.records().stream().map(LogCommand::members).toList());
            console.json(members);
        }
        return 0;
    }

    private static void print(Console console, VerifiedLog.Logged logged) {
        console.result(
                "leaf " + logged.leafIndex() + "  " + logged.record().contents().time());
        console.result("  record " + logged.record().id());
        console.result("  key    " + logged.record().envelope().keyId());
        for (PackageEntry entry : logged.record().contents().entries()) {
            console.result("  " + words(entry));
        }
    }

    private static Map<String, Object> members(VerifiedLog.Logged logged) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("leafIndex", logged.leafIndex());
        members.put("time", logged.record().contents().time().toString());
        members.put("recordId", logged.record().id().toString());
        members.put("keyId", logged.record().envelope().keyId().toString());
        members.put(
                "entries",
                logged.record().contents().entries().stream()
                        .map(LogCommand::words)
                        .toList());
        return members;
    }

    /** An entry as a sentence. */
    static String words(PackageEntry entry) {
        return switch (entry) {
            case PackageEntry.Init init -> "starts the log; key " + init.key().keyId() + " owns it";
            case PackageEntry.Grant grant -> "lets key " + grant.key().keyId() + " " + words(grant.permissions());
            case PackageEntry.Revoke revoke ->
                "no longer lets key " + revoke.keyId() + " " + words(revoke.permissions());
            case PackageEntry.Release release -> "releases " + release.version() + " with content " + release.content();
            case PackageEntry.Yank yank -> "yanks " + yank.version();
        };
    }

    private static String words(List<PackagePermission> permissions) {
        return permissions.isEmpty()
                ? "do nothing"
                : permissions.stream().map(PackagePermission::label).collect(Collectors.joining(" and "));
    }
}
