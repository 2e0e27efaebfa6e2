package dev.lair.cli;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Budget;
import dev.lair.cli.trust.AttestationCheck.Checked;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.registry.VersionRange;
import dev.lair.registry.log.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair pull}: the content of a release, after everything about it was verified. */
@Command(
        name = "pull",
        description = {
            "Download the content of a release and verify it.",
            "RANGE is " + VersionRange.SYNTAX
                    + "; without one the highest release that is not yanked is taken. The file"
                    + " appears only when log, map, consistency and digest are all proven."
        })
@SuppressWarnings("NullAway.Init")
final class PullCommand implements Callable<Integer> {

    private static final String STANDARD_OUTPUT = "-";

    @ParentCommand
    private Lair lair;

    @Parameters(index = "0", paramLabel = "NS:NAME[@RANGE]", description = "The package, and which version of it.")
    private PackageReference reference;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to put it: a file, a folder, or - for standard output. Default: NAME-VERSION.wasm")
    private @Nullable Path output;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description = "Refuse content that is larger. Default: 256MiB")
    private ByteSize maxSize;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long all of it may take. Default: 600")
    private int timeoutSeconds;

    @Option(
            names = "--verify",
            description =
                    "Ask too who published it: check what the registry attested, and that its evidence log has it.")
    private boolean verify;

    @Mixin
    private AttestationReport attested;

    @Mixin
    private PolicyOption policy;

    @Override
    public Integer call() throws Fault, IOException {
        boolean toStandardOutput = output != null && output.toString().equals(STANDARD_OUTPUT);
        if (toStandardOutput && lair.console().isJson()) {
            throw ExitCode.USAGE.fault("`-o -` and --json both want standard output; choose one");
        }
        try (RegistryClient client = lair.client(Budget.of(Lair.seconds(timeoutSeconds)))) {
            Optional<NoteDemand> demand = policy.demand(lair, client.registry());
            VerifiedView view = lair.trust(client, demand).verify(Set.of(reference.name()));
            VerifiedLog log = view.require(reference.name());
            Release release = reference.resolve(log);
            if (release.yanked()) {
                lair.console()
                        .warn("`" + reference.name() + "` " + release.version()
                                + " is yanked: its owner withdrew it; look for a newer release");
            }
            Optional<List<Checked>> attestations = verify || attested.isRequired()
                    ? Optional.of(attested.check(lair, client, demand, log, release))
                    : Optional.empty();
            if (toStandardOutput) {
                attestations.ifPresent(found -> AttestationReport.tell(found, lair.console()::note));
                pullToStandardOutput(client, release);
            } else {
                pullToFile(client, view, release, attestations);
            }
        }
        return 0;
    }

    private void pullToStandardOutput(RegistryClient client, Release release) throws Fault, IOException {
        Path folder = Files.createTempDirectory("lair");
        folder.toFile().deleteOnExit();
        try (Download download = download(release, folder, "content")) {
            download.fetch(client);
            download.copyTo(lair.console().content());
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private void pullToFile(
            RegistryClient client, VerifiedView view, Release release, Optional<List<Checked>> attestations)
            throws Fault, IOException {
        Path target = target(release);
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw ExitCode.LOCAL.fault("`" + folder + "` is no folder; make it, or name another file with -o");
        }
        try (Download download = download(release, folder, String.valueOf(target.getFileName()))) {
            download.fetch(client);
            download.moveTo(target);
            print(view, release, target, download.sizeBytes(), attestations);
        }
    }

    private Download download(Release release, Path folder, String name) {
        return new Download(
                release.content(), maxSize, folder, name, lair.environment().random(), lair.console());
    }

    private Path target(Release release) {
        String name = reference.name().name() + "-" + release.version() + ".wasm";
        Path written = lair.path(output == null ? Path.of("") : output);
        return Files.isDirectory(written.toAbsolutePath()) ? written.resolve(name) : written;
    }

    private void print(
            VerifiedView view, Release release, Path target, long sizeBytes, Optional<List<Checked>> attestations) {
        Console console = lair.console();
        console.result("pulled     " + reference.name() + " " + release.version() + " into " + target);
        console.result("digest     " + release.content() + " (" + Counted.of(sizeBytes, "byte") + ")");
        console.result("checkpoint " + Counted.of(view.size(), "record") + ", verified");
        attestations.ifPresent(found -> AttestationReport.tell(found, console::result));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", reference.name().toString());
        members.put("version", release.version().toString());
        members.put("digest", release.content().toString());
        members.put("sizeBytes", sizeBytes);
        members.put("file", target.toString());
        members.put("yanked", release.yanked());
        members.put("recordId", release.releasedIn().toString());
        members.put("checkpointSize", view.size());
        members.put("registry", view.registry());
        attestations.ifPresent(found -> members.put("attestations", AttestationReport.members(found)));
        console.json(members);
    }
}
