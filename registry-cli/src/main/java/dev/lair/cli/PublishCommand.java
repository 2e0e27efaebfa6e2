package dev.lair.cli;

import dev.lair.cli.author.ContentFile;
import dev.lair.cli.author.Door;
import dev.lair.cli.author.Publication;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.cli.wit.WitBuild;
import dev.lair.cli.wit.Workspace;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Resolved;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair publish}: a file, or WIT texts, become a release. */
@Command(
        name = "publish",
        description = {
            "Publish a binary, or WIT texts, as a release of a package.",
            "The first release of a package also starts its log, which the key that signs then owns. A release never"
                    + " changes."
                    + " Of WIT texts (a folder, or a .wit file) the package binary is built here and published; name"
                    + " and version are those of the text. Several packages see each other, and each is published"
                    + " after those that it depends on; what is released as the same bytes already stays.",
            "By what: the identity of a CI job ($$LAIR_ID_TOKEN), else a token ($$LAIR_TOKEN), else the login that `lair"
                    + " login` keeps; then the registry signs with a key that it holds for the package. Without any of"
                    + " them, or with --own-key or --key, your own key signs. One of them decides, and is named."
        })
@SuppressWarnings("NullAway.Init")
final class PublishCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "The WebAssembly binary to publish, or WIT texts as `lair wit build` takes them: one package"
                    + " or several, which may depend on each other.")
    private List<Path> files;

    @Option(names = "--package", paramLabel = "NS:NAME", description = "The package. WIT texts say it themselves.")
    private @Nullable PackageName name;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "The version of the release, like 1.2.3. WIT texts say it themselves.")
    private @Nullable SemVer version;

    @Mixin
    private WitFeatures features;

    @Mixin
    private PublishDoor doors;

    @Override
    public Integer call() throws Fault, IOException {
        List<Path> binaries = files.stream().filter(file -> !isText(file)).toList();
        if (binaries.isEmpty()) {
            return publishTexts();
        }
        Path file = binaries.getFirst();
        if (files.size() > 1) {
            throw ExitCode.USAGE.fault("`" + file + "` is a binary, and those are published one at a time; several"
                    + " arguments are folders or .wit files of one package each");
        }
        if (name == null || version == null) {
            throw ExitCode.USAGE.fault("a binary is published with --package and --version; "
                    + (name == null ? "--package" : "--version") + " is missing");
        }
        if (features.areNamed()) {
            throw ExitCode.USAGE.fault("--features and --all-features are for WIT texts; `" + file + "` is a binary");
        }
        PackageName wanted = name;
        ContentFile content = ContentFile.read(lair.path(file), lair.console());
        try (RegistryClient client = lair.client();
                PublishDoor.Opened opened =
                        doors.open(lair, client, () -> Set.of(wanted), () -> Set.of(content.digest()))) {
            lair.console().json(publish(opened.door(), wanted, version, content));
        }
        return 0;
    }

    private boolean isText(Path file) {
        return Files.isDirectory(lair.path(file)) || file.toString().endsWith(".wit");
    }

    /** Everything is built before the first package is sent: a text that is refused leaves nothing published. */
    private Integer publishTexts() throws Fault, IOException {
        if (files.size() > 1 && (name != null || version != null)) {
            throw ExitCode.USAGE.fault("--package and --version are for one package; " + files.size()
                    + " were named, and their texts say it themselves");
        }
        List<Built> built = new ArrayList<>();
        for (Workspace.Member member :
                Workspace.resolve(lair.environment().workingDirectory(), features.features(), files)) {
            Resolved resolved = member.resolved();
            PackageName wanted = nameOf(resolved);
            SemVer release = versionOf(resolved);
            built.add(new Built(wanted, release, WitBuild.encode(resolved, Lair.Version.ofBuild(), lair.console())));
        }
        if (built.size() > 1 && doors.hasReadme()) {
            throw ExitCode.USAGE.fault("--readme is of one package, and " + built.size() + " are published");
        }
        List<Map<String, Object>> published = new ArrayList<>();
        try (RegistryClient client = lair.client();
                PublishDoor.Opened opened = doors.open(lair, client, () -> names(built), () -> digests(built))) {
            Set<Built> released = built.size() == 1 ? Set.of() : released(client, built);
            for (Built each : built) {
                published.add(released.contains(each) ? unchanged(each) : publish(opened.door(), each, published));
            }
        }
        lair.console().json(published.size() == 1 ? published.getFirst() : Map.of("published", published));
        return 0;
    }

    private static Set<PackageName> names(List<Built> built) {
        return built.stream().map(Built::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<Digest> digests(List<Built> built) {
        return built.stream()
                .map(each -> Digest.of(each.binary()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A package on its way; equality is identity of the binary. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Built(PackageName name, SemVer version, byte[] binary) {}

    /** What is released as these bytes already: several packages may be published again after a failure in the middle. */
    private Set<Built> released(RegistryClient client, List<Built> built) throws Fault {
        VerifiedView view = lair.trust(client).verify(names(built));
        return built.stream()
                .filter(each -> view.find(each.name())
                        .flatMap(log -> log.state().release(each.version()))
                        .filter(release -> release.content().equals(Digest.of(each.binary())))
                        .isPresent())
                .collect(Collectors.toSet());
    }

    private Map<String, Object> unchanged(Built built) {
        lair.console().result("unchanged  " + built.name() + " " + built.version() + " is released as these bytes");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", built.name().toString());
        members.put("version", built.version().toString());
        members.put("digest", Digest.of(built.binary()).toString());
        members.put("unchanged", true);
        return members;
    }

    private Map<String, Object> publish(Door door, Built built, List<Map<String, Object>> before)
            throws Fault, IOException {
        Path file = Files.createTempFile("lair-", ".wasm");
        try {
            Files.write(file, built.binary());
            return publish(door, built.name(), built.version(), ContentFile.read(file, lair.console()));
        } catch (Fault fault) {
            String released = before.stream()
                    .map(members -> members.get("package") + " " + members.get("version"))
                    .collect(Collectors.joining(", "));
            throw before.isEmpty() || fault.hint().isPresent()
                    ? fault
                    : fault.withHint("released before this: " + released + "; run the same again when it is made good");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private PackageName nameOf(Resolved resolved) throws Fault {
        String said = resolved.main().name().namespace() + ":"
                + resolved.main().name().name();
        PackageName parsed;
        try {
            parsed = PackageName.parse(said);
        } catch (IllegalArgumentException e) {
            throw ExitCode.INVALID.fault("package `" + said + "` cannot be published: " + e.getMessage(), e);
        }
        if (name != null && !name.equals(parsed)) {
            throw ExitCode.USAGE.fault("--package is `" + name + "`, but the text says `package " + said
                    + "`; they have to agree: leave the option out, or change the text");
        }
        return parsed;
    }

    private SemVer versionOf(Resolved resolved) throws Fault {
        SemanticVersion said = resolved.main().name().version();
        if (said == null) {
            throw ExitCode.INVALID.fault("the text says no version, which a release needs: write `package "
                    + resolved.main().name() + "@" + (version == null ? "1.0.0" : version) + ";`");
        }
        SemVer parsed;
        try {
            parsed = SemVer.parse(said.toString());
        } catch (IllegalArgumentException e) {
            throw ExitCode.INVALID.fault("version `" + said + "` cannot be published: " + e.getMessage(), e);
        }
        if (version != null && !version.toString().equals(parsed.toString())) {
            throw ExitCode.USAGE.fault("--version is `" + version + "`, but the text says `package "
                    + resolved.main().name() + "`; they have to agree: leave the option out, or change the text");
        }
        return parsed;
    }

    private Map<String, Object> publish(Door door, PackageName wanted, SemVer release, ContentFile content)
            throws Fault {
        Publication.Published published = door.publish(wanted, release, content);
        AuthorOptions.print(
                lair,
                "published  " + wanted + " " + release
                        + (published.initialized() ? " (first record of a new package log)" : ""),
                published);
        return members(wanted, release, content, published);
    }

    private static Map<String, Object> members(
            PackageName wanted, SemVer release, ContentFile content, Publication.Published published) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", wanted.toString());
        members.put("version", release.toString());
        members.put("digest", content.digest().toString());
        members.put("sizeBytes", content.sizeBytes());
        members.put("initialized", published.initialized());
        members.putAll(AuthorOptions.members(published));
        return members;
    }
}
