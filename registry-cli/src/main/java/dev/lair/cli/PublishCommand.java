package dev.lair.cli;

import dev.lair.cli.author.ContentFile;
import dev.lair.cli.author.Publication;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitBuild;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Resolved;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
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
            "The first release of a package also starts its log, which your key then owns. A release never changes."
                    + " Of WIT texts (a folder, or a .wit file) the package binary is built here and published; name"
                    + " and version are those of the text."
        })
@SuppressWarnings("NullAway.Init")
final class PublishCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(
            index = "0",
            paramLabel = "FILE|DIR",
            description = "The WebAssembly binary to publish, or WIT texts as `lair wit build` takes them.")
    private Path file;

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
    private AuthorOptions author;

    @Override
    public Integer call() throws Fault, IOException {
        if (Files.isDirectory(lair.path(file)) || file.toString().endsWith(".wit")) {
            return publishTexts();
        }
        if (name == null || version == null) {
            throw ExitCode.USAGE.fault("a binary is published with --package and --version; "
                    + (name == null ? "--package" : "--version") + " is missing");
        }
        if (features.areNamed()) {
            throw ExitCode.USAGE.fault("--features and --all-features are for WIT texts; `" + file + "` is a binary");
        }
        return publish(name, version, ContentFile.read(lair.path(file), lair.console()));
    }

    private Integer publishTexts() throws Fault, IOException {
        Resolved resolved = new WitFiles(lair.environment().workingDirectory(), features.features()).resolve(file);
        PackageName wanted = nameOf(resolved);
        SemVer release = versionOf(resolved);
        byte[] binary = WitBuild.encode(resolved, Lair.Version.ofBuild(), lair.console());
        Path built = Files.createTempFile("lair-", ".wasm");
        try {
            Files.write(built, binary);
            return publish(wanted, release, ContentFile.read(built, lair.console()));
        } finally {
            Files.deleteIfExists(built);
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

    private Integer publish(PackageName wanted, SemVer release, ContentFile content) throws Fault {
        PrivateKey signer = author.signer(lair);
        try (RegistryClient client = lair.client()) {
            Publication.Published published = author.publication(lair, client, signer)
                    .publish(wanted, new PackageEntry.Release(release, content.digest()), content);
            AuthorOptions.print(
                    lair,
                    "published  " + wanted + " " + release
                            + (published.initialized() ? " (first record of a new package log)" : ""),
                    published);
            lair.console().json(members(wanted, release, content, published));
        }
        return 0;
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
