package dev.lair.cli;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.monitor.Contradiction;
import dev.lair.cli.monitor.Event;
import dev.lair.cli.monitor.FindingFolder;
import dev.lair.cli.monitor.Monitor;
import dev.lair.cli.monitor.MonitorFolder;
import dev.lair.cli.monitor.MonitorLimits;
import dev.lair.cli.monitor.Owner;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Span;
import dev.lair.cli.trust.CheckpointMemory;
import dev.lair.cli.trust.Remembered;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lair monitor}: follows a registry and checks everything that it publishes. */
@Command(
        name = "monitor",
        description = {
            "Follow a registry and check every record that it publishes.",
            "Recomputes its log and map, replays the log of every package, and compares that with all that the registry"
                    + " signed. How far it got is kept in $$LAIR_HOME: the next run goes on there. What contradicts the registry"
                    + " is kept as evidence, and ends the command with exit code 3.",
            "With --json, one object a line."
        })
@SuppressWarnings("NullAway.Init")
final class MonitorCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Option(
            names = "--owner",
            paramLabel = "OWNER",
            description = "Report what this owner should know: a key id, a namespace or a package. Repeatable.")
    private List<Owner> owners = List.of();

    @ArgGroup
    private @Nullable Mode mode;

    /** How often. */
    static final class Mode {
        @Option(names = "--once", description = "Check what is new and end. This is the default.")
        boolean once;

        @Option(
                names = "--every",
                paramLabel = "TIME",
                description = "Go on for ever, with so much time between: " + Span.SYNTAX)
        @Nullable
        Duration every;
    }

    @Mixin
    private PolicyOption policy;

    @Option(
            names = "--findings",
            paramLabel = "DIR",
            description = "Where evidence of contradictions is kept. Default: in $$LAIR_HOME")
    private @Nullable Path findings;

    @Option(
            names = "--restart",
            description = "Forget how far the registry was checked, and begin with its first record.")
    private boolean restart;

    @Override
    public Integer call() throws Fault {
        RegistryUrl registry = lair.registry();
        Path home = CheckpointMemory.folderOf(lair.registries(), registry.toString());
        FindingFolder kept = new FindingFolder(findings == null ? home.resolve("findings") : lair.path(findings));
        try (RegistryClient client = lair.client();
                MonitorFolder folder = MonitorFolder.open(registry.toString(), home.resolve("monitor"))) {
            if (restart) {
                folder.clear();
            }
            return follow(client, folder, kept);
        }
    }

    private Integer follow(RegistryClient client, MonitorFolder folder, FindingFolder kept) throws Fault {
        Duration every = mode == null ? null : mode.every;
        Monitor monitor = new Monitor(
                client,
                folder,
                policy.demand(lair, client.registry()),
                lair.memory(client.registry()).read().map(Remembered::operatorInit),
                owners,
                MonitorLimits.ofProcess(),
                lair.environment().clock(),
                lair.environment().pace(),
                lair.console(),
                this::tell);
        while (true) {
            int ended = round(monitor, client.registry(), kept, every == null);
            if (every == null) {
                return ended;
            }
            lair.environment().pace().pause(every);
            if (Thread.currentThread().isInterrupted()) {
                return ended;
            }
        }
    }

    /** One round; how the command would end after it. */
    private int round(Monitor monitor, RegistryUrl registry, FindingFolder kept, boolean once) throws Fault {
        try {
            tell(registry, monitor.round());
            return ExitCode.OK.number();
        } catch (Contradiction e) {
            throw found(e, registry, kept);
        } catch (Fault e) {
            if (once || e.code() == ExitCode.LOCAL) {
                throw e;
            }
            // The registry may be better next time; the cursor stays where it is.
            lair.console().fault(e);
            return e.code().number();
        }
    }

    private Fault found(Contradiction found, RegistryUrl registry, FindingFolder kept) {
        Instant now = lair.environment().clock().instant();
        String where;
        try {
            where = "the evidence is in `" + kept.keep(found, registry.toString(), now) + "`";
        } catch (IOException e) {
            where = "the evidence could not be kept: " + e;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("event", "contradiction");
        members.put("registry", registry.toString());
        members.put("kind", found.kind().label());
        members.put("what", found.text());
        found.leafIndex().ifPresent(index -> members.put("leafIndex", index));
        lair.console().json(members);
        return ExitCode.UNVERIFIED.fault(
                found.kind().label() + ": " + found.text() + "; " + where + ". Ask the operator of " + registry
                        + " what happened, and show others the evidence",
                found);
    }

    private void tell(RegistryUrl registry, Monitor.Checked checked) {
        Console console = lair.console();
        console.result("checked  " + Counted.of(checked.size(), "record") + " of " + registry + ", "
                + (checked.records() == 0 ? "none" : checked.records()) + " new; "
                + Counted.of(checked.claims(), "claim") + " of its evidence log compared");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("event", "checked");
        members.put("registry", registry.toString());
        members.put("time", lair.environment().clock().instant().toString());
        members.put("size", checked.size());
        members.put("newRecords", checked.records());
        members.put("logRoot", checked.logRoot().toString());
        members.put("mapRoot", checked.mapRoot().toString());
        members.put("evidenceSize", checked.evidenceSize());
        members.put("claimsCompared", checked.claims());
        console.json(members);
    }

    private void tell(Event event) {
        Console console = lair.console();
        console.result(event.kind() + "  " + event.log() + ": " + event.text() + " (leaf " + event.leafIndex() + ", "
                + event.time() + ", signed by key " + event.signer() + ", for "
                + String.join(", ", owners(event)) + ")");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("event", event.kind());
        members.put("owners", owners(event));
        members.put("log", event.log());
        members.put("leafIndex", event.leafIndex());
        members.put("time", event.time().toString());
        members.put("recordId", event.record().toString());
        members.put("signer", event.signer().toString());
        members.putAll(event.details());
        console.json(members);
    }

    private static List<String> owners(Event event) {
        return event.owners().stream().map(Owner::toString).toList();
    }
}
