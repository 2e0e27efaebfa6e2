package dev.lair.cli;

import dev.lair.cli.deps.Dependencies;
import dev.lair.cli.deps.Lockfile;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What {@code lair wit fetch} and {@code lair wit update} share: the folder, the registry, and what they tell. */
@SuppressWarnings("NullAway.Init")
abstract class DependenciesCommand implements Callable<Integer> {

    @ParentCommand
    private WitCommand parent;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = "wit",
            description = "The folder of the .wit files. Default: wit")
    private Path folder;

    @Mixin
    private ReadOptions reading;

    /** {@code lair wit fetch}. */
    @Command(
            name = "fetch",
            description = {
                "Fetch the packages that WIT texts name into DIR/deps.",
                "Each package that the texts in DIR name, and each that those need, is taken from the registry,"
                        + " verified as `lair pull` does it, and written to DIR/deps as text. DIR/lair.lock keeps version"
                        + " and digest of each: where it is there, exactly that is fetched, or nothing. Without it, a"
                        + " wkg.lock in DIR or beside it decides for what it names. A version that a text names is that"
                        + " release; where it names none, the highest one is taken. Of a package that only another one"
                        + " needs and the registry does not have, the part is taken that the other one carries. What"
                        + " others put into DIR/deps stays, and is not fetched."
            })
    static final class Fetch extends DependenciesCommand {
        @Override
        Dependencies.Outcome run(Dependencies dependencies, VerifiedReleases releases) throws Fault, IOException {
            return dependencies.fetch(releases);
        }

        @Override
        boolean tellsNewer() {
            return false;
        }
    }

    /** {@code lair wit update}. */
    @Command(
            name = "update",
            description = {
                "Fetch what WIT texts name now, and write the lock anew.",
                "As `lair wit fetch` without a lock. Tells which of the versions that the texts name have a later"
                        + " release on their version track."
            })
    static final class Update extends DependenciesCommand {
        @Override
        Dependencies.Outcome run(Dependencies dependencies, VerifiedReleases releases) throws Fault, IOException {
            return dependencies.update(releases);
        }

        @Override
        boolean tellsNewer() {
            return true;
        }
    }

    abstract Dependencies.Outcome run(Dependencies dependencies, VerifiedReleases releases) throws Fault, IOException;

    /** Whether people hear of later releases: who updates has come for that, a build has not. */
    abstract boolean tellsNewer();

    @Override
    public final Integer call() throws Fault, IOException {
        Lair lair = parent.lair();
        Dependencies dependencies = new Dependencies(lair.environment().workingDirectory(), folder, lair.console());
        try (VerifiedReleases releases = reading.open(lair)) {
            print(lair.console(), run(dependencies, releases));
        }
        return 0;
    }

    private void print(Console console, Dependencies.Outcome outcome) {
        outcome.packages().forEach(each -> print(console, each));
        outcome.present().forEach(file -> console.result("present    " + file + ", not from the registry"));
        outcome.removed().forEach(file -> console.result("removed    " + file));
        if (outcome.packages().isEmpty()) {
            console.result("nothing to fetch: the texts in " + folder + " name no package that is not there");
        }
        outcome.lock().ifPresent(file -> console.result("lock       " + file));
        outcome.view()
                .ifPresent(view -> console.result("checkpoint " + Counted.of(view.size(), "record") + ", verified"));
        console.json(members(outcome));
    }

    private void print(Console console, Dependencies.Fetched each) {
        Lockfile.Entry release = each.release();
        if (release == null) {
            console.result("carried    " + each.name() + " into " + each.file() + ": what " + each.by()
                    + " uses of it; the registry does not have it");
            return;
        }
        console.result("fetched    " + release.name() + " " + release.version() + " into " + each.file());
        if (tellsNewer() && each.newest() != null && !each.namedAt().isEmpty()) {
            console.result("newer      " + release.name() + " " + each.newest() + " is there; " + each.namedAt()
                    + " names " + release.version());
        }
    }

    private static Map<String, Object> members(Dependencies.Outcome outcome) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(
                "packages",
                outcome.packages().stream().map(DependenciesCommand::members).toList());
        members.put("present", outcome.present().stream().map(Path::toString).toList());
        members.put("removed", outcome.removed().stream().map(Path::toString).toList());
        outcome.lock().ifPresent(file -> members.put("lock", file.toString()));
        outcome.view().ifPresent(view -> {
            members.put("checkpointSize", view.size());
            members.put("registry", view.registry());
        });
        return members;
    }

    private static Map<String, Object> members(Dependencies.Fetched each) {
        Map<String, Object> members = new LinkedHashMap<>();
        Lockfile.Entry release = each.release();
        members.put("package", each.name().namespace() + ":" + each.name().name());
        if (release == null) {
            members.put("carriedBy", each.by().replace("`", ""));
        } else {
            members.put("version", release.version().toString());
            members.put("digest", release.digest().toString());
        }
        members.put("file", each.file().toString());
        if (each.newest() != null) {
            members.put("newest", each.newest().toString());
        }
        return members;
    }
}
