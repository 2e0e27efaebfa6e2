package dev.lair.cli;

import dev.lair.cli.author.ContentFile;
import dev.lair.cli.author.Publication;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Fault;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.PrivateKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair publish}: a file becomes a release. */
@Command(
        name = "publish",
        description = {
            "Publish FILE as a release of a package.",
            "The first release of a package also starts its log, which your key then owns. A release never changes."
        })
@SuppressWarnings("NullAway.Init")
final class PublishCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(index = "0", paramLabel = "FILE", description = "The WebAssembly binary to publish.")
    private Path file;

    @Option(names = "--package", required = true, paramLabel = "NS:NAME", description = "The package.")
    private PackageName name;

    @Option(
            names = "--version",
            required = true,
            paramLabel = "VERSION",
            description = "The version of the release, like 1.2.3.")
    private SemVer version;

    @Mixin
    private AuthorOptions author;

    @Override
    public Integer call() throws Fault {
        PrivateKey signer = author.signer(lair);
        ContentFile content = ContentFile.read(lair.path(file), lair.console());
        try (RegistryClient client = lair.client()) {
            Publication.Published published = author.publication(lair, client, signer)
                    .publish(name, new PackageEntry.Release(version, content.digest()), content);
            AuthorOptions.print(
                    lair,
                    "published  " + name + " " + version
                            + (published.initialized() ? " (first record of a new package log)" : ""),
                    published);
            lair.console().json(members(content, published));
        }
        return 0;
    }

    private Map<String, Object> members(ContentFile content, Publication.Published published) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", name.toString());
        members.put("version", version.toString());
        members.put("digest", content.digest().toString());
        members.put("sizeBytes", content.sizeBytes());
        members.put("initialized", published.initialized());
        members.putAll(AuthorOptions.members(published));
        return members;
    }
}
