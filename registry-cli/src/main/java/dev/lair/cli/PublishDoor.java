package dev.lair.cli;

import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.author.ContentFile;
import dev.lair.cli.author.Door;
import dev.lair.cli.author.Publication;
import dev.lair.cli.author.TokenPublication;
import dev.lair.cli.author.TrustedToken;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * By what `lair publish` publishes: one thing for all of a run. An own key that is asked for, else a CI job's identity, a
 * token, a login, else the own key.
 */
@SuppressWarnings("NullAway.Init")
final class PublishDoor {

    @Option(
            names = "--own-key",
            description = "Sign with your own key (--key, or default) although a token or login is at hand.")
    private boolean ownKey;

    @Option(
            names = "--readme",
            paramLabel = "FILE",
            description = "A README in Markdown, shown with the release. Needs a token or login.")
    private @Nullable Path readme;

    @Mixin
    private AuthorOptions author;

    /** A door that is open; closing it ends what was opened for it. */
    record Opened(Door door, Runnable ending) implements AutoCloseable {
        @Override
        public void close() {
            ending.run();
        }
    }

    /**
     * Opens the one door of this run.
     *
     * @param packages what will be published, with these contents
     */
    Opened open(Lair lair, RegistryClient client, Supplier<Set<PackageName>> packages, Supplier<Set<Digest>> contents)
            throws Fault {
        boolean keyIsAsked = ownKey || author.keyIsNamed();
        Optional<String> identity =
                keyIsAsked ? Optional.empty() : lair.tokens().identity();
        if (identity.isPresent()) {
            ContentFile markdown = readme(lair);
            lair.console().note("publishing by the identity of this job ($" + TokensAtHand.IDENTITY_VARIABLE + ")");
            TrustedToken token =
                    TrustedToken.exchange(client, identity.get(), packages.get(), contents.get(), lair.console());
            return new Opened(byToken(lair, client, token.api(), markdown), token::close);
        }
        Optional<TokensAtHand.AtHand> atHand =
                keyIsAsked ? Optional.empty() : lair.tokens().find(client.registry());
        if (atHand.isPresent()) {
            ContentFile markdown = readme(lair);
            lair.console().note("publishing by " + atHand.get().source() + "; --own-key signs with your own key");
            ApiClient api = new ApiClient(client, Optional.of(atHand.get().credential()));
            return new Opened(byToken(lair, client, api, markdown), () -> {});
        }
        if (readme != null) {
            throw ExitCode.USAGE.fault("--readme goes with a token or a login, and this is published with your own key;"
                    + " run `lair login`, or leave it out");
        }
        lair.console().note("publishing with your own key `" + author.keyName() + "`");
        PrivateKey signer = author.signer(lair);
        Publication publication = author.publication(lair, client, signer);
        return new Opened(
                (name, version, content) ->
                        publication.publish(name, new PackageEntry.Release(version, content.digest()), content),
                () -> {});
    }

    /** Read before anything is asked of the registry: an identity is taken once. */
    private @Nullable ContentFile readme(Lair lair) throws Fault {
        return readme == null ? null : ContentFile.read(lair.path(readme), lair.console());
    }

    boolean hasReadme() {
        return readme != null;
    }

    private Door byToken(Lair lair, RegistryClient client, ApiClient api, @Nullable ContentFile markdown) throws Fault {
        return new TokenPublication(
                client,
                api,
                lair.trust(client),
                lair.environment().random(),
                lair.environment().pace(),
                author.timeout(),
                lair.console(),
                markdown);
    }
}
