package dev.lair.cli;

import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.Comparand;
import dev.lair.cli.wit.CompatReport;
import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.IncomparableException;
import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair compat}: may the new version be released on the track of the old one? */
@Command(
        name = "compat",
        description = {
            "Say whether a new version breaks who relies on the old one.",
            "Each of the two is a WIT text, a folder of texts, a binary, or a release as `lair pull` takes it"
                    + " (NS:NAME@RANGE), which is downloaded and verified. Each difference is shown with its place in"
                    + " both texts and with whom it breaks: consumers, who call an interface or run a component, or"
                    + " implementers, who provide one. Places in a binary are lines of what `lair wit print` shows of"
                    + " it. A new version that breaks somebody on the version track of the old one ends the command"
                    + " with 9."
        })
@SuppressWarnings("NullAway.Init")
final class CompatCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(index = "0", paramLabel = "OLD", description = "What people rely on.")
    private String old;

    @Parameters(index = "1", paramLabel = "NEW", description = "What is to take its place.")
    private String current;

    @Option(
            names = "--new-version",
            paramLabel = "VERSION",
            description = "The version under which a component is to be released; WIT says its own, and without one"
                    + " the rules of a track are applied.")
    private @Nullable SemVer newVersion;

    @Mixin
    private WitFeatures features;

    @Mixin
    private ReadOptions reading;

    @Override
    public Integer call() throws Fault, IOException {
        Comparand before = load(old, null);
        Comparand after = load(current, newVersion);
        Compatibility verdict;
        try {
            verdict = Comparand.compare(before, after);
        } catch (IncomparableException e) {
            throw ExitCode.LOCAL.fault("`" + old + "` and `" + current + "` cannot be compared: " + e.getMessage(), e);
        }
        Console console = lair.console();
        console.text(CompatReport.text(verdict));
        console.json(CompatReport.members(verdict));
        return verdict.isPermitted() ? 0 : ExitCode.INVALID.number();
    }

    private Comparand load(String written, @Nullable SemVer asked) throws Fault, IOException {
        Path path = Path.of(written);
        if (Files.exists(lair.path(path)) || !written.contains(":")) {
            return Comparand.local(
                    lair.environment().workingDirectory(),
                    path,
                    features.features(),
                    asked == null ? null : version(asked));
        }
        PackageReference reference;
        try {
            reference = PackageReference.parse(written);
        } catch (IllegalArgumentException e) {
            throw ExitCode.USAGE.fault("`" + written + "` is neither a file nor a release: " + e.getMessage(), e);
        }
        PackageName name = reference.name();
        try (VerifiedReleases releases = reading.open(lair)) {
            Release release = reference.resolve(releases.logs(Set.of(name)).require(name));
            return Comparand.released(
                    name + "@" + release.version(),
                    releases.content(name, release),
                    version(asked == null ? release.version() : asked));
        }
    }

    private static @Nullable SemanticVersion version(SemVer version) {
        return SemanticVersion.tryParse(version.toString()).orElse(null);
    }
}
