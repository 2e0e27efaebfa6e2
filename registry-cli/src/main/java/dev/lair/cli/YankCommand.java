package dev.lair.cli;

import dev.lair.cli.author.Publication;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.SemVer;
import dev.lair.registry.VersionRange;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.PrivateKey;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair yank}: withdraws a release, for ever. */
@Command(
        name = "yank",
        description = {
            "Withdraw a release from resolution.",
            "Its content stays and can be pulled by exact version. A yank can not be undone."
        })
@SuppressWarnings("NullAway.Init")
final class YankCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(index = "0", paramLabel = "NS:NAME@VERSION", description = "The release, by exact version.")
    private PackageReference reference;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private AuthorOptions author;

    @Override
    public Integer call() throws Fault, IOException {
        if (!(reference.range() instanceof VersionRange.Exactly exactly)) {
            throw ExitCode.USAGE.fault("`" + reference + "` is refused: a yank names one exact version, like "
                    + reference.name() + "@1.2.3");
        }
        SemVer version = exactly.version();
        confirm(version);
        PrivateKey signer = author.signer(lair);
        try (RegistryClient client = lair.client()) {
            Publication.Published published = author.publication(lair, client, signer)
                    .publish(reference.name(), new PackageEntry.Yank(version), null);
            AuthorOptions.print(lair, "yanked     " + reference.name() + " " + version, published);
            lair.console().json(members(version, published));
        }
        return 0;
    }

    private void confirm(SemVer version) throws Fault, IOException {
        if (yes) {
            return;
        }
        if (!lair.environment().terminal()) {
            throw ExitCode.USAGE.fault(
                    "nobody is there to confirm that " + reference.name() + " " + version + " is yanked; add --yes");
        }
        lair.console().ask("Yank " + reference.name() + " " + version + " for ever? It can not be undone. [y/N]");
        String answer = lair.environment().readLine().strip().toLowerCase(Locale.ROOT);
        if (!answer.equals("y") && !answer.equals("yes")) {
            throw ExitCode.USAGE.fault("not confirmed; nothing was sent");
        }
    }

    private Map<String, Object> members(SemVer version, Publication.Published published) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", reference.name().toString());
        members.put("version", version.toString());
        members.put("yanked", true);
        members.putAll(AuthorOptions.members(published));
        return members;
    }
}
